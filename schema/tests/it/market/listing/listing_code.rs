//! The shop's own codes of its listings.

use kardan_schema::market::{self, ListingCodeSet};
use kardan_schema::{ListingId, Reason, Status, UserId};

use super::Scene;
use crate::support::reason;

fn code(actor: UserId, listing: ListingId, code: &str) -> ListingCodeSet {
    ListingCodeSet {
        actor,
        listing,
        version: None,
        code: Some(code.to_owned()),
    }
}

/// A second listing of the same shop.
async fn another(scene: &Scene, like: ListingId) -> anyhow::Result<ListingId> {
    let listing = scene.listing(Status::Draft).await?;
    scene
        .admin
        .execute(
            "update market_data.listings as l set owner_user_id = null, owner_shop_id = o.owner_shop_id
             from market_data.listings as o where o.id = $2 and l.id = $1",
            &[&listing, &like],
        )
        .await?;
    Ok(listing)
}

#[tokio::test]
async fn a_shop_names_its_listings_by_codes_of_its_own_each_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, _, listing) = scene.shop().await?;
    let second = another(&scene, listing).await?;
    let set = market::listing_code_set(&*scene.api, &code(scene.seller, listing, " A-1 ")).await?;
    assert_eq!(set.code.as_deref(), Some("A-1"));
    let seen = market::listing_code_get(&*scene.api, scene.seller, listing).await?;
    assert_eq!(seen, set);
    assert_eq!(
        reason(market::listing_code_set(&*scene.api, &code(scene.seller, second, "A-1")).await),
        Reason::ListingCodeTaken
    );
    market::listing_code_set(&*scene.api, &code(scene.seller, listing, "")).await?;
    market::listing_code_set(&*scene.api, &code(scene.seller, second, "A-1")).await?;
    let seen = market::listing_code_get(&*scene.api, scene.seller, listing).await?;
    assert_eq!(seen.code, None);
    Ok(())
}

#[tokio::test]
async fn an_old_version_is_refused_unless_the_code_is_so_already() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, _, listing) = scene.shop().await?;
    let before = market::listing_code_get(&*scene.api, scene.seller, listing).await?;
    let wish = ListingCodeSet {
        version: Some(before.version),
        ..code(scene.seller, listing, "A-1")
    };
    let set = market::listing_code_set(&*scene.api, &wish).await?;
    assert_eq!(set.version, before.version + 1);
    assert_eq!(market::listing_code_set(&*scene.api, &wish).await?, set);
    let late = ListingCodeSet {
        code: Some("A-2".to_owned()),
        ..wish
    };
    assert_eq!(
        reason(market::listing_code_set(&*scene.api, &late).await),
        Reason::VersionStale
    );
    Ok(())
}

#[tokio::test]
async fn a_persons_own_listing_has_no_code_and_a_code_is_no_novel() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let own = scene.listing(Status::Draft).await?;
    assert_eq!(
        reason(market::listing_code_set(&*scene.api, &code(scene.seller, own, "A-1")).await),
        Reason::ListingCodeOfShop
    );
    let (_, _, listing) = scene.shop().await?;
    let long = code(scene.seller, listing, &"x".repeat(65));
    assert_eq!(
        reason(market::listing_code_set(&*scene.api, &long).await),
        Reason::ListingCodeLength
    );
    Ok(())
}
