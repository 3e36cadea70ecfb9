//! Plans of what grows beside the listings: saved searches, alerts, misses; and of facets.

use kardan_schema::Role;
use kardan_testdb::Database;

use crate::plans::{Explained, Mode};

/// Two thousand listings, five thousand saved searches of a hundred people, and what those have found.
async fn filled() -> anyhow::Result<(Database, i64)> {
    let db = Database::create().await?;
    let seller = db.person(Role::User).await?;
    let session = db.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into people_data.users (role, display_name, language, created_at, updated_at)
             select 'user', 'Test', 'ru', ops.clock_now(), ops.clock_now() from generate_series(1, 100);
             set session_replication_role = replica;
             insert into market_data.listings (kind, status, owner_user_id, created_by, changed_by, title, category_id,
                 subcategory_id, condition, place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select 'part', 'published', {seller}, {seller}, {seller}, 'Фара x' || md5(i::text), c.parent_id, c.id, 'new',
                 (select min(p.id) from catalog_data.places as p), i, 1, ops.clock_now(), ops.clock_now(),
                 ops.clock_now() - i * interval '1 hour'
             from generate_series(1, 2000) as i
             cross join (select c.id, c.parent_id from catalog_data.categories as c
                 where c.kind = 'part' and c.parent_id is not null order by c.id limit 1) as c;
             select market_data.search_entries_store(0, 1000000);
             insert into market_data.saved_searches (user_id, name, query, filters, frequency, terms, anchors, since_at,
                 created_at, updated_at)
             select u.id, 'x', '', '{{}}', 'at_once', t.terms, t.anchors, '2000-01-01', ops.clock_now(), ops.clock_now()
             from (select u.id, row_number() over (order by u.id) as place from people_data.users as u) as u
             join generate_series(1, 5000) as i on i % 100 = u.place % 100
             cross join lateral market.saved_search_terms('x' || md5(i::text), '{{}}') as t;
             insert into market_data.search_alerts (saved_search_id, listing_id, user_id, found_at, due_at, told_at)
             select s.id, l.id, s.user_id, ops.clock_now(), ops.clock_now(), case when l.id % 20 > 0 then ops.clock_now() end
             from market_data.saved_searches as s
             join market_data.listings as l on l.id % 500 = s.id % 500;
             insert into market_data.search_misses (at, query, filters)
             select ops.clock_now() - i * interval '1 minute', 'x' || i % 100, '{{}}' from generate_series(1, 5000) as i;
             insert into market_data.search_news (listing_id, at)
             select l.id, ops.clock_now() from market_data.listings as l where l.id % 400 = 0;
             set session_replication_role = origin"
        ))
        .await?;
    for table in [
        "listings",
        "search_entries",
        "saved_searches",
        "search_alerts",
        "search_misses",
    ] {
        session
            .batch_execute(&format!("vacuum analyze market_data.{table}"))
            .await?;
    }
    let user = session
        .query_one("select max(u.id) from people_data.users as u", &[])
        .await?;
    Ok((db, user.get(0)))
}

#[tokio::test]
async fn what_grows_beside_the_listings_is_read_by_its_indexes() -> anyhow::Result<()> {
    let (db, user) = filled().await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let list = Explained::run(
            &db,
            mode,
            &format!("select from market.search_alert_list({user}, null, 20, null)"),
        )
        .await?;
        list.assert_index("search_alerts_user_id_id_idx");
        list.assert_no_full_scan("search_alerts");

        let mine = Explained::run(
            &db,
            mode,
            &format!("select from market.saved_search_list({user})"),
        )
        .await?;
        mine.assert_index("saved_searches_user_id_idx");

        let facets = Explained::run(
            &db,
            mode,
            "select from market.listing_facets('x' || md5('7'), null, null, null, null, null, null, null, null, null,
                 null, null, null, null, null)",
        )
        .await?;
        facets.assert_index("search_entries_terms_idx");
        facets.assert_no_full_scan("search_entries");
        facets.assert_no_full_scan("listings");
    }
    Ok(())
}

#[tokio::test]
async fn a_listing_is_compared_with_the_searches_of_its_lexemes_only() -> anyhow::Result<()> {
    let (db, _) = filled().await?;
    let matched = Explained::run(&db, Mode::Custom, "select market.search_news_match(5)").await?;
    matched.assert_index("saved_searches_anchors_idx");
    matched.assert_no_full_scan("saved_searches");
    let taken = Explained::run(
        &db,
        Mode::Custom,
        "select from market.search_alert_take(10)",
    )
    .await?;
    taken.assert_index("search_alerts_due_at_idx");
    taken.assert_no_full_scan("search_alerts");
    Ok(())
}

#[tokio::test]
async fn what_is_forgotten_is_found_listing_by_listing() -> anyhow::Result<()> {
    let (db, _) = filled().await?;
    let purged = Explained::run(&db, Mode::Custom, "select market.search_alerts_purge()").await?;
    purged.assert_index("search_alerts_listing_id_idx");
    purged.assert_no_full_scan("search_alerts");
    purged.assert_no_full_scan("listings");
    Ok(())
}

#[tokio::test]
async fn the_misses_of_a_week_read_the_partitions_of_that_week() -> anyhow::Result<()> {
    let (db, user) = filled().await?;
    db.superuser()
        .await?
        .execute(
            "update people_data.users set role = 'moderator' where id = $1",
            &[&user],
        )
        .await?;
    let list = Explained::run(
        &db,
        Mode::Custom,
        &format!("select from market.search_miss_list({user}, null, null, 20)"),
    )
    .await?;
    let read = list.partitions("search_misses").len();
    assert!((1..=2).contains(&read), "{read} partitions:\n{list}");
    Ok(())
}
