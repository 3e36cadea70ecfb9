//! What a moderator sees of an item.

use kardan_schema::market::{self, ModerationReject};
use kardan_schema::{Decision, ModerationItemId, Reason, Role, Status};

use super::Desk;
use crate::support::reason;

#[tokio::test]
async fn the_card_shows_the_listing_from_the_inside_and_how_the_seller_fared() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let (_, former) = desk.claimed().await?;
    let rejection = ModerationReject {
        actor: desk.moderator,
        item: former,
        reason: "bad_photos".to_owned(),
        note: Some("Too dark".to_owned()),
        version: None,
    };
    market::moderation_reject(&*desk.api, &rejection).await?;
    let (listing, item) = desk.submitted().await?;
    desk.arrange(
        "insert into market_data.listing_photos (
             id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at)
         select gen_random_uuid(), $1, n, 'photo-' || n, 'image/jpeg', 10, 10, 10, ops.clock_now()
         from generate_series(1, 2) as n",
        listing,
    )
    .await?;
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!((card.item_id, card.listing_id), (item, listing));
    assert_eq!(
        (card.status, card.version, card.decision),
        (Status::Pending, 1, None)
    );
    assert_eq!((card.claimed_by, card.submitted_by), (None, desk.author));
    assert_eq!(card.contact_phone, "+7 900 000-00-00");
    assert_eq!(card.photo_keys, ["photo-1", "photo-2"]);
    assert_eq!(
        (card.seller_user_id, card.seller_shop_id),
        (Some(desk.author), None)
    );
    assert_eq!(card.seller_name, "User of the test");
    assert!(!card.seller_is_blocked);
    assert_eq!(
        (
            card.seller_listing_count,
            card.seller_published_count,
            card.seller_rejection_count
        ),
        (2, 0, 1)
    );
    // The decided one still shows what was decided.
    let card = market::moderation_card(&*desk.api, desk.moderator, former).await?;
    assert_eq!(card.decision, Some(Decision::Rejected));
    assert_eq!(
        (card.reason.as_deref(), card.note.as_deref()),
        (Some("bad_photos"), Some("Too dark"))
    );
    assert_eq!(card.decided_by, Some(desk.moderator));
    Ok(())
}

#[tokio::test]
async fn the_card_of_a_listing_that_came_back_tells_why_it_was_rejected() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, first) = desk.claimed().await?;
    let rejection = ModerationReject {
        actor: desk.moderator,
        item: first,
        reason: "unclear_text".to_owned(),
        note: Some("Which side?".to_owned()),
        version: None,
    };
    market::moderation_reject(&*desk.api, &rejection).await?;
    let second = desk.resubmitted(listing).await?;
    let card = market::moderation_card(&*desk.api, desk.moderator, second).await?;
    assert_eq!(
        card.former_rejection_reason.as_deref(),
        Some("unclear_text")
    );
    assert_eq!(card.former_rejection_note.as_deref(), Some("Which side?"));
    let card = market::moderation_card(&*desk.api, desk.moderator, first).await?;
    assert_eq!(card.former_rejection_reason, None);
    Ok(())
}

#[tokio::test]
async fn the_card_of_a_shops_listing_names_the_shop() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    desk.to_shop_of(listing, desk.author).await?;
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!(card.seller_name, format!("Shop of {}", desk.author));
    assert_eq!(card.seller_user_id, None);
    assert_eq!(card.seller_listing_count, 1);
    Ok(())
}

#[tokio::test]
async fn only_moderators_see_a_card_and_only_of_an_item_that_exists() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.submitted().await?;
    let stranger = market::moderation_card(&*desk.api, desk.author, item).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let admin = desk.db.person(Role::Admin).await?;
    market::moderation_card(&*desk.api, admin, item).await?;
    let nothing = market::moderation_card(&*desk.api, admin, ModerationItemId(-1)).await;
    assert_eq!(reason(nothing), Reason::ModerationItemUnknown);
    Ok(())
}
