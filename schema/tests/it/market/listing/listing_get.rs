//! The page of a listing that anybody may see: what it shows, how it is planned, and that nothing else can be read through it.

use kardan_schema::market;
use kardan_schema::{ListingId, Status};

use super::Scene;

#[tokio::test]
async fn published_and_reserved_listings_have_a_page_and_no_others() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in Status::ALL {
        let listing = scene.listing(*status).await?;
        let page = market::listing_get(&*scene.api, listing).await?;
        match status {
            Status::Published | Status::Reserved => {
                let page = page.unwrap();
                assert_eq!((page.listing_id, page.status), (listing, *status));
                assert_eq!(page.seller_user_id, Some(scene.seller));
            }
            _ => assert_eq!(page, None, "{status}"),
        }
    }
    assert_eq!(market::listing_get(&*scene.api, ListingId(-1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_blocked_sellers_listings_are_out_of_sight_until_the_block_ends() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene.block(scene.seller).await?;
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    scene
        .admin
        .batch_execute("update people_data.bans set until = ops.clock_now() + interval '1 hour'")
        .await?;
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    scene.db.shift_clock("61 minutes").await?;
    assert!(market::listing_get(&*scene.api, listing).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_shops_listing_bears_the_shops_name_and_survives_a_members_block() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, listing) = scene.shop().await?;
    scene.block(scene.seller).await?;
    let page = market::listing_get(&*scene.api, listing).await?.unwrap();
    assert_eq!(
        (page.seller_user_id, page.seller_shop_id),
        (None, Some(shop))
    );
    assert_eq!(page.seller_name, "Разборка 24");
    Ok(())
}

#[tokio::test]
async fn an_advertisement_shows_in_its_time_and_needs_no_job_to_end() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene
        .admin
        .execute(
            "insert into market_data.listing_ads (
                 listing_id, text, url, begins_at, ends_at, placed_by, created_at)
             values ($1, 'Масло дня', 'https://example.org/oil', ops.clock_now() + interval '1 hour',
                 ops.clock_now() + interval '2 hours', $2, ops.clock_now())",
            &[&listing, &scene.seller],
        )
        .await?;
    for (shift, shown) in [
        ("0", None),
        ("90 minutes", Some("Масло дня")),
        ("121 minutes", None),
    ] {
        scene.db.shift_clock(shift).await?;
        let page = market::listing_get(&*scene.api, listing).await?.unwrap();
        assert_eq!(page.ad_text.as_deref(), shown, "after {shift}");
        assert_eq!(page.ad_url.is_some(), shown.is_some(), "after {shift}");
    }
    Ok(())
}

#[tokio::test]
async fn it_is_planned_as_one_look_at_the_primary_key_inside_the_callers_statement()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    // Enough rows that reading them all would be dearer than an index.
    scene.listing(Status::Published).await?;
    scene
        .admin
        .batch_execute(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, l.status, l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, l.stock_quantity, l.created_at,
                 l.updated_at, l.published_at
             from market_data.listings as l cross join generate_series(1, 2000);
             analyze market_data.listings",
        )
        .await?;
    let rows = scene
        .api
        .query(
            "explain select * from market.listing_get(p_listing => 7) as r where r.price_minor > 0",
            &[],
        )
        .await?;
    let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let plan = plan.join("\n");
    assert!(
        plan.contains("Index Scan using listings_pkey on listings"),
        "{plan}"
    );
    assert!(!plan.contains("Function Scan"), "{plan}");
    assert!(!plan.contains("Seq Scan on listings"), "{plan}");
    Ok(())
}

#[tokio::test]
async fn the_api_may_read_the_page_and_nothing_behind_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.listing(Status::Published).await?;
    let pages = scene
        .api
        .query("select p.title from market.listing_page as p", &[])
        .await?;
    assert_eq!(pages.len(), 1);
    for relation in [
        "market_data.listings",
        "market_data.listing_photos",
        "market_data.listing_prices",
        "market_data.listing_events",
        "market_data.listing_ads",
        "market.listing_public",
        "market.listing_inside",
        "people.cards",
        "people.blocked",
        "people_data.users",
    ] {
        let error = scene
            .api
            .query(&format!("select count(*) from {relation}"), &[])
            .await
            .unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{relation}");
    }
    for step in [
        "select market.listing_move(1, 1, 'archived')",
        "select market.listing_insider(1, 1)",
    ] {
        let error = scene.api.batch_execute(step).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{step}");
    }
    Ok(())
}

#[tokio::test]
async fn not_even_an_error_tells_the_api_what_it_may_not_see() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let draft = scene.listing(Status::Draft).await?;
    let hidden = scene.listing(Status::Published).await?;
    scene.block(scene.seller).await?;
    for listing in [draft, hidden] {
        scene.set(listing, "title = 'a secret'").await?;
        // Evaluated on the hidden row, the cast would fail and quote the title.
        for table in [
            "market.listing_page as p",
            &format!("market.listing_get({listing}) as p"),
        ] {
            let rows = scene
                .api
                .query(
                    &format!("select from {table} where p.title::integer = 1"),
                    &[],
                )
                .await?;
            assert!(rows.is_empty(), "{table}");
        }
    }
    Ok(())
}
