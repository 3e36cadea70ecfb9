//! The photos of a listing: `listing_photo_list` for anybody, `listing_photo_view` for its people and moderators.

use kardan_schema::market;
use kardan_schema::{ListingId, Reason, Role, Status, UserId};

use super::Scene;
use super::listing_photo_add::photo;
use crate::support::reason;

/// Places and keys of the photos, as the seller sees them.
pub async fn keys(scene: &Scene, listing: ListingId) -> anyhow::Result<Vec<(i32, String)>> {
    let photos = market::listing_photo_view(&*scene.api, scene.seller, listing).await?;
    Ok(photos
        .into_iter()
        .map(|p| (p.position, p.storage_key))
        .collect())
}

#[tokio::test]
async fn anybody_sees_the_photos_of_what_is_shown_and_its_people_those_of_the_rest()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    market::listing_photo_add(&*scene.api, &photo(scene.seller, listing, "ab/1")).await?;
    let stranger = scene.db.person(Role::User).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    assert!(
        market::listing_photo_list(&*scene.api, listing)
            .await?
            .is_empty()
    );
    assert!(
        market::listing_photo_view(&*scene.api, stranger, listing)
            .await?
            .is_empty()
    );
    let shown = market::listing_photo_view(&*scene.api, moderator, listing).await?;
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (
            shown[0].storage_key.as_str(),
            shown[0].content_type.as_str(),
            shown[0].width
        ),
        ("ab/1", "image/webp", 1280)
    );
    scene.set(listing, "status = 'pending'").await?;
    scene
        .set(
            listing,
            "status = 'published', published_at = ops.clock_now()",
        )
        .await?;
    assert_eq!(
        market::listing_photo_list(&*scene.api, listing).await?,
        shown
    );
    scene.block(scene.seller).await?;
    assert!(
        market::listing_photo_list(&*scene.api, listing)
            .await?
            .is_empty()
    );
    assert_eq!(
        reason(market::listing_photo_view(&*scene.api, UserId(-1), listing).await),
        Reason::ActorUnknown
    );
    Ok(())
}
