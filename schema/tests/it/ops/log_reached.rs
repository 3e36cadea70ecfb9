//! On a primary everything that was committed can be seen.

use kardan_schema::ops;
use kardan_testdb::Database;

#[tokio::test]
async fn a_primary_has_always_got_far_enough() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.as_role("kardan_api").await?;
    assert!(ops::log_reached(&*session, i64::MAX).await?.is_reached);
    Ok(())
}
