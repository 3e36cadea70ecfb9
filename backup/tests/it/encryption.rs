//! Encrypted backups: only with the key, and the wrong one is told before anything is touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kardan_backup::{Error, Key, Kind, Repository, Verdict};

use crate::support::Shop;

/// Writes a new key.
fn generate(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let made = Command::new("age-keygen")
        .arg("-o")
        .arg(&path)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    path
}

#[tokio::test]
async fn an_encrypted_backup_comes_back_with_its_key_and_not_with_another() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (own, other) = (
        generate(shop.folder.path(), "own"),
        generate(shop.folder.path(), "other"),
    );
    let key = || Key::from_file(&own).map(Some);
    let entry = shop.take_with(key()?, Kind::Physical, true).await?;
    assert!(
        entry
            .files
            .iter()
            .all(|file| file.name.ends_with(".zst.age"))
    );
    let stored = fs::read(
        Repository::open(&shop.repository(), key()?)?
            .folder(&entry.id)
            .join("rows.json.zst.age"),
    )?;
    assert!(stored.starts_with(b"age-encryption.org/"));
    for wrong in [None, Some(Key::from_file(&other)?)] {
        assert!(matches!(
            shop.take_with(wrong.clone(), Kind::Physical, true).await,
            Err(Error::Key(_))
        ));
        assert!(matches!(
            shop.drill(wrong, "latest").await,
            Err(Error::Key(_))
        ));
    }
    let report = shop.drill(key()?, "latest").await?;
    assert_eq!(report.verdict, Verdict::Good, "{:?}", report.checks);
    Ok(())
}

#[tokio::test]
async fn a_new_key_in_front_of_the_old_one_opens_old_and_new_backups() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (old, new) = (
        generate(shop.folder.path(), "old"),
        generate(shop.folder.path(), "new"),
    );
    let first = shop
        .take_with(Some(Key::from_file(&old)?), Kind::Physical, true)
        .await?;
    let both = shop.folder.path().join("both");
    fs::write(
        &both,
        fs::read_to_string(&new)? + &fs::read_to_string(&old)?,
    )?;
    let both = || Key::from_file(&both).map(Some);
    let second = loop {
        match shop.take_with(both()?, Kind::Physical, true).await {
            Err(Error::Unfit(why)) if why.contains(&first.id) => {}
            taken => break taken?,
        }
    };
    for id in [&first.id, &second.id] {
        let report = shop.drill(both()?, id).await?;
        assert_eq!(report.verdict, Verdict::Good, "{:?}", report.checks);
    }
    // What both keys can open is not lost with the old one.
    let file = Repository::open(&shop.repository(), both()?)?
        .folder(&second.id)
        .join("schema.sql.zst.age");
    let opened = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(&new)
        .arg(&file)
        .output()?;
    assert!(opened.status.success(), "{opened:?}");
    Ok(())
}

#[test]
fn a_file_without_a_key_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "secret").unwrap();
    let refused = Key::from_file(&empty).unwrap_err().to_string();
    assert!(refused.contains("age-keygen"), "{refused}");
    let absent = Key::from_file(&folder.path().join("absent")).unwrap_err();
    assert!(absent.to_string().contains("absent"), "{absent}");
}
