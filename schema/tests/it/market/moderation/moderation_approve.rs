//! Approval.

use chrono::{DateTime, Utc};
use kardan_schema::market::{self, ModerationReject};
use kardan_schema::{Decision, ListingId, ModerationItemId, Reason, Role, Status};

use super::Desk;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

async fn published_at(desk: &Desk, listing: ListingId) -> anyhow::Result<Option<DateTime<Utc>>> {
    let row = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select l.published_at from market_data.listings as l where l.id = $1",
            &[&listing],
        )
        .await?;
    Ok(row.get(0))
}

#[tokio::test]
async fn an_approved_listing_is_published_once_and_a_repeat_gives_the_same_answer()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let done = market::moderation_approve(&*desk.api, desk.moderator, item, Some(1)).await?;
    assert_eq!((done.item_id, done.listing_id), (item, listing));
    assert_eq!((done.status, done.version), (Status::Published, 2));
    let again = market::moderation_approve(&*desk.api, desk.moderator, item, Some(1)).await?;
    assert_eq!(again, done);
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!(
        (card.decision, card.decided_by),
        (Some(Decision::Approved), Some(desk.moderator))
    );
    assert_eq!((card.claimed_by, card.published_at), (None, card.closed_at));
    assert_eq!(desk.audited(listing).await?, ["moderation.approve"]);
    let events: Vec<(String, i64)> = desk
        .db
        .superuser()
        .await?
        .query(
            "select e.event, e.actor_id from market_data.listing_events as e
             where e.listing_id = $1 and e.event <> 'created'",
            &[&listing],
        )
        .await?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(events, [("published".to_owned(), desk.moderator.0)]);
    Ok(())
}

#[tokio::test]
async fn a_second_publication_keeps_the_time_of_the_first() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    let first = published_at(&desk, listing).await?;
    assert!(first.is_some());
    // The author changes the text: it goes back into the queue.
    let second = desk.resubmitted(listing).await?;
    desk.db.shift_clock("2 days").await?;
    market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    assert_ne!(second, item);
    let done = market::moderation_approve(&*desk.api, desk.moderator, second, None).await?;
    assert_eq!(done.status, Status::Published);
    assert_eq!(published_at(&desk, listing).await?, first);
    Ok(())
}

#[tokio::test]
async fn an_approval_needs_the_live_claim_and_the_version_that_was_read() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    let unclaimed = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(unclaimed), Reason::ClaimRequired);
    market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    let other = desk.db.person(Role::Moderator).await?;
    let foreign = market::moderation_approve(&*desk.api, other, item, None).await;
    assert_eq!(reason(foreign), Reason::ClaimRequired);
    desk.arrange(
        "update market_data.listings set title = 'Another title' where id = $1",
        listing,
    )
    .await?;
    let stale = market::moderation_approve(&*desk.api, desk.moderator, item, Some(1)).await;
    assert_eq!(reason(stale), Reason::VersionStale);
    market::moderation_approve(&*desk.api, desk.moderator, item, Some(2)).await?;
    Ok(())
}

#[tokio::test]
async fn an_edit_that_commits_while_the_approval_waits_makes_it_stale() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let mut editor = desk.db.superuser().await?;
    let edit = editor.transaction().await?;
    edit.execute(
        "update market_data.listings set title = 'Edited late' where id = $1",
        &[&listing],
    )
    .await?;
    let api = desk.db.as_role("kardan_api").await?;
    let waiting = backend(&api).await?;
    let moderator = desk.moderator;
    let approval =
        tokio::spawn(
            async move { market::moderation_approve(&*api, moderator, item, Some(1)).await },
        );
    until_blocked(&desk.db, waiting).await?;
    edit.commit().await?;
    assert_eq!(reason(approval.await?), Reason::VersionStale);
    Ok(())
}

#[tokio::test]
async fn of_two_decisions_at_once_the_first_holds() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let mut first = desk.db.as_role("kardan_api").await?;
    let approving = first.transaction().await?;
    market::moderation_approve(&approving, desk.moderator, item, Some(1)).await?;
    let api = desk.db.as_role("kardan_api").await?;
    let waiting = backend(&api).await?;
    let rejection = ModerationReject {
        actor: desk.moderator,
        item,
        reason: "other".to_owned(),
        note: None,
        version: Some(1),
    };
    let rejecting = tokio::spawn(async move { market::moderation_reject(&*api, &rejection).await });
    until_blocked(&desk.db, waiting).await?;
    approving.commit().await?;
    assert_eq!(reason(rejecting.await?), Reason::ModerationDecided);
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!(card.status, Status::Published);
    Ok(())
}

#[tokio::test]
async fn what_another_moderator_decided_or_the_author_withdrew_is_decided() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    let other = desk.db.person(Role::Moderator).await?;
    let second = market::moderation_approve(&*desk.api, other, item, None).await;
    assert_eq!(reason(second), Reason::ModerationDecided);

    let (listing, item) = desk.claimed().await?;
    desk.arrange(
        "update market_data.moderation_items
         set closed_at = ops.clock_now(), decision = 'withdrawn' where listing_id = $1",
        listing,
    )
    .await?;
    let late = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(late), Reason::ModerationDecided);
    Ok(())
}

#[tokio::test]
async fn a_listing_whose_pieces_went_while_it_waited_moves_on_at_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    desk.arrange(
        "update market_data.listings set stock_quantity = 0 where id = $1",
        listing,
    )
    .await?;
    desk.arrange(
        "insert into market_data.reservations (id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
         select gen_random_uuid(), l.id, l.created_by, 3, 'RUB', 1, ops.clock_now()
         from market_data.listings as l where l.id = $1",
        listing,
    )
    .await?;
    let done = market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    assert_eq!(done.status, Status::Reserved);
    Ok(())
}

#[tokio::test]
async fn nobody_approves_their_own_listing_even_with_a_claim() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    // The moderator joined the shop after the claim.
    desk.to_shop_of(listing, desk.moderator).await?;
    let own = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(own), Reason::ModerationOwnListing);
    let stranger = market::moderation_approve(&*desk.api, desk.author, item, None).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let nothing =
        market::moderation_approve(&*desk.api, desk.moderator, ModerationItemId(-1), None).await;
    assert_eq!(reason(nothing), Reason::ModerationItemUnknown);
    Ok(())
}
