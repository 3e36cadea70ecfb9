//! What is rolled up is what a recount gives, whenever the job comes by.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Role, UserId};
use kardan_testdb::{Database, ListingFixture, Session};

use super::deal::deal_in;
use super::reservation::Stall;
use crate::support::reason;

/// Differences between what is kept and what the last weeks give when they are counted here, each
/// figure by a statement of its own and out of what happened.
const DIFFERENCES: &str = "
    with seller as (
        select l.id, s.key from market_data.listings as l, lateral (values (coalesce(l.owner_user_id, -l.owner_shop_id)), (0)) as s (key)
    ), step as (
        select e.*, (e.at at time zone 'UTC')::date as day, d.listing_id, d.seller_key, d.currency, d.total_minor
        from market_data.deal_events as e join market_data.deals as d on d.id = e.deal_id
    ), happened as (
        select 'listing views' as what, listing_id as key, day::text as time, count(*) as n from market_data.listing_views group by 2, 3
        union all select 'listing clicks', listing_id, (at at time zone 'UTC')::date::text, count(*) from market_data.contact_clicks group by 2, 3
        union all select 'listing people', listing_id, (at at time zone 'UTC')::date::text, count(distinct clicker) from market_data.contact_clicks group by 2, 3
        union all select 'listing requested', listing_id, day::text, count(*) from step where to_state = 'requested' group by 2, 3
        union all select 'listing completed', listing_id, day::text, count(*) from step where to_state = 'completed' group by 2, 3
        union all select 'hour', listing_id, date_trunc('hour', at)::text, count(*) from market_data.contact_clicks group by 2, 3
        union all select 'seller views', key, day::text, count(*) from market_data.listing_views join seller on id = listing_id group by 2, 3
        union all select 'seller clicks', key, (at at time zone 'UTC')::date::text, count(*) from market_data.contact_clicks as c join seller as s on s.id = c.listing_id group by 2, 3
        union all select 'seller requested', key, day::text, count(*) from step join seller as s on s.id = listing_id where to_state = 'requested' group by 2, 3
        union all select 'seller completed', key, day::text, count(*) from step join seller as s on s.id = listing_id where to_state = 'completed' group by 2, 3
        union all select 'deals ' || currency, s.key, day::text, count(*) from step, lateral (values (seller_key), (0)) as s (key) where to_state = 'completed' group by 1, 2, 3
        union all select 'total ' || currency, s.key, day::text, sum(total_minor) from step, lateral (values (seller_key), (0)) as s (key) where to_state = 'completed' group by 1, 2, 3
    ), kept as (
        select v.what, d.listing_id as key, d.day::text as time, v.n
        from market_data.listing_days as d, lateral (values ('listing views', views), ('listing clicks', clicks), ('listing people', people),
            ('listing requested', deals_requested), ('listing completed', deals_completed)) as v (what, n)
        union all select 'hour', listing_id, hour::text, clicks from market_data.listing_hours
        union all select v.what, seller_key, day::text, v.n
        from market_data.seller_days, lateral (values ('seller views', views), ('seller clicks', clicks),
            ('seller requested', deals_requested), ('seller completed', deals_completed)) as v (what, n)
        union all select v.what || currency, seller_key, day::text, v.n
        from market_data.turnover_days, lateral (values ('deals ', deals), ('total ', total_minor)) as v (what, n)
    )
    select count(*)
    from happened as h full join (select * from kept where n <> 0) as k using (what, key, time)
    where h.n is distinct from k.n";

/// The job has been here so long ago.
fn rolled(ago: &str) -> String {
    format!(
        "update market_data.figures_state set rolled_until = ops.clock_now() - interval '{ago}'"
    )
}

async fn number(session: &Session, sql: &str) -> anyhow::Result<i64> {
    Ok(session.query_one(sql, &[]).await?.get(0))
}

