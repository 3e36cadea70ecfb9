//! Forgetting old runs.

use kardan_schema::ops;
use kardan_testdb::Database;

#[tokio::test]
async fn runs_are_forgotten_after_a_week_and_not_before() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    ops::job_run(&*maintenance, "idempotency_purge").await?;
    for (shift, left) in [("6 days 23 hours", 1_i64), ("7 days", 0), ("8 days", 0)] {
        db.shift_clock(shift).await?;
        ops::job_runs_purge(&*maintenance).await?;
        let row = session
            .query_one("select count(*) from ops_data.job_runs", &[])
            .await?;
        assert_eq!(row.get::<_, i64>(0), left, "{shift}");
    }
    Ok(())
}
