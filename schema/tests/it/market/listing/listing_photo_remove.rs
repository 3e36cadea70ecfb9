//! Taking photos away.

use kardan_schema::market;
use kardan_schema::{Reason, Role, Status};
use uuid::Uuid;

use super::Scene;
use super::listing_photo_add::photo;
use super::listing_photo_list::keys;
use crate::support::reason;

#[tokio::test]
async fn the_photos_behind_move_up_and_the_cover_follows() -> anyhow::Result<()> {
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
    let state = market::listing_photo_remove(&*scene.api, scene.seller, ids[0]).await?;
    assert_eq!(
        (state.listing_id, state.version),
        (listing, scene.version(listing).await?)
    );
    assert_eq!(
        keys(&scene, listing).await?,
        [(1, "b".to_owned()), (2, "c".to_owned())]
    );
    assert_eq!(scene.inside(listing).await?.cover_key.as_deref(), Some("b"));
    assert_eq!(
        reason(market::listing_photo_remove(&*scene.api, scene.seller, ids[0]).await),
        Reason::ListingPhotoUnknown
    );
    for id in &ids[1..] {
        market::listing_photo_remove(&*scene.api, scene.seller, *id).await?;
    }
    assert_eq!(scene.inside(listing).await?.cover_key, None);
    Ok(())
}

#[tokio::test]
async fn a_published_listing_stays_published_without_a_photo() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let id = market::listing_photo_add(&*scene.api, &photo(scene.seller, listing, "a"))
        .await?
        .photo_id;
    scene.set(listing, "status = 'pending'").await?;
    scene
        .set(
            listing,
            "status = 'published', published_at = ops.clock_now()",
        )
        .await?;
    let stranger = scene.db.person(Role::User).await?;
    assert_eq!(
        reason(market::listing_photo_remove(&*scene.api, stranger, id).await),
        Reason::ListingNotYours
    );
    let state = market::listing_photo_remove(&*scene.api, scene.seller, id).await?;
    assert_eq!(state.status, Status::Published);
    assert_eq!(
        reason(market::listing_photo_remove(&*scene.api, stranger, Uuid::nil()).await),
        Reason::ListingPhotoUnknown
    );
    Ok(())
}
