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
            coalesce(l.brand_id, 0), l.place_id, l.condition, l.currency, l.stock_quantity > 0, l.expires_at,
            coalesce(l.owner_user_id, 0), l.search || array_to_tsvector(market_data.search_tags(l))))";

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
        "description = 'Целый'".to_owned(),
        "part_number = '06D 115-563'".to_owned(),
        "price_minor = price_minor * 2".to_owned(),
        "currency = 'USD'".to_owned(),
        "condition = 'used'".to_owned(),
        "place_id = (select max(p.id) from catalog_data.places as p)".to_owned(),
        "category_id = c.parent_id, subcategory_id = c.id from catalog_data.categories as c
         where c.slug = 'headlights' and true"
            .to_owned(),
        "expires_at = ops.clock_now() + interval '3 days'".to_owned(),
        "stock_quantity = 0".to_owned(),
        "published_at = published_at - interval '40 days'".to_owned(),
        "attributes = '{\"side\": \"left\", \"n\": 1.50}'".to_owned(),
        "brand_id = (select max(b.id) from catalog_data.brands as b)".to_owned(),
        "status = 'reserved'".to_owned(),
        "status = 'published'".to_owned(),
    ] {
        market
            .arrange(&format!(
                "update market_data.listings as l set {change}{} l.id = {listing}",
                if change.contains(" where ") {
                    " and"
                } else {
                    " where"
                }
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
        format!(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select l.id, {generation}, l.created_by, ops.clock_now() from market_data.listings as l"
        ),
        format!(
            "update market_data.listing_fitments as f set listing_id = l.id
             from market_data.listings as l where f.listing_id = {listing} and l.status = 'draft'
                 and f.generation_id = {generation} + 1"
        ),
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
