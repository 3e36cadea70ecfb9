//! Positions in the write-ahead log. That a standby waits until it has got so far is tested on the cluster.

use kardan_schema::ops;
use kardan_testdb::Database;

#[tokio::test]
async fn a_commit_lies_before_the_position_that_is_told_after_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.as_role("kardan_api").await?;
    let before = ops::log_position(&*session).await?.log_position;
    // As everywhere but in tests: a commit that is answered is written.
    let root = db.superuser().await?;
    root.batch_execute("set synchronous_commit = on").await?;
    root.batch_execute("create table public.written as select generate_series(1, 1000) as n")
        .await?;
    let after = ops::log_position(&*session).await?.log_position;
    assert!(after > before, "{before} {after}");
    Ok(())
}
