//! The advertisement in a listing's slot.

use chrono::{TimeDelta, Utc};
use kardan_schema::market::{self, ModerationAdPlace};
use kardan_schema::{ListingId, Reason, UserId};

use super::Desk;
use crate::support::reason;

pub(super) fn tyres(actor: UserId, listing: ListingId) -> ModerationAdPlace {
    let begins_at = chrono::DateTime::from_timestamp(Utc::now().timestamp(), 0).unwrap();
    ModerationAdPlace {
        actor,
        listing,
        text: "Winter tyres next door".to_owned(),
        url: "https://tyres.example/winter".to_owned(),
        begins_at,
        ends_at: begins_at + TimeDelta::days(7),
    }
}

#[tokio::test]
async fn a_moderator_fills_the_slot_and_the_next_one_takes_its_place() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    let ad = tyres(desk.moderator, listing);
    let placed = market::moderation_ad_place(&*desk.api, &ad).await?;
    assert_eq!((&placed.text, &placed.url), (&ad.text, &ad.url));
    assert_eq!(
        (placed.begins_at, placed.ends_at),
        (ad.begins_at, ad.ends_at)
    );
    assert_eq!(
        (placed.listing_id, placed.placed_by),
        (listing, desk.moderator)
    );
    // The very same again is not written again.
    assert_eq!(market::moderation_ad_place(&*desk.api, &ad).await?, placed);
    let other = ModerationAdPlace {
        text: "Summer tyres".to_owned(),
        ..ad
    };
    assert_eq!(
        market::moderation_ad_place(&*desk.api, &other).await?.text,
        "Summer tyres"
    );
    assert_eq!(
        desk.audited(listing).await?,
        ["moderation.ad_place", "moderation.ad_place"]
    );
    Ok(())
}

#[tokio::test]
async fn an_advertisement_has_a_text_a_safe_address_and_an_end_after_its_begin()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    let ad = tyres(desk.moderator, listing);
    for length in [0, 301] {
        let wrong = ModerationAdPlace {
            text: "x".repeat(length),
            ..ad.clone()
        };
        let answer = market::moderation_ad_place(&*desk.api, &wrong).await;
        assert_eq!(reason(answer), Reason::ListingAdTextLength);
    }
    for url in [
        "http://tyres.example",
        "javascript:alert(1)",
        "https://a b.example",
        "",
    ] {
        let wrong = ModerationAdPlace {
            url: url.to_owned(),
            ..ad.clone()
        };
        let answer = market::moderation_ad_place(&*desk.api, &wrong).await;
        assert_eq!(reason(answer), Reason::ListingAdUrlShape);
    }
    let over = ModerationAdPlace {
        ends_at: ad.begins_at,
        ..ad
    };
    let answer = market::moderation_ad_place(&*desk.api, &over).await;
    assert_eq!(reason(answer), Reason::ListingAdEndsLater);
    Ok(())
}

#[tokio::test]
async fn the_slot_is_filled_by_moderators_and_never_in_their_own_listing() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    let stranger = market::moderation_ad_place(&*desk.api, &tyres(desk.author, listing)).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let (own, _) = desk.submitted_by(desk.moderator).await?;
    let answer = market::moderation_ad_place(&*desk.api, &tyres(desk.moderator, own)).await;
    assert_eq!(reason(answer), Reason::ModerationOwnListing);
    let nothing =
        market::moderation_ad_place(&*desk.api, &tyres(desk.moderator, ListingId(-1))).await;
    assert_eq!(reason(nothing), Reason::ListingUnknown);
    Ok(())
}
