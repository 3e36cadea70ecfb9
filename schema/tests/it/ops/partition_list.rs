//! The partitioned tables as they stand.

use chrono::{TimeDelta, Utc};
use kardan_schema::ops;
use kardan_testdb::Database;

#[tokio::test]
async fn every_partitioned_table_is_listed_and_covered_ahead() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let partitioned: Vec<String> = db
        .superuser()
        .await?
        .query(
            "select format('%s.%s', n.nspname, c.relname)
             from pg_catalog.pg_partitioned_table as p
             join pg_catalog.pg_class as c on c.oid = p.partrelid
             join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
             order by format('%s.%s', n.nspname, c.relname) collate \"C\"",
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    for role in ["kardan_monitor", "kardan_admin", "kardan_maintenance"] {
        let session = db.as_role(role).await?;
        let sets = ops::partition_list(&*session).await?;
        let names: Vec<_> = sets.iter().map(|set| set.table_name.as_str()).collect();
        assert_eq!(names, partitioned, "{role}");
        for set in sets {
            assert!(set.future_count >= 3, "{set:?}");
            assert!(set.partition_count > set.future_count, "{set:?}");
            assert!(
                set.covered_until.unwrap() > Utc::now() + TimeDelta::days(3),
                "{set:?}"
            );
            assert!(!set.default_has_rows, "{set:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn rows_that_no_partition_takes_are_told() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let monitor = db.as_role("kardan_monitor").await?;
    db.superuser()
        .await?
        .execute(
            "insert into ops_data.audit (at, action, object_type, object_id)
             values (ops.clock_now() + interval '10 years', 'thing.move', 'thing', '1')",
            &[],
        )
        .await?;
    let told: Vec<_> = ops::partition_list(&*monitor)
        .await?
        .into_iter()
        .filter(|set| set.default_has_rows)
        .map(|set| set.table_name)
        .collect();
    assert_eq!(told, ["ops_data.audit"]);
    Ok(())
}

#[tokio::test]
async fn partitions_run_out_as_time_goes_by() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let monitor = db.as_role("kardan_monitor").await?;
    let before = ops::partition_list(&*monitor).await?;
    db.shift_clock("1 year").await?;
    let after = ops::partition_list(&*monitor).await?;
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(after.future_count, 0, "{after:?}");
        assert_eq!(after.partition_count, before.partition_count);
        assert_eq!(after.covered_until, before.covered_until);
    }
    Ok(())
}
