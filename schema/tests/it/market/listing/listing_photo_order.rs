//! Putting photos in order.

use kardan_schema::market::{self, ListingPhotoOrder};
use kardan_schema::{Reason, Status};
use uuid::Uuid;

use super::Scene;
use super::listing_photo_add::photo;
use super::listing_photo_list::keys;
use crate::support::reason;

#[tokio::test]
async fn the_order_is_the_lists_and_it_names_each_photo_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let mut ids = Vec::new();
    for key in ["a", "b", "c"] {
        let wish = photo(scene.seller, listing, key);
        ids.push(
            market::listing_photo_add(&*scene.api, &wish)
                .await?
                .photo_id,
        );
    }
    let version = scene.version(listing).await?;
    let order = |photos: Vec<Uuid>| ListingPhotoOrder {
        actor: scene.seller,
        listing,
        version: Some(version),
        photos,
    };
    for mismatch in [
        vec![],
        vec![ids[0], ids[1]],
        vec![ids[0], ids[1], ids[1]],
        vec![ids[0], ids[1], Uuid::nil()],
        vec![ids[0], ids[1], ids[2], ids[2]],
    ] {
        assert_eq!(
            reason(market::listing_photo_order(&*scene.api, &order(mismatch)).await),
            Reason::ListingPhotoOrderMismatch
        );
    }
    let turned = order(vec![ids[2], ids[0], ids[1]]);
    let state = market::listing_photo_order(&*scene.api, &turned).await?;
    assert_eq!(state.version, version + 1);
    let expected: Vec<_> = [(1, "c"), (2, "a"), (3, "b")]
        .map(|(n, key)| (n, key.to_owned()))
        .into();
    assert_eq!(keys(&scene, listing).await?, expected);
    assert_eq!(scene.inside(listing).await?.cover_key.as_deref(), Some("c"));
    // Sent again with the version of then, the order is there already.
    assert_eq!(
        market::listing_photo_order(&*scene.api, &turned).await?,
        state
    );
    assert_eq!(
        reason(market::listing_photo_order(&*scene.api, &order(ids)).await),
        Reason::VersionStale
    );
    Ok(())
}

#[tokio::test]
async fn a_listing_without_photos_is_in_order() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let nothing = ListingPhotoOrder {
        actor: scene.seller,
        listing,
        version: Some(0),
        photos: vec![],
    };
    let state = market::listing_photo_order(&*scene.api, &nothing).await?;
    assert_eq!((state.status, state.version), (Status::Published, 1));
    let stranger = scene.db.person(kardan_schema::Role::User).await?;
    let foreign = ListingPhotoOrder {
        actor: stranger,
        ..nothing
    };
    assert_eq!(
        reason(market::listing_photo_order(&*scene.api, &foreign).await),
        Reason::ListingNotYours
    );
    Ok(())
}
