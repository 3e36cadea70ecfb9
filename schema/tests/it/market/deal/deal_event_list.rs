//! What happened to a deal.

use kardan_schema::market::{self, DealEventList, ModerationDealEventList};
use kardan_schema::{DealState, Reason, Role, UserId};
use uuid::Uuid;

use super::{deal_in, expire};
use crate::market::reservation::Stall;
use crate::support::reason;

fn first_page(actor: UserId, deal: Uuid) -> DealEventList {
    DealEventList {
        actor,
        deal,
        limit: None,
        after_at: None,
        after_id: None,
    }
}

#[tokio::test]
async fn every_step_is_recorded_with_who_took_it_the_latest_first_in_pages() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 1, DealState::HandedOver).await?;
    market::deal_hand_over(&*stall.api, stall.seller, deal).await?;
    market::deal_cancel(&*stall.api, stall.buyer, deal, "Broken".to_owned()).await?;
    let mut steps = Vec::new();
    let mut page = DealEventList {
        limit: Some(2),
        ..first_page(stall.seller, deal)
    };
    loop {
        let events = market::deal_event_list(&*stall.api, &page).await?;
        let Some(last) = events.last() else { break };
        assert!(events.len() <= 2);
        (page.after_at, page.after_id) = (Some(last.at), Some(last.event_id));
        steps.extend(
            events
                .into_iter()
                .map(|e| (e.from_state, e.to_state, e.actor_id, e.reason)),
        );
    }
    let (buyer, seller) = (Some(stall.buyer), Some(stall.seller));
    assert_eq!(
        steps,
        [
            (
                Some(DealState::HandedOver),
                DealState::Cancelled,
                buyer,
                Some("Broken".to_owned())
            ),
            (
                Some(DealState::Confirmed),
                DealState::HandedOver,
                seller,
                None
            ),
            (
                Some(DealState::Requested),
                DealState::Confirmed,
                seller,
                None
            ),
            (None, DealState::Requested, buyer, None),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn what_time_did_has_no_actor() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 1, DealState::Requested).await?;
    expire(&stall.db, deal).await?;
    let events = market::deal_event_list(&*stall.api, &first_page(stall.buyer, deal)).await?;
    assert_eq!(
        (events[0].to_state, events[0].actor_id),
        (DealState::Expired, None)
    );
    Ok(())
}

#[tokio::test]
async fn only_the_two_sides_and_moderators_read_it() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 1, DealState::Confirmed).await?;
    let moderator = stall.db.person(Role::Moderator).await?;
    for person in [stall.db.person(Role::User).await?, moderator] {
        let strange = market::deal_event_list(&*stall.api, &first_page(person, deal)).await;
        assert_eq!(reason(strange), Reason::DealUnknown);
    }
    let none = market::deal_event_list(&*stall.api, &first_page(stall.buyer, Uuid::nil())).await;
    assert_eq!(reason(none), Reason::DealUnknown);
    let mut list = ModerationDealEventList {
        actor: moderator,
        deal,
        limit: None,
        after_at: None,
        after_id: None,
    };
    let seen = market::moderation_deal_event_list(&*stall.api, &list).await?;
    assert_eq!(seen.len(), 2);
    list.actor = stall.buyer;
    let refused = market::moderation_deal_event_list(&*stall.api, &list).await;
    assert_eq!(reason(refused), Reason::RoleRequired);
    Ok(())
}
