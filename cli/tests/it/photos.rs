//! `kardan photos sweep`.

use std::path::Path;
use std::time::{Duration, SystemTime};

use kardan_schema::market::{self, ListingPhotoAdd};
use kardan_schema::{Role, Status};
use kardan_testdb::{Database, ListingFixture};

use crate::process::{kardan, run};

/// A file of a photo, two days old.
fn file(folder: &Path, digit: char) -> (String, std::path::PathBuf) {
    let digits: String = std::iter::repeat_n(digit, 64).collect();
    let shard: String = digits.chars().take(2).collect();
    let key = format!("photos/{shard}/{digits}");
    let path = folder.join(format!("{key}-320.webp"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "picture").unwrap();
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(SystemTime::now() - Duration::from_secs(48 * 3600))
        .unwrap();
    (key, path)
}

#[tokio::test]
async fn a_sweep_deletes_what_no_listing_shows_when_somebody_agrees() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    let (shown, kept) = file(folder.path(), 'a');
    let (_, orphan) = file(folder.path(), 'b');
    let owner = db.person(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let photo = ListingPhotoAdd {
        actor: owner,
        listing: db.listing(owner, &fixture).await?,
        version: None,
        storage_key: shown,
        content_type: "image/webp".to_owned(),
        width: 320,
        height: 240,
        size_bytes: 7,
        perceptual_hash: None,
    };
    market::listing_photo_add(&*db.as_role("kardan_api").await?, &photo).await?;

    let url = db.url_as("kardan_maintenance");
    let sweep = |more: &[&str]| {
        let mut command = kardan();
        command.args(["photos", "sweep", "--database-url", &url, "--photos"]);
        run(command.arg(folder.path()).args(more))
    };
    let (code, _, err) = sweep(&[]);
    assert_eq!(code, 5, "{err}");
    assert!(err.contains("--yes") && err.contains("--dry-run"), "{err}");
    let (code, out, _) = sweep(&["--dry-run"]);
    assert!(code == 0 && out.contains("1 of them"), "{out}");
    assert!(orphan.exists());
    let (code, _, _) = sweep(&["--dry-run", "--yes"]);
    assert_eq!(code, 2);

    let (code, out, err) = sweep(&["--yes", "--json"]);
    assert_eq!(code, 0, "{err}");
    let said: serde_json::Value = serde_json::from_str(&out)?;
    let number = |field: &str| said.get(field).and_then(serde_json::Value::as_u64);
    assert_eq!(
        (
            number("seen"),
            number("orphans"),
            number("orphan_bytes"),
            number("deleted")
        ),
        (Some(2), Some(1), Some(7), Some(1)),
        "{said}"
    );
    assert!(kept.exists() && !orphan.exists());
    Ok(())
}

#[test]
fn a_place_that_is_none_is_said_before_the_database_is_asked() {
    let (code, _, err) = run(kardan().args([
        "photos",
        "sweep",
        "--yes",
        "--photos",
        "ftp://x",
        "--database-url",
        "postgres://nobody@127.0.0.1:1/x",
    ]));
    assert_eq!(code, 1);
    assert!(err.contains("s3://bucket/prefix"), "{err}");
}
