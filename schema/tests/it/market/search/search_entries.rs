//! The entries that a search reads say what the listings say, whatever happens to those.

use kardan_schema::Status;
use kardan_testdb::ListingFixture;

use super::Market;

/// Entries that differ from what would be written anew, and published listings without one.
const STALE: &str = "
    select count(*)
    from market_data.listings as l
    full join market_data.search_entries as e on e.listing_id = l.id
    where (l.status = 'published') is distinct from (e.listing_id is not null)
        or (e.listing_id is not null and (e.published_at, e.price_minor, e.kind, e.category_id, e.subcategory_id,
            coalesce(e.brand_id, 0), e.place_id, e.condition, e.currency, e.is_in_stock, e.visible_until,
            coalesce(e.owner_user_id, 0), e.terms)
            is distinct from (l.published_at, l.price_minor, l.kind, l.category_id, l.subcategory_id,
            coalesce(l.brand_id, 0), l.place_id, l.condition, l.currency, l.stock_quantity > 0, l.expires_at, coalesce(l.owner_user_id, 0),
            l.search || array_to_tsvector(market_data.search_tags(l))))";

#[tokio::test]
async fn an_entry_follows_its_listing_through_its_whole_life() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Фара левая", "06D 115-562").await?;
    for status in Status::ALL {
        let fixture = ListingFixture {
            status: *status,
            ..ListingFixture::default()
        };
        market.db.listing(market.seller, &fixture).await?;
    }
    assert_eq!(market.number(STALE).await?, 0);
    let generation = market
        .number("select min(g.id) from catalog_data.generations as g")
        .await?;
    for change in [
        "title = 'Фонарь'".to_owned(),
        "price_minor = price_minor * 2".to_owned(),
        "stock_quantity = 0".to_owned(),
        "published_at = published_at - interval '40 days'".to_owned(),
        "expires_at = expires_at + interval '1 day'".to_owned(),
        "part_number = '06A 903 023'".to_owned(),
        "currency = 'USD'".to_owned(),
        "condition = 'rebuilt'".to_owned(),
        "description = 'Совсем другие слова'".to_owned(),
        "place_id = (select max(p.id) from catalog_data.places as p)".to_owned(),
        "attributes = '{\"side\": \"left\", \"n\": 1.50}'".to_owned(),
        "brand_id = (select max(b.id) from catalog_data.brands as b)".to_owned(),
        "status = 'reserved'".to_owned(),
        "status = 'published'".to_owned(),
    ] {
        market
            .arrange(&format!(
                "update market_data.listings set {change} where id = {listing}"
            ))
            .await?;
        assert_eq!(market.number(STALE).await?, 0, "{change}");
    }
    for change in [
        format!(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             values ({listing}, {generation}, {}, ops.clock_now())",
            market.seller
        ),
        format!("update market_data.listing_fitments set generation_id = {generation} + 1"),
        "delete from market_data.listing_fitments".to_owned(),
        format!("update market_data.listings set status = 'archived' where id = {listing}"),
    ] {
        market.arrange(&change).await?;
        assert_eq!(market.number(STALE).await?, 0, "{change}");
    }
    Ok(())
}

#[tokio::test]
async fn a_change_that_no_search_asks_about_leaves_the_entry_alone() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Фара левая", "").await?;
    let place = "select (ctid::text::point)[0]::bigint * 1000 + (ctid::text::point)[1]::bigint
        from market_data.search_entries";
    let before = market.number(place).await?;
    market
        .arrange(&format!(
            "update market_data.listings set stock_quantity = stock_quantity + 1, contact_phone = '+7 900 111-11-11'
             where id = {listing}"
        ))
        .await?;
    assert_eq!(market.number(place).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_change_of_many_listings_at_once_reaches_each_entry() -> anyhow::Result<()> {
    let market = Market::open().await?;
    for title in ["Фара левая", "Фара правая", "Фонарь", "Бампер"] {
        market.part(title, "").await?;
    }
    for (change, entries) in [
        ("update market_data.listings set price_minor = price_minor + id", 4),
        ("update market_data.listings set status = 'reserved' where title like 'Фара%'", 2),
        ("update market_data.listings set status = 'published' where status = 'reserved'", 4),
        (
            "insert into market_data.listings (kind, status, owner_user_id, created_by, changed_by, title, category_id,
                 subcategory_id, condition, place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, s.status, l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, l.stock_quantity, l.created_at, l.updated_at,
                 l.published_at
             from market_data.listings as l cross join (values ('published'), ('archived')) as s (status)",
            8,
        ),
    ] {
        market.arrange(change).await?;
        assert_eq!(market.number(STALE).await?, 0, "{change}");
        let found = market
            .number("select count(*) from market_data.search_entries")
            .await?;
        assert_eq!(found, entries, "{change}");
    }
    Ok(())
}

#[tokio::test]
async fn the_fitment_of_one_transaction_makes_one_new_version_of_the_entry() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Фара левая", "").await?;
    let many = format!(
        "begin;
         {}
         update market_data.listing_fitments set generation_id = generation_id + 100 where generation_id % 2 = 0;
         delete from market_data.listing_fitments where generation_id % 5 = 0;
         commit",
        (1..=40)
            .map(|generation| format!(
                "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
                 values ({listing}, {generation}, {}, ops.clock_now());",
                market.seller
            ))
            .collect::<String>()
    );
    let versions = "select (ctid::text::point)[1]::bigint from market_data.search_entries";
    let before = market.number(versions).await?;
    market.arrange(&many).await?;
    assert_eq!(market.number(STALE).await?, 0);
    assert_eq!(market.number(versions).await?, before + 1);
    Ok(())
}

#[tokio::test]
async fn a_window_of_prices_matches_the_bands_between_and_no_others() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let wrong = market
        .number(
            "with price as (
                 select (power(2, i * 0.37) + i)::bigint as price from generate_series(0, 110) as i
             ),
             bound as (
                 select p.price from price as p where p.price % 3 = 0 union all select null
             ),
             stretch as materialized (
                 select coalesce(market_data.search_price_band(a.price), 0) as low,
                     coalesce(market_data.search_price_band(b.price), 255) as high,
                     market.search_price_window('RUB', a.price, b.price) as query
                 from bound as a
                 join bound as b on b.price >= a.price or a.price is null or b.price is null
                 where coalesce(a.price, b.price) is not null
             ),
             priced as materialized (
                 select market_data.search_price_band(p.price) as band, array_to_tsvector(array(
                     select market_data.search_price_tag(
                         'RUB', s.size, market_data.search_price_band(p.price) / s.size)
                     from (values (1), (4), (16)) as s (size))) as terms
                 from price as p
             )
             select count(*) + case when count(*) filter (where s.query is not null) < 500 then 1000000 else 0 end
                 - count(*) filter (where (t.terms @@ s.query) is not distinct from (t.band between s.low and s.high))
             from stretch as s
             cross join priced as t",
        )
        .await?;
    assert_eq!(wrong, 0);
    let widest = market
        .number(
            "select max(numnode(market.search_price_window('RUB', (2 ^ (i / 4.0))::bigint, (2 ^ (j / 4.0))::bigint))::bigint)
             from generate_series(4, 160) as i cross join generate_series(i, 160) as j",
        )
        .await?;
    // so many lexemes and the signs between them
    assert!(widest <= 2 * 21, "{widest}");
    Ok(())
}
