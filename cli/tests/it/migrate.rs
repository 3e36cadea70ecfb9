//! `kardan migrate` and `kardan doctor`.

use kardan_testdb::Database;

use crate::process::{kardan, run};

#[tokio::test]
async fn a_plan_is_carried_out_once_and_then_there_is_nothing_to_do() -> anyhow::Result<()> {
    let db = Database::empty().await?;
    let url = db.url_as("postgres");
    let migrate = |args: &[&str]| {
        run(kardan()
            .arg("migrate")
            .args(args)
            .args(["--database-url", &url]))
    };
    let (code, out, _) = migrate(&["plan", "--check"]);
    assert_eq!(code, 4, "{out}");
    assert!(out.contains("V1__ops") && out.contains("program"), "{out}");

    let (code, out, err) = migrate(&["up"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("pg_cron is absent"), "{out}");
    let (code, out, _) = migrate(&["plan", "--check"]);
    assert_eq!((code, out.trim()), (0, "nothing to do"));

    let (code, out, _) = migrate(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&out)?;
    assert_eq!(code, 0);
    assert_eq!(status.get("program"), status.get("binary"));
    Ok(())
}

#[tokio::test]
async fn an_edited_migration_is_named_and_nothing_is_touched() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session
        .execute(
            "update ops_data.schema_history as h set checksum = '1' where h.version = 2",
            &[],
        )
        .await?;
    let (code, _, err) =
        run(kardan().args(["migrate", "up", "--database-url", &db.url_as("postgres")]));
    assert_eq!(code, 1);
    assert!(
        err.contains("V2__people") && err.contains("never edited"),
        "{err}"
    );
    Ok(())
}

#[test]
fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    let url = "postgres://somebody:hunter2@127.0.0.1:1/kardan";
    for args in [&["doctor"][..], &["migrate", "up"], &["migrate", "status"]] {
        let (code, _, err) = run(kardan().args(args).args(["--database-url", url]));
        assert_eq!(code, 3, "{err}");
        assert!(
            err.contains("127.0.0.1:1/kardan") && err.contains("is PostgreSQL running"),
            "{err}"
        );
        assert!(!err.contains("hunter2"), "{err}");
    }
}

#[test]
fn without_a_database_every_way_to_name_one_is_told() {
    let (code, _, err) = run(kardan().arg("doctor"));
    assert_eq!(code, 1);
    assert!(
        err.contains("--database-url") && err.contains("DATABASE_URL"),
        "{err}"
    );
}

#[tokio::test]
async fn the_url_may_come_from_a_file() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("url");
    std::fs::write(&file, format!("{}\n", db.url_as("postgres")))?;
    let (code, out, err) = run(kardan()
        .args(["doctor", "--json", "--database-url-file"])
        .arg(&file));
    assert_eq!(code, 0, "{out}{err}");
    let findings: Vec<serde_json::Value> = serde_json::from_str(&out)?;
    assert!(findings.len() > 8, "{out}");
    Ok(())
}

#[tokio::test]
async fn the_doctor_names_the_next_step_and_ends_with_4() -> anyhow::Result<()> {
    let db = Database::create().await?;
    db.superuser()
        .await?
        .batch_execute("grant select on people_data.users to kardan_api")
        .await?;
    let (code, out, _) = run(kardan().args(["doctor", "--database-url", &db.url_as("postgres")]));
    assert_eq!(code, 4, "{out}");
    assert!(
        out.contains("FAILURE") && out.contains("everything goes through functions"),
        "{out}"
    );
    Ok(())
}
