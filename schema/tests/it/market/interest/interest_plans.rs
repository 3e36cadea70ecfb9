//! Plans of what grows with every look at a listing: which partitions are touched, and that none of them is read whole.

use kardan_schema::Role;

use super::Stall;
use crate::plans::{Explained, Mode};

/// Five days of clicks and views of a thousand listings, people who clicked, favourites.
async fn filled() -> anyhow::Result<Stall> {
    let stall = Stall::open().await?;
    stall
        .run(
            "insert into market_data.contact_clicks (listing_id, at, clicker, source)
             select n % 1000, ops.clock_now() - d * interval '1 day' - n * interval '1 second',
                 1000 + n % 3000, 'web'
             from generate_series(0, 3) as d, generate_series(1, 20000) as n
             where ops.clock_now() - d * interval '1 day' - n * interval '1 second'
                 > (select date_trunc('day', ops.clock_now()) - interval '4 days');
             insert into market_data.listing_views (day, listing_id, viewer)
             select (ops.clock_now() at time zone 'UTC')::date - d, n % 1000, n
             from generate_series(0, 3) as d, generate_series(1, 20000) as n;
             set session_replication_role = replica;
             insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
             select n % 1000, n, ops.clock_now(), ops.clock_now(), 1 from generate_series(1, 30000) as n;
             insert into market_data.favourites (user_id, listing_id, title, added_at)
             select n % 3000, n, 'x', ops.clock_now() - n * interval '1 second' from generate_series(1, 30000) as n;
             insert into market_data.contact_notices (
                 listing_id, sent_by, sent_at, title, text, people, finished_at)
             select n % 1000, n, ops.clock_now() - interval '2 days', 'x', 'x', 1, ops.clock_now() from generate_series(1, 10000) as n;
             insert into market_data.price_drops (
                 listing_id, at, currency, old_price_minor, price_minor, finished_at)
             select n % 1000, ops.clock_now(), 'RUB', 300000, 260000, case when n % 1000 > 0 then ops.clock_now() end
             from generate_series(1, 10000) as n;
             set session_replication_role = origin;
             analyze market_data.contact_clicks, market_data.listing_views, market_data.contact_people,
                 market_data.favourites, market_data.contact_notices, market_data.price_drops",
        )
        .await?;
    Ok(stall)
}

/// Panics when a partition of a table is read as a whole, or more of them than so many.
fn assert_pruned(plans: &Explained, table: &str, most: usize) {
    let read = plans.partitions(table).len();
    assert!(
        (1..=most).contains(&read),
        "{read} partitions of {table}:\n{plans}"
    );
    assert!(
        !plans.to_string().contains(&format!("Seq Scan on {table}_")),
        "a partition of {table} is read as a whole:\n{plans}"
    );
}

#[tokio::test]
async fn a_click_touches_the_partitions_of_its_hour() -> anyhow::Result<()> {
    let stall = filled().await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let buyer = stall.person().await?;
        let call = format!(
            "select from market.listing_contacts_show({buyer}, null, {}, 'web')",
            stall.listing
        );
        let plans = Explained::run(&stall.db, mode, &call).await?;
        // Two shortly after and shortly before midnight.
        assert_pruned(&plans, "contact_clicks", 2);
        plans.assert_no_full_scan("contact_people");
    }
    Ok(())
}

#[tokio::test]
async fn the_figures_touch_the_partitions_of_their_days() -> anyhow::Result<()> {
    let stall = filled().await?;
    for mode in [Mode::Custom, Mode::Generic] {
        for (days, most) in [(1, 2), (2, 3)] {
            let call = format!(
                "select from market.listing_contact_stats({}, {}, {days})",
                stall.seller, stall.listing
            );
            let plans = Explained::run(&stall.db, mode, &call).await?;
            assert_pruned(&plans, "contact_clicks", most);
            assert_pruned(&plans, "listing_views", days);
            plans.assert_index("contact_people_pkey");
            plans.assert_index("favourites_listing_id_user_id_idx");
        }
    }
    Ok(())
}

#[tokio::test]
async fn favourites_messages_and_drops_are_read_by_their_indexes() -> anyhow::Result<()> {
    let stall = filled().await?;
    let moderator = stall.db.person(Role::Moderator).await?;
    let listing = stall.listing;
    for mode in [Mode::Custom, Mode::Generic] {
        for (call, index, table) in [
            (
                "select from market.favourite_list((select min(u.id) from people_data.users as u), 20, null, null)".to_owned(),
                "favourites_user_id_added_at_idx",
                "favourites",
            ),
            (
                format!("select from market.contact_notice_list({moderator}, {listing}, 20, null)"),
                "contact_notices_listing_id_idx",
                "contact_notices",
            ),
            (
                format!("select from market.moderation_contact_notice_list({moderator}, 20, null)"),
                "contact_notices_pkey",
                "contact_notices",
            ),
            (
                format!("select market.contact_notice_require({listing}, 'published', 'x')"),
                "contact_notices_listing_id_idx",
                "contact_notices",
            ),
            (
                "select market.contact_notices_run()".to_owned(),
                "contact_notices_unfinished_idx",
                "contact_notices",
            ),
            (
                "select market.price_drops_run()".to_owned(),
                "price_drops_unfinished_idx",
                "price_drops",
            ),
            (
                "select market.contact_notice_advance(1)".to_owned(),
                "contact_people_pkey",
                "contact_people",
            ),
            (
                "select market.price_drop_advance(1)".to_owned(),
                "favourites_listing_id_user_id_idx",
                "favourites",
            ),
        ] {
            let plans = Explained::run(&stall.db, mode, &call).await?;
            plans.assert_index(index);
            plans.assert_no_full_scan(table);
        }
    }
    Ok(())
}
