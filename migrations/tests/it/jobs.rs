//! The SQL jobs: declared once, the same in the database, run by the role that may do nothing else.

use std::collections::BTreeMap;

use kardan_migrations::{Cron, up};
use kardan_schema::jobs::{DECLARED, DECLARED_TEXT, Job};
use kardan_testdb::{Database, Session};

use crate::support::{value, values};

async fn run(session: &Session, name: &str) -> (String, Option<String>) {
    let row = session
        .query_one(
            "select r.outcome, r.error from ops.job_run(p_name => $1) as r",
            &[&name],
        )
        .await
        .unwrap();
    (row.get(0), row.get(1))
}

#[test]
fn the_manual_names_every_job() {
    let manual = include_str!("../../../docs/src/partitions-and-jobs.md");
    let unnamed: Vec<&String> = DECLARED
        .keys()
        .filter(|name| !manual.contains(&format!("| `{name}` |")))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[tokio::test]
async fn the_database_has_exactly_the_declared_jobs() {
    let declared: BTreeMap<String, Job> = toml::from_str(DECLARED_TEXT).unwrap();
    assert!(!declared.is_empty());
    assert_eq!(
        *DECLARED, declared,
        "a list that cannot be read would silently be empty"
    );
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let line = |name: &str, job: &Job| {
        format!(
            "{name}|{}|{}|{}",
            job.schedule, job.command, job.description
        )
    };
    let expected: Vec<String> = declared.iter().map(|(name, job)| line(name, job)).collect();
    let sql = "select concat_ws('|', j.name, j.schedule, j.command, j.description) from ops_data.jobs as j order by j.name collate \"C\"";
    assert_eq!(values(&session, sql).await, expected);

    session
        .batch_execute(
            "insert into ops_data.jobs (name, schedule, command, description) values ('of_yesterday', '* * * * *', 'ops.x', 'x');
             update ops_data.jobs as j set schedule = '0 0 1 1 *' where j.name = 'partitions_maintain';
             delete from ops_data.jobs as j where j.name = 'job_runs_purge';
             delete from ops_data.contract_applied",
        )
        .await
        .unwrap();
    let done = up(&mut session, "r").await.unwrap();
    assert_eq!(
        values(&session, sql).await,
        expected,
        "the load makes them equal again"
    );
    assert_eq!(done.cron, Cron::Process, "this server has no pg_cron");
}

#[tokio::test]
async fn every_job_runs_as_the_maintenance_role() {
    let database = Database::create().await.unwrap();
    let session = database.as_role("kardan_maintenance").await.unwrap();
    for (name, job) in DECLARED.iter() {
        let found: Option<bool> = value(
            &session,
            &format!(
                "select has_function_privilege(to_regprocedure('{}()'), 'execute')",
                job.command
            ),
        )
        .await;
        assert_eq!(
            found,
            Some(true),
            "{name} calls {}, which kardan_maintenance may not",
            job.command
        );
        assert_eq!(
            run(&session, name).await,
            ("done".to_owned(), None),
            "{name}"
        );
    }
    let superuser = database.superuser().await.unwrap();
    let runs: i64 = value(
        &superuser,
        "select count(*) from ops_data.job_runs as r where r.error is null",
    )
    .await;
    assert_eq!(runs, DECLARED.len() as i64);
}

#[tokio::test]
async fn an_unknown_job_is_refused_by_its_reason() {
    let database = Database::create().await.unwrap();
    let session = database.as_role("kardan_maintenance").await.unwrap();
    let error = session
        .query(
            "select r.outcome from ops.job_run(p_name => 'nothing') as r",
            &[],
        )
        .await
        .unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(
        (error.code().code(), error.constraint()),
        ("ZNFND", Some("job_unknown"))
    );
}

#[tokio::test]
async fn a_failure_is_told_and_recorded_and_undone() {
    let database = Database::create().await.unwrap();
    let superuser = database.superuser().await.unwrap();
    superuser
        .batch_execute(
            "create or replace function ops.job_runs_purge() returns void language plpgsql as $$
             begin
                 delete from ops_data.settings as s where true;
                 perform 1 / 0;
             end $$",
        )
        .await
        .unwrap();
    let session = database.as_role("kardan_maintenance").await.unwrap();
    let failed = (
        "failed".to_owned(),
        Some("22012: division by zero".to_owned()),
    );
    assert_eq!(run(&session, "job_runs_purge").await, failed);
    assert_eq!(
        run(&session, "idempotency_purge").await.0,
        "done",
        "other jobs go on"
    );
    let errors = values(
        &superuser,
        "select r.error from ops_data.job_runs as r where r.error is not null",
    )
    .await;
    assert_eq!(errors, ["22012: division by zero"]);
    assert!(
        value::<i64>(&superuser, "select count(*) from ops_data.settings").await > 0,
        "what it did is undone"
    );
}

#[tokio::test]
async fn two_runners_do_not_run_the_same_job_at_once() {
    let database = Database::create().await.unwrap();
    let mut first = database.as_role("kardan_maintenance").await.unwrap();
    let second = database.as_role("kardan_maintenance").await.unwrap();
    let running = first.transaction().await.unwrap();
    running
        .query(
            "select r.outcome from ops.job_run(p_name => 'idempotency_purge') as r",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(run(&second, "idempotency_purge").await.0, "running");
    assert_eq!(
        run(&second, "job_runs_purge").await.0,
        "done",
        "another job is free"
    );
    running.commit().await.unwrap();
    assert_eq!(run(&second, "idempotency_purge").await.0, "done");
}
