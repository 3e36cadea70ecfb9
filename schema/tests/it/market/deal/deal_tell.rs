//! Who hears of which step.

use kardan_schema::market;
use kardan_schema::{DealState, UserId};

use super::{deal_in, expire, to_shop, told};
use crate::market::reservation::Stall;

#[tokio::test]
async fn each_step_is_told_to_the_other_side_once_however_often_it_is_repeated()
-> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    for _ in 0..2 {
        market::deal_complete(&*stall.api, stall.buyer, deal).await?;
    }
    let other = deal_in(&stall, 1, DealState::Confirmed).await?;
    market::deal_cancel(
        &*stall.api,
        stall.seller,
        other,
        "Sold elsewhere".to_owned(),
    )
    .await?;
    let expected = [
        ("deal.requested", stall.seller),
        ("deal.confirmed", stall.buyer),
        ("deal.handed_over", stall.buyer),
        ("deal.completed", stall.seller),
        ("deal.requested", stall.seller),
        ("deal.confirmed", stall.buyer),
        ("deal.cancelled", stall.buyer),
    ];
    let expected: Vec<_> = expected.map(|(kind, user)| (kind.to_owned(), user)).into();
    assert_eq!(told(&stall.db).await?, expected);
    let row = stall
        .db
        .superuser()
        .await?
        .query_one(
            "select o.data ->> 'reason', (o.data ->> 'deal_id')::uuid, (o.data ->> 'user_id')::bigint,
                 o.event_at = d.changed_at
             from notify_data.outbox as o
             join market_data.deals as d on d.id = (o.data ->> 'deal_id')::uuid
             where o.kind = 'deal.cancelled'",
            &[],
        )
        .await?;
    let said: (String, uuid::Uuid, UserId, bool) = (row.get(0), row.get(1), row.get(2), row.get(3));
    assert_eq!(
        said,
        ("Sold elsewhere".to_owned(), other, stall.seller, true)
    );
    Ok(())
}

#[tokio::test]
async fn what_time_did_is_told_to_both_and_every_member_of_a_shop_hears_of_a_request()
-> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let (shop, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Requested).await?;
    expire(&stall.db, deal).await?;
    let mut heard: Vec<_> = told(&stall.db).await?;
    heard.sort_by(|a, b| (&b.0, a.1.0).cmp(&(&a.0, b.1.0)));
    let mut people =
        [stall.seller, member, stall.buyer].map(|user| ("deal.expired".to_owned(), user));
    people.sort_by_key(|one| one.1.0);
    let mut sellers = [stall.seller, member].map(|user| ("deal.requested".to_owned(), user));
    sellers.sort_by_key(|one| one.1.0);
    assert_eq!(heard, [sellers.to_vec(), people.to_vec()].concat());

    let rows = stall
        .db
        .superuser()
        .await?
        .query(
            "select e.type, e.user_id, e.shop_id from notify_data.events as e
             where e.type like 'deal.%' order by e.id",
            &[],
        )
        .await?;
    let events: Vec<(String, Option<UserId>, Option<kardan_schema::ShopId>)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let both = |kind: &str| {
        [
            (kind.to_owned(), Some(stall.buyer), None),
            (kind.to_owned(), None, Some(shop)),
        ]
    };
    assert_eq!(
        events,
        [both("deal.requested"), both("deal.expired")].concat()
    );
    Ok(())
}

#[tokio::test]
async fn a_failed_step_tells_nothing_and_a_muted_topic_is_not_told() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    stall
        .db
        .superuser()
        .await?
        .execute(
            "insert into notify_data.mutes (user_id, topic, created_at) values ($1, 'deals', ops.clock_now())",
            &[&stall.seller],
        )
        .await?;
    let deal = deal_in(&stall, 1, DealState::Requested).await?;
    let refused = market::deal_confirm(&*stall.api, stall.buyer, deal).await;
    assert!(refused.is_err());
    assert_eq!(told(&stall.db).await?, []);
    Ok(())
}
