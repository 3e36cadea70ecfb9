//! Keeping the partitions.

use kardan_schema::ops::{self, PartitionSet};
use kardan_testdb::{Database, Session};

async fn audit(session: &Session) -> anyhow::Result<PartitionSet> {
    let sets = ops::partition_list(&**session).await?;
    Ok(sets
        .into_iter()
        .find(|set| set.table_name == "ops_data.audit")
        .unwrap())
}

#[tokio::test]
async fn partitions_that_are_missing_ahead_are_made_and_another_run_makes_no_more()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    ops::partitions_maintain(&*maintenance).await?;
    let full = audit(&maintenance).await?;
    // The last two go, as if nobody had kept them for two months.
    let rows = session
        .query(
            "select i.inhrelid::regclass::text
             from pg_inherits as i
             join pg_class as c on c.oid = i.inhrelid
             cross join lateral pg_get_expr(c.relpartbound, c.oid) as b (bound)
             where i.inhparent = 'ops_data.audit'::regclass and b.bound <> 'DEFAULT'
             order by b.bound desc
             limit 2",
            &[],
        )
        .await?;
    for row in &rows {
        let child: String = row.get(0);
        session
            .batch_execute(&format!("drop table {child}"))
            .await?;
    }
    let short = audit(&maintenance).await?;
    assert_eq!(short.partition_count, full.partition_count - 2);
    assert!(short.covered_until < full.covered_until);
    for _ in 0..3 {
        ops::partitions_maintain(&*maintenance).await?;
        assert_eq!(audit(&maintenance).await?, full);
    }
    Ok(())
}

#[tokio::test]
async fn a_partition_past_its_retention_is_dropped() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    ops::partitions_maintain(&*maintenance).await?;
    let full = audit(&maintenance).await?;
    session
        .execute(
            "update partman.part_config as c set retention = '1 month'
             where c.parent_table = 'ops_data.audit'",
            &[],
        )
        .await?;
    ops::partitions_maintain(&*maintenance).await?;
    let kept = audit(&maintenance).await?;
    assert!(kept.partition_count < full.partition_count, "{kept:?}");
    assert_eq!(kept.future_count, full.future_count);
    Ok(())
}
