//! The store on a real folder: files come and go, addresses are understood or named in the refusal.

use std::path::Path;

use kardan_photos::{Config, Error, Name, Store, WIDTHS};

use crate::pictures::{jpeg, scene, taken};

fn config(url: &str) -> Config {
    Config {
        url: url.to_owned(),
        ..Config::folder(Path::new(""))
    }
}

#[tokio::test]
async fn a_photo_is_kept_as_its_three_files_and_given_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(&folder.path().join("deep/er")))?;
    let photo = taken(&jpeg(&scene(800, 600, 1)));
    assert!(!store.has_whole(&photo).await?);
    assert!(!store.put(&photo).await?);
    assert!(store.has_whole(&photo).await?);
    for file in &photo.files {
        let name = Name::of_path(&photo.key.file(file.width)).unwrap();
        assert_eq!(store.get(&name).await?, Some(file.content.clone()));
    }
    assert!(store.put(&photo).await?);

    let one = folder
        .path()
        .join("deep/er")
        .join(photo.key.file(WIDTHS[0]));
    std::fs::remove_file(&one)?;
    assert!(!store.has_whole(&photo).await?);
    let name = Name::of_path(&photo.key.file(WIDTHS[0])).unwrap();
    assert_eq!(store.get(&name).await?, None);
    assert!(!store.put(&photo).await?);
    assert!(store.has_whole(&photo).await?);
    Ok(())
}

#[tokio::test]
async fn a_folder_may_be_named_as_an_address() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&config(&format!("file://{}", folder.path().display())))?;
    store.put(&taken(&jpeg(&scene(80, 60, 1)))).await?;
    assert!(folder.path().join("photos").is_dir());
    Ok(())
}

#[tokio::test]
async fn a_place_that_cannot_be_is_named_with_what_would_do() -> anyhow::Result<()> {
    for url in [
        "",
        "ftp://somewhere/x",
        "s3://",
        "s3:///prefix",
        "file://here",
    ] {
        let error = Store::open(&config(url)).unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{url}: {error}");
        assert!(error.to_string().contains("s3://bucket/prefix"));
    }
    let file = tempfile::NamedTempFile::new()?;
    let error = Store::open(&Config::folder(file.path())).unwrap_err();
    assert!(matches!(error, Error::Folder { .. }), "{error}");
    let lost = Config {
        secret_file: Some("no/such/file".into()),
        ..config("s3://bucket")
    };
    let error = Store::open(&lost).unwrap_err();
    assert!(matches!(error, Error::SecretFile { .. }), "{error}");
    Ok(())
}
