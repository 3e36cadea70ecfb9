//! Rejection.

use kardan_schema::market::{self, ModerationReject};
use kardan_schema::{ModerationItemId, Reason, Status, UserId};

use super::Desk;
use crate::support::reason;

fn as_duplicate(actor: UserId, item: ModerationItemId) -> ModerationReject {
    ModerationReject {
        actor,
        item,
        reason: "duplicate".to_owned(),
        note: Some("  See the one of yesterday ".to_owned()),
        version: Some(1),
    }
}

#[tokio::test]
async fn a_rejection_reaches_the_author_with_its_reason_and_note() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let done = market::moderation_reject(&*desk.api, &as_duplicate(desk.moderator, item)).await?;
    assert_eq!(
        (done.listing_id, done.status, done.version),
        (listing, Status::Rejected, 2)
    );
    let again = market::moderation_reject(&*desk.api, &as_duplicate(desk.moderator, item)).await?;
    assert_eq!(again, done);
    let row = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select l.rejection_reason, l.rejection_note, l.published_at is null
             from market_data.listings as l where l.id = $1",
            &[&listing],
        )
        .await?;
    let told: (String, String, bool) = (row.get(0), row.get(1), row.get(2));
    assert_eq!(
        told,
        (
            "duplicate".to_owned(),
            "See the one of yesterday".to_owned(),
            true
        )
    );
    assert_eq!(desk.audited(listing).await?, ["moderation.reject"]);
    Ok(())
}

#[tokio::test]
async fn another_reason_or_note_afterwards_is_another_decision() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    market::moderation_reject(&*desk.api, &as_duplicate(desk.moderator, item)).await?;
    let otherwise = [
        ModerationReject {
            reason: "rude".to_owned(),
            ..as_duplicate(desk.moderator, item)
        },
        ModerationReject {
            note: None,
            ..as_duplicate(desk.moderator, item)
        },
    ];
    for other in otherwise {
        let answer = market::moderation_reject(&*desk.api, &other).await;
        assert_eq!(reason(answer), Reason::ModerationDecided);
    }
    let approval = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(approval), Reason::ModerationDecided);
    Ok(())
}

#[tokio::test]
async fn a_rejection_needs_a_ready_reason_in_use_and_a_note_of_fair_length() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    desk.db
        .superuser()
        .await?
        .batch_execute(
            "update market_data.moderation_reasons set archived_at = ops.clock_now() where code = 'rude'",
        )
        .await?;
    for code in ["no_such", "rude", ""] {
        let unknown = ModerationReject {
            reason: code.to_owned(),
            ..as_duplicate(desk.moderator, item)
        };
        let answer = market::moderation_reject(&*desk.api, &unknown).await;
        assert_eq!(reason(answer), Reason::ModerationReasonUnknown);
    }
    let noted = |length: usize| ModerationReject {
        note: Some("x".repeat(length)),
        ..as_duplicate(desk.moderator, item)
    };
    let long = market::moderation_reject(&*desk.api, &noted(1001)).await;
    assert_eq!(reason(long), Reason::ModerationNoteLength);
    assert_eq!(desk.audited(listing).await?, [""; 0]);
    market::moderation_reject(&*desk.api, &noted(1000)).await?;
    Ok(())
}

#[tokio::test]
async fn a_rejection_needs_a_moderator_with_a_live_claim_who_does_not_own_it() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    let stranger = market::moderation_reject(&*desk.api, &as_duplicate(desk.author, item)).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let unclaimed =
        market::moderation_reject(&*desk.api, &as_duplicate(desk.moderator, item)).await;
    assert_eq!(reason(unclaimed), Reason::ClaimRequired);
    market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    let stale = ModerationReject {
        version: Some(7),
        ..as_duplicate(desk.moderator, item)
    };
    assert_eq!(
        reason(market::moderation_reject(&*desk.api, &stale).await),
        Reason::VersionStale
    );
    desk.to_shop_of(listing, desk.moderator).await?;
    let own = market::moderation_reject(&*desk.api, &as_duplicate(desk.moderator, item)).await;
    assert_eq!(reason(own), Reason::ModerationOwnListing);
    Ok(())
}
