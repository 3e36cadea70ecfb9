//! Running a job.

use kardan_schema::{Reason, ops};
use kardan_testdb::Database;

use crate::support::reason;

async fn runs(db: &Database) -> anyhow::Result<Vec<(String, Option<String>)>> {
    let rows = db
        .superuser()
        .await?
        .query(
            "select r.job_name, r.error from ops_data.job_runs as r order by r.id",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn a_job_runs_and_the_run_is_recorded() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_maintenance", "kardan_admin"] {
        let session = db.as_role(role).await?;
        let run = ops::job_run(&*session, "idempotency_purge").await?;
        assert_eq!(
            (run.name.as_str(), run.outcome.as_str(), run.error),
            ("idempotency_purge", "done", None)
        );
    }
    let done = ("idempotency_purge".to_owned(), None);
    assert_eq!(runs(&db).await?, [done.clone(), done]);
    Ok(())
}

#[tokio::test]
async fn a_failure_is_recorded_and_what_the_job_began_is_undone() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session
        .batch_execute(
            "create function ops.break_off() returns void language plpgsql as $$
             begin
                 delete from ops_data.settings;
                 raise exception using errcode = 'ZCONF', message = 'broke off';
             end $$;
             alter function ops.break_off() owner to kardan_owner;
             update ops_data.jobs set command = 'ops.break_off' where name = 'job_runs_purge'",
        )
        .await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let run = ops::job_run(&*maintenance, "job_runs_purge").await?;
    let error = Some("ZCONF: broke off".to_owned());
    assert_eq!((run.outcome.as_str(), &run.error), ("failed", &error));
    assert_eq!(runs(&db).await?, [("job_runs_purge".to_owned(), error)]);
    let settings = session
        .query_one("select count(*) from ops_data.settings", &[])
        .await?;
    assert!(settings.get::<_, i64>(0) > 0);
    Ok(())
}

#[tokio::test]
async fn a_job_that_runs_in_another_session_is_left_alone() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut first = db.as_role("kardan_maintenance").await?;
    let second = db.as_role("kardan_maintenance").await?;
    let tx = first.transaction().await?;
    let run = ops::job_run(&tx, "job_runs_purge").await?;
    assert_eq!(run.outcome, "done");
    let run = ops::job_run(&*second, "job_runs_purge").await?;
    assert_eq!((run.outcome.as_str(), run.error), ("running", None));
    // Another job does not wait for it.
    let other = ops::job_run(&*second, "idempotency_purge").await?;
    assert_eq!(other.outcome, "done");
    tx.commit().await?;
    let run = ops::job_run(&*second, "job_runs_purge").await?;
    assert_eq!(run.outcome, "done");
    assert_eq!(runs(&db).await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn an_unknown_job_is_not_run() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    assert_eq!(
        reason(ops::job_run(&*maintenance, "ops.setting_list").await),
        Reason::JobUnknown
    );
    assert_eq!(runs(&db).await?, []);
    Ok(())
}

#[tokio::test]
async fn every_declared_job_runs_through() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let mut failures = Vec::new();
    for job in ops::job_list(&*maintenance).await? {
        let run = ops::job_run(&*maintenance, &job.name).await?;
        if run.outcome != "done" {
            failures.push(run);
        }
    }
    assert_eq!(failures, []);
    Ok(())
}
