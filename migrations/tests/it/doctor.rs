//! Each finding of doctor turned bad by a real fault, with its next step. Faults of roles, which a whole server shares, and
//! of pg_cron are in `cluster.rs`; those of partitions in `partitions.rs`.

use kardan_migrations::{Finding, Level, doctor, migrate_only, up};
use kardan_testdb::{Database, Session, server};

async fn finding(session: &mut Session, check: &str) -> Finding {
    let findings = doctor(session).await.unwrap();
    let text = format!("{findings:?}");
    findings
        .into_iter()
        .find(|f| f.check == check)
        .unwrap_or_else(|| panic!("no {check} in {text}"))
}

fn assert_bad(finding: &Finding, level: Level, found: &str, next: &str) {
    assert_eq!(finding.level, level, "{finding:?}");
    assert!(finding.found.contains(found), "{finding:?}");
    assert!(finding.next.contains(next), "{finding:?}");
}

#[tokio::test]
async fn a_sound_database_has_nothing_but_pg_cron_to_want() {
    let database = Database::create().await.unwrap();
    for role in ["postgres", "kardan_migrator"] {
        let mut session = database.as_role(role).await.unwrap();
        for finding in doctor(&mut session).await.unwrap() {
            let expected = if finding.check == "extension pg_cron" {
                Level::Warning
            } else {
                Level::Ok
            };
            assert_eq!(finding.level, expected, "{role}: {finding:?}");
            assert_eq!(
                finding.next.is_empty(),
                expected == Level::Ok,
                "{finding:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_empty_database_is_told_to_migrate() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    assert_bad(
        &finding(&mut session, "migrations").await,
        Level::Failure,
        "pending: V1__ops",
        "kardan migrate up",
    );
    assert_bad(
        &finding(&mut session, "extension pg_partman").await,
        Level::Failure,
        "not created here",
        "kardan migrate up",
    );
    up(&mut session, "r").await.unwrap();
    assert_eq!(finding(&mut session, "migrations").await.level, Level::Ok);
    assert_eq!(
        finding(&mut session, "extension pg_partman").await.level,
        Level::Ok
    );
}

#[tokio::test]
async fn a_locale_without_cyrillic_letters_is_a_failure() {
    Database::create().await.unwrap();
    let name = format!("t_locale_{}", std::process::id());
    let admin = Session::open(&server().url("postgres", "postgres"))
        .await
        .unwrap();
    admin
        .batch_execute(&format!(
            "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
        ))
        .await
        .unwrap();
    let mut session = Session::open(&server().url("postgres", &name))
        .await
        .unwrap();
    let found = finding(&mut session, "locale").await;
    drop(session);
    admin
        .batch_execute(&format!("drop database {name} with (force)"))
        .await
        .unwrap();
    assert_bad(
        &found,
        Level::Failure,
        "Cyrillic letters are not letters",
        "template template0 encoding UTF8",
    );
}

#[tokio::test]
async fn a_program_that_was_never_loaded_or_is_another_is_seen() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    migrate_only(&mut session).await.unwrap();
    assert_bad(
        &finding(&mut session, "program").await,
        Level::Failure,
        "never loaded",
        "kardan migrate up",
    );
    up(&mut session, "r").await.unwrap();
    assert_eq!(finding(&mut session, "program").await.level, Level::Ok);
    session
        .batch_execute("update ops_data.contract_applied as c set hash = 'other'")
        .await
        .unwrap();
    assert_bad(
        &finding(&mut session, "program").await,
        Level::Warning,
        "another version",
        "kardan migrate up",
    );
    session
        .batch_execute("delete from ops_data.contract_applied")
        .await
        .unwrap();
    assert_bad(
        &finding(&mut session, "program").await,
        Level::Failure,
        "never loaded",
        "kardan migrate up",
    );
}

#[tokio::test]
async fn a_grant_on_a_table_a_column_or_a_schema_is_a_failure() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    for (right, thing) in [
        ("select on people_data.users", "people_data.users"),
        (
            "select (display_name) on people_data.users",
            "people_data.users",
        ),
        ("usage on schema market_data", "schema market_data"),
        (
            "usage on sequence people_data.users_id_seq",
            "people_data.users_id_seq",
        ),
    ] {
        session
            .batch_execute(&format!("grant {right} to kardan_api"))
            .await
            .unwrap();
        assert_bad(
            &finding(&mut session, "grants").await,
            Level::Failure,
            thing,
            "revoke",
        );
        session
            .batch_execute(&format!("revoke {right} from kardan_api"))
            .await
            .unwrap();
        assert_eq!(
            finding(&mut session, "grants").await.level,
            Level::Ok,
            "{right}"
        );
    }
}

#[tokio::test]
async fn a_function_granted_or_dropped_by_hand_is_a_failure_that_a_load_heals() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    for fault in [
        "grant execute on function ops.audit_write(bigint, text, text, text, jsonb) to kardan_api",
        "revoke execute on function ops.contract_get() from kardan_api",
        "drop function ops.setting_list(bigint)",
    ] {
        session.batch_execute(fault).await.unwrap();
        let found = finding(&mut session, "grants").await;
        assert_bad(
            &found,
            Level::Failure,
            "changed by hand",
            "delete from ops_data.contract_applied; then kardan migrate up",
        );
        session
            .batch_execute("delete from ops_data.contract_applied")
            .await
            .unwrap();
        up(&mut session, "r").await.unwrap();
        assert_eq!(
            finding(&mut session, "grants").await.level,
            Level::Ok,
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_lost_index_an_edited_file_and_a_newer_database_are_seen() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute("drop index market_data.listings_attributes_idx")
        .await
        .unwrap();
    let found = finding(&mut session, "migrations").await;
    assert_bad(
        &found,
        Level::Failure,
        "pending: 0001_listings_attributes_idx",
        "kardan migrate up",
    );
    up(&mut session, "r").await.unwrap();
    session
        .batch_execute("update ops_data.schema_history as h set checksum = '1' where h.version = 2")
        .await
        .unwrap();
    let found = finding(&mut session, "migrations").await;
    assert_bad(
        &found,
        Level::Failure,
        "V2__people was applied",
        "ops_data.schema_history",
    );
    session
        .batch_execute(
            "insert into ops_data.schema_history (version, name, applied_on, checksum)
             values (9999, 'of_tomorrow', '2100-01-01T00:00:00Z', '1')",
        )
        .await
        .unwrap();
    // The edited file is still there; only what the newer binary knows is not this one's business.
    session
        .batch_execute("delete from ops_data.schema_history as h where h.version = 2")
        .await
        .unwrap();
    let found = finding(&mut session, "migrations").await;
    assert_bad(
        &found,
        Level::Warning,
        "ahead of this binary",
        "newer binary",
    );
}

#[tokio::test]
async fn a_job_that_failed_last_is_told_with_its_error() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "insert into ops_data.job_runs (job_name, started_at, error)
             values ('idempotency_purge', now() - interval '1 hour', '22012: division by zero')",
        )
        .await
        .unwrap();
    let found = finding(&mut session, "job").await;
    assert_bad(
        &found,
        Level::Warning,
        "idempotency_purge failed: 22012",
        "select ops.job_run('idempotency_purge')",
    );
    session.query(&found.next, &[]).await.unwrap();
    assert_eq!(
        finding(&mut session, "jobs").await.level,
        Level::Ok,
        "a good run heals it"
    );
}
