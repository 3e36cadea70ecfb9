//! Either side ends a deal.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Role, Status};

use super::{deal_in, to_shop};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn either_side_cancels_until_it_is_completed_and_the_pieces_go_back_once()
-> anyhow::Result<()> {
    for state in [
        DealState::Requested,
        DealState::Confirmed,
        DealState::HandedOver,
    ] {
        for by_buyer in [true, false] {
            let stall = Stall::open(1).await?;
            let deal = deal_in(&stall, 1, state).await?;
            let who = if by_buyer { stall.buyer } else { stall.seller };
            let why = || "  Found another one  ".to_owned();
            let step = market::deal_cancel(&*stall.api, who, deal, why()).await?;
            assert_eq!((step.state, step.due_at), (DealState::Cancelled, None));
            assert_eq!(stall.state().await?, (Status::Published, 1), "{state}");
            assert_eq!(stall.held().await?, 0);
            for again in [stall.buyer, stall.seller] {
                let repeated = market::deal_cancel(&*stall.api, again, deal, String::new()).await?;
                assert_eq!(repeated, step);
            }
            assert_eq!(stall.state().await?, (Status::Published, 1), "{state}");
            let whole = market::deal_get(&*stall.api, stall.buyer, deal)
                .await?
                .unwrap();
            assert_eq!(whole.reason.as_deref(), Some("Found another one"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_cancellation_says_why() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let deal = deal_in(&stall, 1, DealState::Confirmed).await?;
    for why in [String::new(), "  a ".to_owned(), "x".repeat(501)] {
        let answer = market::deal_cancel(&*stall.api, stall.buyer, deal, why).await;
        assert_eq!(reason(answer), Reason::DealReasonLength);
    }
    assert_eq!(stall.held().await?, 1);
    market::deal_cancel(&*stall.api, stall.buyer, deal, "я".repeat(500)).await?;
    Ok(())
}

#[tokio::test]
async fn strangers_and_the_blocked_cancel_nothing_and_any_member_of_the_shop_may()
-> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let (_, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Confirmed).await?;
    let stranger = stall.db.person(Role::Moderator).await?;
    let strange = market::deal_cancel(&*stall.api, stranger, deal, "No".repeat(3)).await;
    assert_eq!(reason(strange), Reason::DealUnknown);
    stall.block(stall.buyer).await?;
    let blocked = market::deal_cancel(&*stall.api, stall.buyer, deal, "No".repeat(3)).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    market::deal_cancel(&*stall.api, member, deal, "The buyer is blocked".to_owned()).await?;
    assert_eq!(stall.held().await?, 0);
    Ok(())
}
