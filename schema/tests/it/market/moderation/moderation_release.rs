//! Giving a claim back.

use kardan_schema::market;
use kardan_schema::{ModerationItemId, Reason, Role};

use super::Desk;
use crate::support::reason;

#[tokio::test]
async fn a_released_item_is_free_for_the_next_moderator_and_releasing_twice_changes_nothing()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::Moderator).await?;
    let (_, item) = desk.claimed().await?;
    assert!(
        market::moderation_release(&*desk.api, desk.moderator, item)
            .await?
            .released
    );
    assert!(
        !market::moderation_release(&*desk.api, desk.moderator, item)
            .await?
            .released
    );
    let claimed = market::moderation_claim(&*desk.api, other, None).await?;
    assert_eq!(claimed[0].item_id, item);
    Ok(())
}

#[tokio::test]
async fn nobody_releases_what_another_one_holds() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::Moderator).await?;
    let (_, item) = desk.claimed().await?;
    assert!(
        !market::moderation_release(&*desk.api, other, item)
            .await?
            .released
    );
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    Ok(())
}

#[tokio::test]
async fn a_release_needs_a_moderator_and_an_item() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let stranger = market::moderation_release(&*desk.api, desk.author, item).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let nothing =
        market::moderation_release(&*desk.api, desk.moderator, ModerationItemId(-1)).await;
    assert_eq!(reason(nothing), Reason::ModerationItemUnknown);
    Ok(())
}
