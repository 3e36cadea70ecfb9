//! The price on the site and the price in the post: a change of the price alone leaves posts as they are.

use kardan_schema::market::{
    self, ListingPhotoAdd, ListingPriceList, ListingPriceSet, ListingPriceState,
};
use kardan_schema::{ListingId, Reason, Role, Status, UserId};
use serde_json::Value;

use super::{Scene, retitle};
use crate::support::reason;

impl Scene {
    async fn reprice(&self, listing: ListingId, price_minor: i64) -> anyhow::Result<()> {
        let set = ListingPriceSet {
            actor: self.seller,
            listing,
            version: None,
            price_minor,
            wholesale_price_minor: Some(price_minor / 2),
            wholesale_min_quantity: Some(5),
        };
        market::listing_price_set(&*self.api, &set).await?;
        Ok(())
    }

    async fn prices(&self, listing: ListingId) -> anyhow::Result<ListingPriceState> {
        Ok(market::listing_price_get(&*self.api, self.seller, listing).await?)
    }

    /// What a post of the listing shows.
    async fn post(&self, listing: ListingId) -> anyhow::Result<Option<Value>> {
        let row = self
            .admin
            .query_one("select market.listing_post($1)", &[&listing])
            .await?;
        Ok(row.get(0))
    }

    async fn look_again(&self, listing: ListingId) -> anyhow::Result<()> {
        let moderator = self.db.person(Role::Moderator).await?;
        let claimed = market::moderation_claim(&*self.api, moderator, None).await?;
        assert_eq!(claimed[0].listing_id, listing);
        market::moderation_approve(&*self.api, moderator, claimed[0].item_id, None).await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_price_alone_shows_at_once_and_leaves_the_post_as_it_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let post = scene.post(listing).await?;
    let same = scene.prices(listing).await?;
    assert_eq!(
        (same.price_minor, same.published_price_minor),
        (250_000, Some(250_000))
    );
    assert_eq!(same.differs_since, None);

    for price in [200_000, 180_000] {
        scene.reprice(listing, price).await?;
    }
    let page = market::listing_get(&*scene.api, listing).await?.unwrap();
    assert_eq!(
        (page.status, page.price_minor),
        (Status::Published, 180_000)
    );
    let told = scene.prices(listing).await?;
    assert_eq!(
        (told.price_minor, told.wholesale_price_minor),
        (180_000, Some(90_000))
    );
    assert_eq!(
        (
            told.published_price_minor,
            told.published_wholesale_price_minor
        ),
        (Some(250_000), None)
    );
    assert!(told.differs_since.is_some());
    assert_eq!(scene.post(listing).await?, post);
    // Nobody has to look again, and nothing is told to anybody or written into any channel.
    assert_eq!(scene.waiting(listing).await?, 0);
    let sent = "select (select count(*) from notify_data.outbox) + (select count(*) from notify_data.queue)";
    assert_eq!(scene.admin.query_one(sent, &[]).await?.get::<_, i64>(0), 0);
    let list = ListingPriceList {
        actor: scene.seller,
        listing,
        limit: None,
        after: None,
    };
    let history = market::listing_price_list(&*scene.api, &list).await?;
    let history: Vec<_> = history.iter().map(|one| one.price_minor).collect();
    assert_eq!(history, [180_000, 200_000, 250_000]);
    Ok(())
}

#[tokio::test]
async fn a_change_of_text_or_photos_edits_the_post_and_brings_it_the_new_price()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let mut price = 200_000;
    for by_photo in [false, true] {
        let before = scene.post(listing).await?;
        scene.reprice(listing, price).await?;
        assert_eq!(scene.post(listing).await?, before);
        if by_photo {
            let photo = ListingPhotoAdd {
                actor: scene.seller,
                listing,
                version: None,
                storage_key: "ab/1".to_owned(),
                content_type: "image/webp".to_owned(),
                width: 1280,
                height: 960,
                size_bytes: 200_000,
                perceptual_hash: None,
            };
            market::listing_photo_add(&*scene.api, &photo).await?;
        } else {
            market::listing_update(&*scene.api, &retitle(scene.seller, listing)).await?;
        }
        assert_ne!(scene.post(listing).await?, before);
        assert_eq!(scene.inside(listing).await?.status, Status::Pending);
        // Published it is only now, and at the price of now.
        assert_eq!(
            scene.prices(listing).await?.published_price_minor,
            Some(price + 50_000)
        );
        scene.look_again(listing).await?;
        let told = scene.prices(listing).await?;
        assert_eq!(
            (told.published_price_minor, told.differs_since),
            (Some(price), None)
        );
        assert_eq!(scene.post(listing).await?.unwrap()["price_minor"], price);
        price -= 50_000;
    }
    Ok(())
}

#[tokio::test]
async fn being_put_aside_for_a_buyer_is_no_publication() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene.reprice(listing, 200_000).await?;
    for status in ["reserved", "published"] {
        scene.set(listing, &format!("status = '{status}'")).await?;
        assert_eq!(
            scene.prices(listing).await?.published_price_minor,
            Some(250_000)
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_was_never_published_has_no_published_price_and_strangers_see_neither()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    scene.reprice(listing, 200_000).await?;
    let told = scene.prices(listing).await?;
    assert_eq!(
        (told.price_minor, told.published_price_minor),
        (200_000, None)
    );
    assert_eq!(scene.post(listing).await?, None);
    let stranger = scene.db.person(Role::User).await?;
    for (actor, expected) in [
        (stranger, Reason::ListingUnknown),
        (UserId(-1), Reason::ActorUnknown),
    ] {
        let answer = market::listing_price_get(&*scene.api, actor, listing).await;
        assert_eq!(reason(answer), expected);
    }
    Ok(())
}
