//! The log of events.

use super::Office;

#[tokio::test]
async fn each_person_and_the_shop_get_a_row_of_their_own() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .run(
            r#"select notify.announce('deal.opened', array[3, 5, 3, null], 8,
                   '2026-11-20T10:00:00Z', '{"deal_id": 1}')"#,
        )
        .await?;
    office
        .run("select notify.announce('deal.closed', null, null, ops.clock_now(), null)")
        .await?;
    let rows = office
        .owner
        .query(
            "select e.user_id, e.shop_id, e.data ->> 'deal_id', e.event_at = '2026-11-20T10:00:00Z'::timestamptz
             from notify_data.events as e order by e.user_id",
            &[],
        )
        .await?;
    type Heard = (Option<i64>, Option<i64>, String, bool);
    let heard: Vec<Heard> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect();
    let one = || "1".to_owned();
    assert_eq!(
        heard,
        [
            (Some(3), None, one(), true),
            (Some(5), None, one(), true),
            (None, Some(8), one(), true)
        ]
    );
    Ok(())
}

/// A listener that has seen the later number may not pass over the earlier one, which is committed last.
#[tokio::test]
async fn an_event_that_becomes_visible_late_lies_behind_the_horizon_until_then()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let say = |what: &str| {
        format!("select notify.announce('{what}', array[3], null, ops.clock_now(), null)")
    };
    let mut slow = office.db.superuser().await?;
    let tx = slow.transaction().await?;
    tx.batch_execute(&say("thing.early")).await?;
    office.run(&say("thing.late")).await?;
    let visible = "select count(*) from notify_data.events as e
                   where e.user_id = 3 and e.written_by < pg_snapshot_xmin(pg_current_snapshot())";
    assert_eq!(office.count(visible).await?, 0);
    tx.commit().await?;
    // Transactions of other databases of the server hold the horizon back as well.
    office.until(visible, 2).await?;
    let first: String = office
        .owner
        .query_one(
            "select e.type from notify_data.events as e where e.user_id = 3 order by e.written_by, e.id limit 1",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(first, "thing.early");
    Ok(())
}
