//! A drill that cannot fail is worth nothing: each thing that goes wrong in the world is done here, and must be found.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use kardan_backup::{Progress, Repository, Verdict, verify};

use crate::support::{Shop, check};

/// Turns one bit round in the middle of a file.
fn flip(path: &Path, at: u64) {
    let mut file = File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

/// Changes a stored file and its hash, as if it had been written like that.
fn rewrite(folder: &Path, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let path = folder.join(name);
    let raw = zstd::decode_all(File::open(&path).unwrap()).unwrap();
    let changed = change(raw);
    fs::write(&path, zstd::encode_all(changed.as_slice(), 1).unwrap()).unwrap();
    let said = Command::new("sha256sum")
        .arg(&path)
        .output()
        .unwrap()
        .stdout;
    let sha256 = String::from_utf8(said).unwrap()[..64].to_owned();
    let about = folder.join("backup.json");
    let mut entry: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&about).unwrap()).unwrap();
    let files = entry["files"].as_array_mut().unwrap();
    let file = files.iter_mut().find(|file| file["name"] == name).unwrap();
    file["bytes"] = fs::metadata(&path).unwrap().len().into();
    file["sha256"] = sha256.into();
    fs::write(&about, entry.to_string()).unwrap();
}

/// Where something is in a stream of bytes.
fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
        .unwrap()
}

#[tokio::test]
async fn a_flipped_bit_in_a_stored_file_is_found_without_restoring() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    let repository = Repository::open(&shop.repository(), None)?;
    let progress = Arc::new(Progress::default());
    assert!(verify(&repository, &entry, &progress).await?.is_empty());
    let base = repository.folder(&entry.id).join("base.tar.zst");
    flip(&base, fs::metadata(&base)?.len() / 2);
    fs::remove_file(repository.folder(&entry.id).join("wal.tar.zst"))?;
    let broken = verify(&repository, &entry, &progress).await?;
    let told: Vec<_> = broken.iter().map(|broken| broken.file.as_str()).collect();
    assert_eq!(told, ["base.tar.zst", "wal.tar.zst"]);
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    assert!(!check(&report, "stored").is_good);
    Ok(())
}

#[tokio::test]
async fn a_data_file_that_was_changed_before_it_was_stored_is_found_by_the_manifest()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    rewrite(
        &shop.repository().join("backups").join(&entry.id),
        "base.tar.zst",
        |mut bytes| {
            let at = find(&bytes, b"part 12345");
            bytes[at + 5] = b'9';
            bytes
        },
    );
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    assert!(check(&report, "stored").is_good);
    let restore = check(&report, "restore");
    assert!(restore.found.contains("checksum mismatch"), "{restore:?}");
    Ok(())
}

#[tokio::test]
async fn a_copy_that_ends_early_is_found() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    rewrite(
        &shop.repository().join("backups").join(&entry.id),
        "base.tar.zst",
        |bytes| bytes[..bytes.len() / 2].to_vec(),
    );
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    assert!(!check(&report, "restore").is_good, "{:?}", report.checks);
    Ok(())
}

#[tokio::test]
async fn a_flipped_byte_in_the_wal_and_wal_that_is_missing_are_found() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    let folder = shop.repository().join("backups").join(&entry.id);
    let kept = fs::read(folder.join("wal.tar.zst"))?;
    let about = fs::read(folder.join("backup.json"))?;
    let target = format!("kardan backup {}", entry.id);
    rewrite(&folder, "wal.tar.zst", |mut bytes| {
        // In the record of the restore point itself.
        let at = find(&bytes, target.as_bytes());
        bytes[at] ^= 1;
        bytes
    });
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    let recovery = check(&report, "recovery");
    assert!(recovery.found.contains("recovery target"), "{recovery:?}");

    fs::write(folder.join("wal.tar.zst"), kept)?;
    fs::write(folder.join("backup.json"), about)?;
    assert_eq!(shop.drill(None, "latest").await?.verdict, Verdict::Good);
    rewrite(&folder, "wal.tar.zst", |_| vec![0; 1024]);
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    assert!(!check(&report, "recovery").is_good, "{:?}", report.checks);
    Ok(())
}

#[tokio::test]
async fn a_page_that_was_broken_before_the_backup_fails_it_at_once() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let path: String = shop
        .client
        .query_one("select pg_relation_filepath('parts')", &[])
        .await?
        .get(0);
    shop.client.batch_execute("checkpoint").await?;
    flip(
        &shop.server.data_dir().join("pg").join(path),
        8192 * 5 + 4000,
    );
    let refused = shop.take().await.unwrap_err().to_string();
    assert!(refused.contains("checksum"), "{refused}");
    let listed = Repository::open(&shop.repository(), None)?.list()?;
    assert!(listed.is_empty(), "half a backup is none");
    Ok(())
}

#[tokio::test]
async fn an_index_that_lies_is_found_though_every_checksum_is_right() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    // The catalogue is told that an index is of another column: each page is as the server wrote it.
    shop.client
        .batch_execute(
            "create function upside(text) returns text language sql immutable as 'select $1';
             create index parts_upside_idx on parts (upside(name));
             create or replace function upside(text) returns text language sql immutable as 'select reverse($1)'",
        )
        .await?;
    shop.take().await?;
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    let indexes = check(&report, "indexes");
    assert!(indexes.found.contains("parts_upside_idx"), "{indexes:?}");
    assert!(check(&report, "rows").is_good, "{:?}", report.checks);
    Ok(())
}

#[tokio::test]
async fn rows_that_were_counted_and_do_not_come_back_are_told_with_their_place()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    rewrite(
        &shop.repository().join("backups").join(&entry.id),
        "rows.json.zst",
        |bytes| {
            let mut rows: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            rows["public.parts"]["pieces"][0]["rows"] = 20_001.into();
            serde_json::to_vec(&rows).unwrap()
        },
    );
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Bad);
    let rows = check(&report, "rows");
    assert_eq!(
        rows.found,
        "public.parts from block 0 on: 20001 rows were backed up, 20000 came back"
    );
    Ok(())
}
