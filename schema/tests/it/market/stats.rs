//! The marketplace in numbers: the queue, searches without an answer, listings by status.

use chrono::TimeDelta;
use kardan_schema::{Role, Status, market};
use kardan_testdb::{Database, ListingFixture};

use super::promotion::Street;

#[tokio::test]
async fn the_queue_tells_who_waits_who_is_looked_at_and_how_long_decisions_take()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let owner = db.person(Role::User).await?;
    let pending = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    for _ in 0..4 {
        db.listing(owner, &pending).await?;
    }
    let session = db.superuser().await?;
    // The oldest is an hour old, one is claimed, one whose claim ran out waits again, one was decided after 10 minutes.
    session
        .batch_execute(
            "with i as (select id, row_number() over (order by id) as n from market_data.moderation_items)
             update market_data.moderation_items as m
             set submitted_at = ops.clock_now() - case i.n when 1 then interval '1 hour' else interval '10 minutes' end,
                 claimed_by = case when i.n in (2, 3) then m.submitted_by end,
                 claimed_until = case i.n when 2 then ops.clock_now() + interval '5 minutes'
                     when 3 then ops.clock_now() - interval '5 minutes' end,
                 closed_at = case when i.n = 4 then ops.clock_now() end,
                 decision = case when i.n = 4 then 'approved' end,
                 decided_by = case when i.n = 4 then m.submitted_by end
             from i where i.id = m.id",
        )
        .await?;
    let monitor = db.as_role("kardan_monitor").await?;
    let told = market::moderation_queue_stats(&*monitor).await?;
    assert_eq!(
        told.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>(),
        ["car", "part", "service"]
    );
    let part = &told[1];
    assert_eq!(
        (part.waiting_count, part.claimed_count, part.decided_count),
        (2, 1, 1),
        "{part:?}"
    );
    assert!(
        (3_600.0..3_700.0).contains(&part.oldest_seconds),
        "{part:?}"
    );
    assert!(
        (600.0..700.0).contains(&part.decided_mean_seconds.unwrap()),
        "{part:?}"
    );
    let car = &told[0];
    assert_eq!(
        (
            car.waiting_count,
            car.oldest_seconds,
            car.decided_mean_seconds
        ),
        (0, 0.0, None)
    );
    Ok(())
}

#[tokio::test]
async fn searches_without_an_answer_are_counted_for_an_hour() -> anyhow::Result<()> {
    let db = Database::create().await?;
    db.superuser()
        .await?
        .batch_execute(
            "insert into market_data.search_misses (at, query, filters)
             select ops.clock_now() - make_interval(mins => m), q, '{}'
             from (values (1, 'a'), (2, 'a'), (3, 'b'), (61, 'c')) as v (m, q)",
        )
        .await?;
    let told = market::search_miss_stats(&*db.as_role("kardan_monitor").await?).await?;
    assert_eq!((told.miss_count, told.query_count), (3, 2));
    Ok(())
}

#[tokio::test]
async fn listings_are_counted_and_estimated_when_they_are_many() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let owner = db.person(Role::User).await?;
    for status in [Status::Published, Status::Published, Status::Draft] {
        db.listing(
            owner,
            &ListingFixture {
                status,
                ..ListingFixture::default()
            },
        )
        .await?;
    }
    let monitor = db.as_role("kardan_monitor").await?;
    let counts = |told: Vec<market::ListingStatusCount>| {
        told.into_iter()
            .map(|c| (c.status, c.listing_count, c.is_estimate))
            .collect::<Vec<_>>()
    };
    let told = counts(market::listing_status_count(&*monitor).await?);
    assert_eq!(
        told,
        [
            ("draft".to_owned(), 1, false),
            ("published".to_owned(), 2, false)
        ]
    );
    let session = db.superuser().await?;
    session
        .batch_execute(
            "analyze market_data.listings;
             update pg_class set reltuples = 300000 where oid = 'market_data.listings'::regclass",
        )
        .await?;
    let told = counts(market::listing_status_count(&*monitor).await?);
    assert!(
        told.contains(&("published".to_owned(), 200_000, true)),
        "{told:?}"
    );
    Ok(())
}

#[tokio::test]
async fn orders_of_advertising_are_counted_by_what_they_wait_for_and_told_while_they_run()
-> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let monitor = street.db.as_role("kardan_monitor").await?;
    let (moderator, seller) = (street.moderator, street.sellers[0].0);
    let runs = street.run(&street.wish(0)).await?;
    let (held, paused) = (
        street.run(&street.wish(0)).await?,
        street.run(&street.wish(0)).await?,
    );
    market::promotion_pause(&*street.api, seller, held).await?;
    market::moderation_promotion_hold(&*street.api, moderator, held, "a complaint").await?;
    market::promotion_pause(&*street.api, seller, paused).await?;
    let mut later = street.wish(0);
    later.begins_at += TimeDelta::minutes(90);
    later.ends_at += TimeDelta::minutes(90);
    later.kind = "post".to_owned();
    street.run(&later).await?;
    let unpaid = market::promotion_create(&*street.api, &street.wish(0)).await?;
    let unpaid = unpaid.promotion_id;
    market::moderation_promotion_approve(&*street.api, moderator, unpaid, 1, "RUB").await?;
    market::promotion_create(&*street.api, &street.wish(1)).await?;
    let over = street.run(&street.wish(1)).await?;
    let owner = street.db.superuser().await?;
    owner
        .batch_execute(&format!(
            "update market_data.promotions set ended_at = ops.clock_now() where id = {over};
             insert into market_data.promotion_totals (promotion_id, shown, clicked) values ({runs}, 5, 2), ({over}, 7, 1)"
        ))
        .await?;
    let counted = market::promotion_state_count(&*monitor).await?;
    let some: Vec<_> = counted
        .iter()
        .filter(|row| row.order_count > 0)
        .map(|row| (row.kind.as_str(), row.state.as_str(), row.order_count))
        .collect();
    let of_insertions = ["held", "paused", "requested", "running", "unpaid"];
    let mut wanted: Vec<_> = of_insertions.map(|state| ("insertion", state, 1)).into();
    wanted.push(("post", "scheduled", 1));
    assert_eq!((some, counted.len()), (wanted, 12));
    let listed = market::promotion_current_list(&*monitor).await?;
    assert_eq!(listed.len(), 4, "what is unpaid, requested or over is not");
    let first = &listed[0];
    assert_eq!(
        (first.promotion_id, first.shown, first.clicked),
        (runs, 5, 2)
    );
    assert_eq!(first.advertiser, format!("person {seller}"));
    let sums = market::promotion_sums(&*monitor).await?;
    assert_eq!((sums.shown, sums.clicked), (12, 3), "also of what is over");
    Ok(())
}
