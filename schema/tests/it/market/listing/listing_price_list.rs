//! The prices that a listing had; that they are recorded is tested with `listing_price_set`.

use kardan_schema::market::{self, ListingPriceList, ListingPriceSet};
use kardan_schema::{Reason, Role, Status, UserId};

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn prices_come_in_pages_for_the_people_of_the_listing_and_moderators() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    for price_minor in 1..=4 {
        let set = ListingPriceSet {
            actor: scene.seller,
            listing,
            version: None,
            price_minor,
            wholesale_price_minor: None,
            wholesale_min_quantity: None,
        };
        market::listing_price_set(&*scene.api, &set).await?;
    }
    let page = |actor, after| ListingPriceList {
        actor,
        listing,
        limit: Some(2),
        after,
    };
    let moderator = scene.db.person(Role::Moderator).await?;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let prices = market::listing_price_list(&*scene.api, &page(moderator, after)).await?;
        assert!(prices.len() <= 2);
        let Some(last) = prices.last() else { break };
        after = Some(last.price_id);
        seen.extend(prices.iter().map(|p| p.price_minor));
    }
    assert_eq!(seen, [4, 3, 2, 1, 250_000]);

    let stranger = scene.db.person(Role::User).await?;
    let refusal = market::listing_price_list(&*scene.api, &page(stranger, None)).await;
    assert_eq!(reason(refusal), Reason::ListingUnknown);
    let nobody = market::listing_price_list(&*scene.api, &page(UserId(-1), None)).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    // A blocked seller still sees what is theirs; a blocked moderator is a stranger.
    scene.block(scene.seller).await?;
    assert_eq!(
        market::listing_price_list(&*scene.api, &page(scene.seller, None))
            .await?
            .len(),
        2
    );
    scene.block(moderator).await?;
    let refusal = market::listing_price_list(&*scene.api, &page(moderator, None)).await;
    assert_eq!(reason(refusal), Reason::ListingUnknown);
    Ok(())
}
