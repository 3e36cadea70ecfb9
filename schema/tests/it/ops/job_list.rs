//! The declared jobs.

use kardan_schema::{jobs, ops};
use kardan_testdb::Database;

#[tokio::test]
async fn every_declared_job_is_listed_and_has_not_run_at_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_maintenance", "kardan_admin", "kardan_monitor"] {
        let session = db.as_role(role).await?;
        let listed = ops::job_list(&*session).await?;
        let names: Vec<_> = listed.iter().map(|job| &job.name).collect();
        assert_eq!(names, jobs::DECLARED.keys().collect::<Vec<_>>(), "{role}");
        assert!(!listed.is_empty());
        for job in listed {
            assert_eq!((job.last_started_at, job.last_error), (None, None));
            assert_eq!(job.schedule.split(' ').count(), 5, "{}", job.name);
            assert!(!job.description.is_empty());
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_last_run_is_told_with_its_failure() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let mut last = Vec::new();
    for command in ["ops.no_such", "ops.idempotency_purge"] {
        session
            .execute(
                "update ops_data.jobs set command = $1 where name = 'idempotency_purge'",
                &[&command],
            )
            .await?;
        ops::job_run(&*maintenance, "idempotency_purge").await?;
        let listed = ops::job_list(&*maintenance).await?;
        last.extend(
            listed
                .into_iter()
                .find(|job| job.name == "idempotency_purge"),
        );
    }
    let error = last[0].last_error.as_deref().unwrap();
    assert!(error.starts_with("42883: "), "{error}");
    assert_eq!(last[1].last_error, None);
    assert!(last[1].last_started_at > last[0].last_started_at);
    Ok(())
}
