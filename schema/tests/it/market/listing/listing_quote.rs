//! What a quantity costs.

use kardan_schema::market::{self, ListingPriceSet};
use kardan_schema::{ListingId, Reason, Status};

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn the_total_is_at_the_wholesale_price_from_its_threshold() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let quote = market::listing_quote(&*scene.api, listing, 100)
        .await?
        .unwrap();
    assert_eq!(
        (quote.price_minor, quote.total_minor, quote.is_wholesale),
        (250_000, 25_000_000, false)
    );
    let set = ListingPriceSet {
        actor: scene.seller,
        listing,
        version: None,
        price_minor: 1000,
        wholesale_price_minor: Some(700),
        wholesale_min_quantity: Some(10),
    };
    market::listing_price_set(&*scene.api, &set).await?;
    for (quantity, price, total, is_wholesale) in [
        (1, 1000, 1000, false),
        (9, 1000, 9000, false),
        (10, 700, 7000, true),
        (11, 700, 7700, true),
    ] {
        let quote = market::listing_quote(&*scene.api, listing, quantity)
            .await?
            .unwrap();
        assert_eq!(
            (quote.price_minor, quote.total_minor, quote.is_wholesale),
            (price, total, is_wholesale),
            "{quantity} pieces"
        );
        assert_eq!(quote.currency, "RUB");
    }
    Ok(())
}

#[tokio::test]
async fn the_dearest_price_and_the_largest_quantity_still_have_a_total() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene.set(listing, "price_minor = 1000000000000").await?;
    let quote = market::listing_quote(&*scene.api, listing, 1_000_000)
        .await?
        .unwrap();
    assert_eq!(quote.total_minor, 1_000_000_000_000_000_000);
    for quantity in [0, -1, 1_000_001] {
        assert_eq!(
            reason(market::listing_quote(&*scene.api, listing, quantity).await),
            Reason::ListingQuantityRange
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_shown_has_no_price() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in Status::ALL {
        let listing = scene.listing(*status).await?;
        let quote = market::listing_quote(&*scene.api, listing, 1).await?;
        let is_shown = matches!(status, Status::Published | Status::Reserved);
        assert_eq!(quote.is_some(), is_shown, "{status}");
    }
    assert_eq!(
        market::listing_quote(&*scene.api, ListingId(-1), 1).await?,
        None
    );
    Ok(())
}