/// Clicks and views of twenty listings over the hours before now, told apart by the salt.
fn happenings(salt: i32, hours: i32) -> String {
    format!(
        "insert into market_data.contact_clicks (listing_id, at, clicker, source)
         select 1 + (n * 7 + {salt}) % 20, ops.clock_now() - ((n * 13 + {salt}) % {hours}) * interval '1 hour', 1 + n % 9, 'web'
         from generate_series(1, 300) as n on conflict do nothing;
         insert into market_data.listing_views (day, listing_id, viewer)
         select (ops.clock_now() - ((n * 11 + {salt}) % {hours}) * interval '1 hour')::date, 1 + (n * 5 + {salt}) % 20, {salt} * 1000 + n
         from generate_series(1, 300) as n on conflict do nothing"
    )
}

#[tokio::test]
async fn late_events_and_open_transactions_are_in_what_is_kept() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (session, open) = (db.superuser().await?, db.superuser().await?);
    let job = db.as_role("kardan_maintenance").await?;
    // A run takes 32 days, and begins 50 hours before that: 29 days would be too many between midnight and two.
    session.batch_execute(&rolled("28 days")).await?;
    session.batch_execute(&happenings(1, 80)).await?;
    market::figures_roll(&*job).await?;
    assert_eq!(number(&session, DIFFERENCES).await?, 0);
    // One transaction is open while the job comes by; views of the day before come late.
    open.batch_execute("begin").await?;
    open.batch_execute(&happenings(2, 3)).await?;
    market::figures_roll(&*job).await?;
    open.batch_execute("commit").await?;
    session.batch_execute(&happenings(3, 24)).await?;
    assert!(number(&session, DIFFERENCES).await? > 0, "nothing to find");
    market::figures_roll(&*job).await?;
    assert_eq!(number(&session, DIFFERENCES).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_job_that_was_away_catches_up_and_one_that_repeats_writes_nothing() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let job = db.as_role("kardan_maintenance").await?;
    // From the very beginning: a month a run.
    let behind = "select count(*) from market_data.figures_state where rolled_until < ops.clock_now() - interval '1 day'";
    session.batch_execute(&happenings(4, 80)).await?;
    for _ in 0..20 {
        if number(&session, behind).await? == 0 {
            break;
        }
        market::figures_roll(&*job).await?;
    }
    assert_eq!(number(&session, DIFFERENCES).await?, 0);
    let rows = "select max(xmin::text::bigint) from market_data.listing_days";
    let before = number(&session, rows).await?;
    market::figures_roll(&*job).await?;
    assert_eq!(
        number(&session, rows).await?,
        before,
        "a row was written again"
    );
    Ok(())
}

#[tokio::test]
async fn what_happened_before_the_first_partition_gets_one_and_the_default_stays_empty()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let job = db.as_role("kardan_maintenance").await?;
    let parts =
        "select count(*) from pg_inherits where inhparent = 'market_data.listing_days'::regclass";
    let before = number(&session, parts).await?;
    session
        .batch_execute(
            "insert into market_data.contact_clicks (listing_id, at, clicker, source)
             select 1, ops.clock_now() - n * interval '30 days', 1, 'web' from generate_series(1, 10) as n",
        )
        .await?;
    let behind = "select count(*) from market_data.figures_state where rolled_until < ops.clock_now() - interval '1 day'";
    while number(&session, behind).await? > 0 {
        market::figures_roll(&*job).await?;
    }
    let days = "select count(*) from market_data.listing_days";
    assert_eq!(number(&session, days).await?, 10);
    let made = number(&session, parts).await? - before;
    assert!((5..=8).contains(&made), "{made} partitions for 300 days");
    let full = "select count(*) from ops.partition_list() where default_has_rows and table_name like 'market_data.listing_%'";
    assert_eq!(number(&session, full).await?, 0);
    Ok(())
}

