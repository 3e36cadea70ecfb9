//! Setting prices.

use kardan_schema::market::{self, ListingPriceList, ListingPriceSet};
use kardan_schema::{ListingId, Reason, Status, UserId};

use super::Scene;
use crate::support::reason;

fn price(actor: UserId, listing: ListingId, price_minor: i64) -> ListingPriceSet {
    ListingPriceSet {
        actor,
        listing,
        version: None,
        price_minor,
        wholesale_price_minor: None,
        wholesale_min_quantity: None,
    }
}

#[tokio::test]
async fn a_price_shows_at_once_without_a_moderator_and_the_former_one_is_kept() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let wish = ListingPriceSet {
        version: Some(1),
        wholesale_price_minor: Some(150_000),
        wholesale_min_quantity: Some(5),
        ..price(scene.seller, listing, 200_000)
    };
    let set = market::listing_price_set(&*scene.api, &wish).await?;
    assert_eq!(
        (set.version, set.price_minor, set.wholesale_min_quantity),
        (2, 200_000, Some(5))
    );
    let page = market::listing_get(&*scene.api, listing).await?.unwrap();
    assert_eq!(
        (page.status, page.price_minor),
        (Status::Published, 200_000)
    );
    assert_eq!(scene.waiting(listing).await?, 0);
    // Once more, as it was sent: nothing changes, nothing is recorded.
    assert_eq!(market::listing_price_set(&*scene.api, &wish).await?, set);
    let list = ListingPriceList {
        actor: scene.seller,
        listing,
        limit: None,
        after: None,
    };
    let prices: Vec<_> = market::listing_price_list(&*scene.api, &list)
        .await?
        .into_iter()
        .map(|p| (p.price_minor, p.wholesale_price_minor, p.changed_by))
        .collect();
    assert_eq!(
        prices,
        [
            (200_000, Some(150_000), scene.seller),
            (250_000, None, scene.seller)
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_price_is_set_in_every_state_but_sold_and_archived() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in Status::ALL {
        let listing = scene.listing(*status).await?;
        let set = market::listing_price_set(&*scene.api, &price(scene.seller, listing, 1)).await;
        if matches!(status, Status::Sold | Status::Archived) {
            assert_eq!(reason(set), Reason::ListingNotEditable);
        } else {
            assert_eq!(set?.price_minor, 1, "{status}");
            assert_eq!(scene.inside(listing).await?.status, *status);
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_rules_of_prices_hold_and_an_old_version_is_refused() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let wish = price(scene.seller, listing, 100);
    let above = ListingPriceSet {
        wholesale_price_minor: Some(101),
        wholesale_min_quantity: Some(2),
        ..wish.clone()
    };
    let half = ListingPriceSet {
        wholesale_price_minor: Some(50),
        ..wish.clone()
    };
    let single = ListingPriceSet {
        wholesale_price_minor: Some(50),
        wholesale_min_quantity: Some(1),
        ..wish.clone()
    };
    let negative = ListingPriceSet {
        price_minor: -1,
        ..wish.clone()
    };
    let late = ListingPriceSet {
        version: Some(0),
        ..wish
    };
    for (wish, expected) in [
        (above, Reason::ListingWholesaleNotAbovePrice),
        (half, Reason::ListingWholesaleWhole),
        (single, Reason::ListingWholesaleQuantityRange),
        (negative, Reason::ListingPriceRange),
        (late, Reason::VersionStale),
    ] {
        assert_eq!(
            reason(market::listing_price_set(&*scene.api, &wish).await),
            expected
        );
    }
    let stranger = scene.db.person(kardan_schema::Role::Moderator).await?;
    assert_eq!(
        reason(market::listing_price_set(&*scene.api, &price(stranger, listing, 1)).await),
        Reason::ListingNotYours
    );
    Ok(())
}
