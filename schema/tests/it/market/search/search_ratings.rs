//! Searches by how the seller is rated.

use kardan_schema::market::{ListingFacets, ListingSearch, listing_facets};
use kardan_schema::{ListingId, UserId};
use kardan_testdb::{ListingFixture, Session};

use super::{ANY, Market, ids, words};
use crate::plans::{Explained, Mode};

/// The reviews of somebody, as the program counts them: so many with each number of stars.
async fn rate(session: &Session, subject: i64, stars: [i64; 5]) -> anyhow::Result<()> {
    session
        .execute(
            "insert into market_data.ratings (subject) values ($1) on conflict do nothing",
            &[&subject],
        )
        .await?;
    session
        .execute(
            "update market_data.ratings
             set stars_1 = $2, stars_2 = $3, stars_3 = $4, stars_4 = $5, stars_5 = $6 where subject = $1",
            &[&subject, &stars[0], &stars[1], &stars[2], &stars[3], &stars[4]],
        )
        .await?;
    Ok(())
}

async fn follow(market: &Market) -> anyhow::Result<()> {
    let job = market.db.as_role("kardan_maintenance").await?;
    job.batch_execute("select market.search_ratings_follow()")
        .await?;
    Ok(())
}

async fn news(market: &Market) -> anyhow::Result<i64> {
    market
        .number("select count(*) from market_data.rating_news")
        .await
}

fn rated(stars: i32) -> ListingSearch {
    ListingSearch {
        min_rating: Some(stars),
        ..ANY
    }
}

async fn found(market: &Market, stars: i32) -> anyhow::Result<Vec<ListingId>> {
    Ok(ids(&market.search(&rated(stars)).await?))
}

async fn posted(market: &Market, seller: UserId) -> anyhow::Result<ListingId> {
    market.db.listing(seller, &ListingFixture::default()).await
}

