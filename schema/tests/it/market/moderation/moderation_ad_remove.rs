//! Emptying the slot.

use kardan_schema::market;
use kardan_schema::{ListingId, Reason};

use super::Desk;
use super::moderation_ad_place::tyres;
use crate::support::reason;

#[tokio::test]
async fn a_moderator_empties_the_slot_and_an_empty_one_stays_empty() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    market::moderation_ad_place(&*desk.api, &tyres(desk.moderator, listing)).await?;
    assert!(
        market::moderation_ad_remove(&*desk.api, desk.moderator, listing)
            .await?
            .removed
    );
    assert!(
        !market::moderation_ad_remove(&*desk.api, desk.moderator, listing)
            .await?
            .removed
    );
    assert_eq!(
        desk.audited(listing).await?,
        ["moderation.ad_place", "moderation.ad_remove"]
    );
    Ok(())
}

#[tokio::test]
async fn the_slot_is_emptied_by_moderators_and_never_in_their_own_listing() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    let stranger = market::moderation_ad_remove(&*desk.api, desk.author, listing).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let (own, _) = desk.submitted_by(desk.moderator).await?;
    let answer = market::moderation_ad_remove(&*desk.api, desk.moderator, own).await;
    assert_eq!(reason(answer), Reason::ModerationOwnListing);
    let nothing = market::moderation_ad_remove(&*desk.api, desk.moderator, ListingId(-1)).await;
    assert_eq!(reason(nothing), Reason::ListingUnknown);
    Ok(())
}
