//! The history of statements. What is recorded from a running pg_stat_statements is in `migrations/tests/it/cluster.rs`.

use kardan_schema::ops;
use kardan_testdb::{Database, Session};

#[tokio::test]
async fn without_the_extension_the_job_does_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.as_role("kardan_maintenance").await?;
    ops::query_history_record(&*session).await?;
    let rows: i64 = db
        .superuser()
        .await?
        .query_one("select count(*) from ops_data.query_history", &[])
        .await?
        .get(0);
    assert_eq!(rows, 0);
    Ok(())
}

/// An hour of a statement's history: `hours` ago, with so many calls of `mean` milliseconds.
async fn past(
    session: &Session,
    hours: &str,
    queryid: i64,
    calls: i64,
    mean: f64,
) -> anyhow::Result<()> {
    session
        .execute(
            &format!(
                "insert into ops_data.query_history (at, queryid, calls, total_ms, row_count, blocks_read)
                 values (date_trunc('hour', ops.clock_now(), 'UTC') - interval '{hours}', $1, $2::bigint, $2::bigint * $3::float8, 0, 0)"
            ),
            &[&queryid, &calls, &mean],
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn what_became_slower_than_a_week_ago_is_told_the_dearest_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let (now, then) = ("1 hour", "7 days 1 hour");
    for (queryid, before, after) in [
        (1, (100, 10.0), (100, 20.0)),
        // Less of a change, and far more calls.
        (2, (9_000, 1.0), (9_000, 1.5)),
        (3, (100, 10.0), (100, 9.0)),
        (4, (100, 10.0), (19, 90.0)),
        (5, (19, 10.0), (100, 90.0)),
    ] {
        past(&session, then, queryid, before.0, before.1).await?;
        past(&session, now, queryid, after.0, after.1).await?;
    }
    // Slow now, and nobody knows how it was.
    past(&session, now, 6, 100, 1_000.0).await?;
    // The hour that runs is not over: it says nothing yet.
    past(&session, "0 hours", 3, 100, 1_000.0).await?;
    let monitor = db.as_role("kardan_monitor").await?;
    let told = ops::query_regression_list(&*monitor, 20).await?;
    let ids: Vec<_> = told.iter().map(|r| r.queryid).collect();
    assert_eq!(ids, [2, 1]);
    let first = &told[0];
    assert!((first.ratio - 1.5).abs() < 1e-9, "{first:?}");
    assert!((first.mean_seconds - 0.001_5).abs() < 1e-9, "{first:?}");
    assert_eq!(ops::query_regression_list(&*monitor, 1).await?.len(), 1);
    Ok(())
}