#[tokio::test]
async fn a_search_finds_sellers_with_so_many_stars_or_more_and_never_the_unrated()
-> anyhow::Result<()> {
    let market = Market::open().await?;
    let session = market.db.superuser().await?;
    let mut listings = Vec::new();
    for stars in [
        Some([0, 0, 0, 0, 3]),
        Some([0, 0, 0, 1, 1]),
        Some([0, 1, 1, 0, 0]),
        None,
    ] {
        let seller = market.db.person(kardan_schema::Role::User).await?;
        if let Some(stars) = stars {
            rate(&session, seller.0, stars).await?;
        }
        // Published after the rating: the entry says it from the beginning.
        listings.insert(0, posted(&market, seller).await?);
    }
    for (stars, expected) in [
        (5, &listings[3..]),
        (4, &listings[2..]),
        (3, &listings[2..]),
        (2, &listings[1..]),
    ] {
        assert_eq!(found(&market, stars).await?, expected, "{stars} stars");
    }
    assert_eq!(found(&market, 1).await?, &listings[1..]);
    assert_eq!(ids(&market.search(&ANY).await?).len(), 4);
    let both = ListingSearch {
        min_rating: Some(5),
        ..words("Колодки")
    };
    assert_eq!(ids(&market.search(&both).await?), &listings[3..]);
    let facets = ListingFacets {
        query: None,
        kind: None,
        category: None,
        subcategory: None,
        brand: None,
        place: None,
        condition: None,
        price_min: None,
        price_max: None,
        currency: None,
        in_stock: None,
        generation: None,
        year: None,
        attributes: None,
        min_rating: Some(4),
    };
    let facets = listing_facets(&*market.api, &facets).await?;
    let kind = facets.iter().find(|one| one.facet == "kind");
    assert_eq!(kind.map(|one| one.count), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_rating_that_comes_to_other_whole_stars_reaches_published_listings_by_the_job()
-> anyhow::Result<()> {
    let market = Market::open().await?;
    let session = market.db.superuser().await?;
    let listing = posted(&market, market.seller).await?;
    rate(&session, market.seller.0, [0, 0, 0, 1, 0]).await?;
    assert_eq!(news(&market).await?, 1);
    follow(&market).await?;
    assert_eq!(news(&market).await?, 0);
    assert_eq!(found(&market, 4).await?, [listing]);
    // Still four whole stars: nothing to do.
    rate(&session, market.seller.0, [0, 0, 0, 2, 1]).await?;
    assert_eq!(news(&market).await?, 0);
    rate(&session, market.seller.0, [1, 0, 0, 2, 1]).await?;
    rate(&session, market.seller.0, [0, 0, 0, 0, 0]).await?;
    follow(&market).await?;
    assert_eq!(
        (found(&market, 1).await?, news(&market).await?),
        (vec![], 0)
    );
    // Of the platform nobody sells anything.
    rate(&session, 0, [0, 0, 0, 0, 1]).await?;
    assert_eq!(news(&market).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_goods_of_a_shop_follow_the_rating_of_the_shop_and_not_of_its_people()
-> anyhow::Result<()> {
    let market = Market::open().await?;
    let session = market.db.superuser().await?;
    let listing = posted(&market, market.seller).await?;
    let shop: i64 = session
        .query_one(
            "insert into market_data.shops (name, created_by, created_at, updated_at)
             values ('Parts', $1, ops.clock_now(), ops.clock_now()) returning id",
            &[&market.seller],
        )
        .await?
        .get(0);
    session
        .execute(
            "update market_data.listings set owner_user_id = null, owner_shop_id = $2 where id = $1",
            &[&listing, &shop],
        )
        .await?;
    rate(&session, market.seller.0, [1, 0, 0, 0, 0]).await?;
    rate(&session, -shop, [0, 0, 0, 0, 1]).await?;
    follow(&market).await?;
    assert_eq!(found(&market, 5).await?, [listing]);
    Ok(())
}

#[tokio::test]
async fn a_seller_with_more_listings_than_one_run_takes_is_gone_on_with() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let session = market.db.superuser().await?;
    let listing = posted(&market, market.seller).await?;
    session
        .batch_execute(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, l.status, l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, l.stock_quantity, l.created_at,
                 l.updated_at, l.published_at
             from market_data.listings as l, generate_series(1, 5000)
             where l.id = {listing}"
        ))
        .await?;
    rate(&session, market.seller.0, [0, 0, 0, 0, 1]).await?;
    let rated = "select count(*) from market_data.search_entries as e where e.terms @@ '''=r:5'''";
    follow(&market).await?;
    assert_eq!(
        (market.number(rated).await?, news(&market).await?),
        (5000, 1)
    );
    follow(&market).await?;
    assert_eq!(
        (market.number(rated).await?, news(&market).await?),
        (5001, 0)
    );
    Ok(())
}

#[tokio::test]
async fn a_search_by_rating_and_the_job_read_their_indexes() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let session = market.db.superuser().await?;
    let other = market.db.person(kardan_schema::Role::User).await?;
    let listing = posted(&market, other).await?;
    session
        .batch_execute(&format!(
            "insert into people_data.users (display_name, created_at, updated_at)
             select 'Somebody', ops.clock_now(), ops.clock_now() from generate_series(1, 1000);
             insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, l.status, u.id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, l.stock_quantity, l.created_at,
                 l.updated_at, l.published_at
             from market_data.listings as l, people_data.users as u, generate_series(1, 3)
             where l.id = {listing} and u.display_name = 'Somebody';
             analyze market_data.listings, market_data.search_entries"
        ))
        .await?;
    posted(&market, market.seller).await?;
    rate(&session, market.seller.0, [0, 0, 0, 0, 1]).await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let listings = Explained::run(
            &market.db,
            mode,
            &format!("select market.seller_listings({}, 0, 5000)", market.seller),
        )
        .await?;
        listings.assert_index("listings_owner_user_id_idx");
        listings.assert_no_full_scan("listings");
        let search = Explained::run(
            &market.db,
            mode,
            "select count(*) from market.search_find(
                 '', '{\"min_rating\": 5}', 'new', 20, null, null)",
        )
        .await?;
        search.assert_no_full_scan("search_entries");
    }
    Ok(())
}
