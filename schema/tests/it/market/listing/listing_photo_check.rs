//! Whether a photo may be added, asked before it is looked at.

use kardan_schema::market;
use kardan_schema::{Reason, Role, Status, UserId};

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn the_listings_people_may_while_it_can_change_and_nothing_is_done() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in [
        Status::Draft,
        Status::Pending,
        Status::Rejected,
        Status::Published,
    ] {
        let listing = scene.listing(status).await?;
        let before = scene.version(listing).await?;
        let said = market::listing_photo_check(&*scene.api, scene.seller, listing).await?;
        assert_eq!((said.status, said.version), (status, before));
        assert_eq!(scene.version(listing).await?, before);
    }
    let (_, owner, listing) = scene.shop().await?;
    for member in [owner, scene.seller] {
        market::listing_photo_check(&*scene.api, member, listing).await?;
    }
    Ok(())
}

#[tokio::test]
async fn others_and_listings_that_rest_are_refused() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let stranger = scene.db.person(Role::User).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let said = async |actor: UserId, listing| {
        reason(market::listing_photo_check(&*scene.api, actor, listing).await)
    };
    for status in [Status::Reserved, Status::Sold, Status::Archived] {
        let listing = scene.listing(status).await?;
        assert_eq!(
            said(scene.seller, listing).await,
            Reason::ListingNotEditable
        );
    }
    let shown = scene.listing(Status::Published).await?;
    assert_eq!(said(stranger, shown).await, Reason::ListingNotYours);
    assert_eq!(said(moderator, shown).await, Reason::ListingNotYours);
    let draft = scene.listing(Status::Draft).await?;
    assert_eq!(said(stranger, draft).await, Reason::ListingUnknown);
    assert_eq!(said(UserId(-1), draft).await, Reason::ActorUnknown);
    let pending = scene.listing(Status::Pending).await?;
    scene.claim(pending).await?;
    assert_eq!(
        said(scene.seller, pending).await,
        Reason::ListingUnderReview
    );
    scene.block(scene.seller).await?;
    assert_eq!(said(scene.seller, draft).await, Reason::ActorBlocked);
    Ok(())
}
