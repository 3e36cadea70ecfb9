//! `kardan person`.

use kardan_schema::{Role, Status};
use kardan_testdb::{Database, ListingFixture};

use crate::process::{kardan, run};

#[tokio::test]
async fn an_operator_writes_what_is_stored_about_a_person_into_a_new_file() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    let person = db.person(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    db.listing(person, &fixture).await?;
    let url = db.url_as("kardan_admin");
    let to = folder.path().join("person.zip");
    let export = |user: &str, more: &[&str]| {
        let mut command = kardan();
        command.args(["person", "export", "--database-url", &url, "--user", user]);
        command.arg("--to").arg(&to);
        command.arg("--photos").arg(folder.path().join("photos"));
        run(command.args(more))
    };
    let (code, _, err) = export("999999", &[]);
    assert_eq!(code, 1);
    assert!(err.contains("no such person"), "{err}");
    assert!(!to.exists(), "half a file is left");

    let (code, out, err) = export(&person.to_string(), &["--json"]);
    assert_eq!(code, 0, "{err}");
    let said: serde_json::Value = serde_json::from_str(&out)?;
    let number = |field: &str| said.get(field).and_then(serde_json::Value::as_u64);
    assert_eq!(number("bytes"), Some(std::fs::metadata(&to)?.len()));
    assert!(number("items").is_some_and(|items| items > 2), "{said}");
    let written = std::fs::read(&to)?;
    assert!(written.starts_with(b"PK"));

    let (code, _, err) = export(&person.to_string(), &[]);
    assert_eq!(code, 1);
    assert!(err.contains("--to"), "{err}");
    assert_eq!(
        std::fs::read(&to)?,
        written,
        "a file that is there is left alone"
    );
    let audited: i64 = db
        .superuser()
        .await?
        .query_one(
            "select count(*) from ops_data.audit as a where a.action = 'user.export' and a.actor_id is null",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(audited, 1);
    Ok(())
}

#[tokio::test]
async fn an_operator_looks_first_and_then_erases_a_person() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (person, moderator) = (
        db.person(Role::User).await?,
        db.person(Role::Moderator).await?,
    );
    let url = db.url_as("kardan_admin");
    let erase = |user: i64, more: &[&str]| {
        let mut command = kardan();
        command.args(["person", "erase", "--database-url", &url, "--user"]);
        run(command.arg(user.to_string()).args(more))
    };
    let (code, out, err) = erase(person.0, &["--dry-run"]);
    assert_eq!((code, out.contains("nothing was done")), (0, true), "{err}");
    let (code, _, err) = erase(person.0, &[]);
    assert_eq!((code, err.contains("--yes")), (5, true), "{err}");
    let (code, out, _) = erase(moderator.0, &["--yes"]);
    assert_eq!((code, out.contains("erasure_staff")), (4, true), "{out}");
    let (code, out, err) = erase(person.0, &["--yes", "--json"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&out)?["erased"],
        true
    );
    let names: i64 = db
        .superuser()
        .await?
        .query_one(
            "select count(*) from people_data.users where erased_at is not null",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(names, 1);
    Ok(())
}
