//! Setting the stock. What it does to every state is in `life`.

use kardan_schema::market::{self, ListingStockSet};
use kardan_schema::{ListingId, Reason, Status, UserId};

use super::Scene;
use crate::support::reason;

fn stock(actor: UserId, listing: ListingId, stock_quantity: i32) -> ListingStockSet {
    ListingStockSet {
        actor,
        listing,
        version: None,
        stock_quantity,
    }
}

#[tokio::test]
async fn with_the_last_piece_gone_a_listing_is_sold_or_reserved_while_pieces_are_held()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let plain = scene.listing(Status::Published).await?;
    let set = market::listing_stock_set(&*scene.api, &stock(scene.seller, plain, 0)).await?;
    assert_eq!((set.status, set.stock_quantity), (Status::Sold, 0));

    let held = scene.listing(Status::Published).await?;
    scene.hold(held).await?;
    let set = market::listing_stock_set(&*scene.api, &stock(scene.seller, held, 0)).await?;
    assert_eq!(set.status, Status::Reserved);
    let set = market::listing_stock_set(&*scene.api, &stock(scene.seller, held, 2)).await?;
    assert_eq!((set.status, set.stock_quantity), (Status::Published, 2));
    Ok(())
}

#[tokio::test]
async fn an_old_version_is_refused_unless_the_stock_is_so_already() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let wish = ListingStockSet {
        version: Some(1),
        ..stock(scene.seller, listing, 7)
    };
    let set = market::listing_stock_set(&*scene.api, &wish).await?;
    assert_eq!((set.version, set.stock_quantity), (2, 7));
    assert_eq!(market::listing_stock_set(&*scene.api, &wish).await?, set);
    let late = ListingStockSet {
        stock_quantity: 8,
        ..wish
    };
    assert_eq!(
        reason(market::listing_stock_set(&*scene.api, &late).await),
        Reason::VersionStale
    );
    for beyond in [-1, 1_000_001] {
        let wish = stock(scene.seller, listing, beyond);
        assert_eq!(
            reason(market::listing_stock_set(&*scene.api, &wish).await),
            Reason::ListingStockRange
        );
    }
    Ok(())
}