#[tokio::test]
async fn two_jobs_at_once_count_nothing_twice() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session.batch_execute(&happenings(5, 20)).await?;
    session.batch_execute(&rolled("0")).await?;
    let (one, two) = (
        db.as_role("kardan_maintenance").await?,
        db.as_role("kardan_maintenance").await?,
    );
    let (first, second) = tokio::join!(market::figures_roll(&*one), market::figures_roll(&*two));
    first?;
    second?;
    assert_eq!(number(&session, DIFFERENCES).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_nightly_check_names_each_figure_of_the_day_that_was_changed() -> anyhow::Result<()> {
    let stall = Stall::open(5).await?;
    deal_in(&stall, 2, DealState::Completed).await?;
    let session = stall.db.superuser().await?;
    let job = stall.db.as_role("kardan_maintenance").await?;
    // The deal was completed the day before yesterday.
    stall.db.shift_clock("2 days").await?;
    session.batch_execute(&happenings(6, 80)).await?;
    session.batch_execute(&rolled("6 days")).await?;
    market::figures_roll(&*job).await?;
    assert_eq!(number(&session, DIFFERENCES).await?, 0);
    market::figures_check(&*job).await?;
    for (change, back) in [
        (
            "listing_days set clicks = clicks + 1 where day",
            "clicks = clicks - 1",
        ),
        (
            "listing_hours set clicks = clicks + 1 where (hour at time zone 'UTC')::date",
            "clicks = clicks - 1",
        ),
        (
            "seller_days set views = views + 1 where seller_key = 0 and day",
            "views = views - 1",
        ),
        (
            "turnover_days set total_minor = total_minor + 1 where day",
            "total_minor = total_minor - 1",
        ),
    ] {
        let change =
            format!("update market_data.{change} = (ops.clock_now() at time zone 'UTC')::date - 2");
        assert!(
            session.execute(&change, &[]).await? > 0,
            "nothing to change: {change}"
        );
        assert_eq!(
            reason(market::figures_check(&*job).await),
            Reason::FiguresDiffer,
            "{change}"
        );
        let (head, tail) = change.split_once(" set ").expect("a change");
        let (_, tail) = tail.split_once(" where ").expect("a day");
        session
            .batch_execute(&format!("{head} set {back} where {tail}"))
            .await?;
        market::figures_check(&*job).await?;
    }
    Ok(())
}

#[tokio::test]
async fn sellers_see_their_days_their_turnover_and_their_place_and_administrators_all()
-> anyhow::Result<()> {
    let stall = Stall::open(5).await?;
    deal_in(&stall, 2, DealState::Completed).await?;
    deal_in(&stall, 1, DealState::Requested).await?;
    let api = &*stall.api;
    let session = stall.db.superuser().await?;
    session
        .execute(
            "insert into market_data.listing_views (day, listing_id, viewer)
             select (ops.clock_now() at time zone 'UTC')::date, $1, n from generate_series(1, 4) as n",
            &[&stall.listing],
        )
        .await?;
    session
        .execute(
            "insert into market_data.contact_clicks (listing_id, at, clicker, source) values ($1, ops.clock_now(), 9, 'bot')",
            &[&stall.listing],
        )
        .await?;
    session.batch_execute(&rolled("0")).await?;
    market::figures_roll(&*stall.db.as_role("kardan_maintenance").await?).await?;

    let days = market::listing_figures(api, stall.seller, stall.listing, None).await?;
    let day = &days[0];
    assert_eq!((day.views, day.clicks, day.people), (4, 1, 1));
    assert_eq!((day.deals_requested, day.deals_completed), (2, 1));
    assert_eq!(day.conversion, Some(0.25));
    let mine = market::seller_figures(api, stall.seller, None, None).await?;
    assert_eq!((mine[0].views, mine[0].deals_completed), (4, 1));
    let turnover = market::seller_turnover(api, stall.seller, None, None).await?;
    assert_eq!((turnover[0].deals, turnover[0].total_minor), (1, 500_000));
    let admin = stall.db.person(Role::Admin).await?;
    assert_eq!(
        market::platform_figures(api, admin, None).await?[0].views,
        4
    );
    assert_eq!(market::platform_turnover(api, admin, None).await?, turnover);
    assert!(
        market::seller_figures(api, stall.buyer, None, None)
            .await?
            .is_empty()
    );

    let place = market::listing_place(api, stall.seller, stall.listing).await?;
    assert_eq!(place.place, Some(1));
    for _ in 0..3 {
        stall
            .db
            .listing(stall.buyer, &ListingFixture::default())
            .await?;
    }
    let place = market::listing_place(api, stall.seller, stall.listing).await?;
    assert_eq!(place.place, Some(4));
    let nobody = market::platform_figures(api, UserId(i64::MAX), None).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
