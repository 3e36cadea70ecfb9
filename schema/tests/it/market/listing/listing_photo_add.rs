//! Adding photos.

use kardan_schema::market::{self, ListingPhotoAdd};
use kardan_schema::{ListingId, Reason, Role, Status, UserId};

use super::Scene;
use crate::support::reason;

/// A photo with this key.
pub fn photo(actor: UserId, listing: ListingId, key: &str) -> ListingPhotoAdd {
    ListingPhotoAdd {
        actor,
        listing,
        version: None,
        storage_key: key.to_owned(),
        content_type: "image/webp".to_owned(),
        width: 1280,
        height: 960,
        size_bytes: 200_000,
        perceptual_hash: None,
    }
}

#[tokio::test]
async fn a_listing_has_at_most_ten_photos_in_order_and_the_first_is_its_cover() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    for n in 1..=10 {
        let added = market::listing_photo_add(
            &*scene.api,
            &photo(scene.seller, listing, &format!("ab/{n}")),
        )
        .await?;
        assert_eq!((added.position, added.status), (n, Status::Draft));
        assert_eq!(added.version, scene.version(listing).await?);
    }
    assert_eq!(
        scene.inside(listing).await?.cover_key.as_deref(),
        Some("ab/1")
    );
    let eleventh = photo(scene.seller, listing, "ab/11");
    assert_eq!(
        reason(market::listing_photo_add(&*scene.api, &eleventh).await),
        Reason::ListingPhotoLimit
    );
    Ok(())
}

#[tokio::test]
async fn the_same_photo_again_is_the_same_photo() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let wish = ListingPhotoAdd {
        version: Some(1),
        ..photo(scene.seller, listing, "ab/1")
    };
    let first = market::listing_photo_add(&*scene.api, &wish).await?;
    assert_eq!(market::listing_photo_add(&*scene.api, &wish).await?, first);
    let late = ListingPhotoAdd {
        storage_key: "ab/2".to_owned(),
        ..wish
    };
    assert_eq!(
        reason(market::listing_photo_add(&*scene.api, &late).await),
        Reason::VersionStale
    );
    Ok(())
}

#[tokio::test]
async fn a_new_photo_sends_a_published_listing_back_to_the_moderators() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let added =
        market::listing_photo_add(&*scene.api, &photo(scene.seller, listing, "ab/1")).await?;
    assert_eq!(
        (added.status, scene.waiting(listing).await?),
        (Status::Pending, 1)
    );
    scene.claim(listing).await?;
    let another =
        market::listing_photo_add(&*scene.api, &photo(scene.seller, listing, "ab/2")).await;
    assert_eq!(reason(another), Reason::ListingUnderReview);
    Ok(())
}

#[tokio::test]
async fn a_key_stays_inside_the_store_and_a_photo_is_a_photo() -> anyhow::Result<()> {
    type Break = fn(&mut ListingPhotoAdd);
    let rules: [(Reason, Break); 13] = [
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = "a/../../etc/passwd".to_owned()
        }),
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = "/etc/passwd".to_owned()
        }),
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = "a//b".to_owned()
        }),
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = "a/".to_owned()
        }),
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = String::new()
        }),
        (Reason::ListingPhotoKeyShape, |p| {
            p.storage_key = "a".repeat(256)
        }),
        (Reason::ListingPhotoTypeKnown, |p| {
            p.content_type = "image/svg+xml".to_owned()
        }),
        (Reason::ListingPhotoSize, |p| p.width = 0),
        (Reason::ListingPhotoSize, |p| p.width = 20_001),
        (Reason::ListingPhotoSize, |p| p.height = 0),
        (Reason::ListingPhotoSize, |p| p.height = 20_001),
        (Reason::ListingPhotoSize, |p| p.size_bytes = 0),
        (Reason::ListingPhotoSize, |p| p.size_bytes = 10_485_761),
    ];
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    for (expected, break_it) in rules {
        let mut wish = photo(scene.seller, listing, "ab/1");
        break_it(&mut wish);
        assert_eq!(
            reason(market::listing_photo_add(&*scene.api, &wish).await),
            expected
        );
    }
    Ok(())
}

#[tokio::test]
async fn photos_are_added_by_the_listings_people_while_it_may_change() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in [Status::Reserved, Status::Sold, Status::Archived] {
        let listing = scene.listing(status).await?;
        let wish = photo(scene.seller, listing, "ab/1");
        assert_eq!(
            reason(market::listing_photo_add(&*scene.api, &wish).await),
            Reason::ListingNotEditable
        );
    }
    let listing = scene.listing(Status::Published).await?;
    let wish = photo(scene.db.person(Role::Moderator).await?, listing, "ab/1");
    assert_eq!(
        reason(market::listing_photo_add(&*scene.api, &wish).await),
        Reason::ListingNotYours
    );
    Ok(())
}

#[tokio::test]
async fn of_two_photos_at_once_both_are_kept_one_behind_the_other() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let mut other = scene.db.as_role("kardan_api").await?;
    let first = other.transaction().await?;
    market::listing_photo_add(&first, &photo(scene.seller, listing, "ab/1")).await?;
    let wish = photo(scene.seller, listing, "ab/2");
    let second = market::listing_photo_add(&*scene.api, &wish);
    let end = async {
        scene.somebody_waits().await?;
        first.commit().await?;
        anyhow::Ok(())
    };
    let (second, end) = tokio::join!(second, end);
    end?;
    assert_eq!(second?.position, 2);
    Ok(())
}
