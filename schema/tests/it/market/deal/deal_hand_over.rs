//! The seller says that the buyer has the pieces; and which steps there are at all.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Status};

use super::{ask, deal_in, state_of};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn handed_over_pieces_stay_put_aside_until_the_buyer_speaks_or_time_does()
-> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 2, DealState::Confirmed).await?;
    let by_buyer = market::deal_hand_over(&*stall.api, stall.buyer, deal).await;
    assert_eq!(reason(by_buyer), Reason::DealSideRequired);
    let step = market::deal_hand_over(&*stall.api, stall.seller, deal).await?;
    assert_eq!(step.state, DealState::HandedOver);
    assert!(step.due_at > Some(step.changed_at));
    assert_eq!(
        market::deal_hand_over(&*stall.api, stall.seller, deal).await?,
        step
    );
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    assert_eq!(stall.held().await?, 2);
    Ok(())
}

#[tokio::test]
async fn every_step_that_the_table_does_not_name_is_refused() -> anyhow::Result<()> {
    let all = DealState::ALL;
    for from in all {
        let stall = Stall::open(1).await?;
        let deal = deal_in(&stall, 1, *from).await?;
        for to in all.iter().filter(|to| *to != from) {
            let legal = matches!(
                (from, to),
                (DealState::Requested, DealState::Confirmed)
                    | (DealState::Confirmed, DealState::HandedOver)
                    | (DealState::HandedOver, DealState::Completed)
                    | (
                        DealState::Requested | DealState::Confirmed | DealState::HandedOver,
                        DealState::Cancelled
                    )
            );
            let api = &*stall.api;
            let answer = match to {
                DealState::Confirmed => market::deal_confirm(api, stall.seller, deal).await,
                DealState::HandedOver => market::deal_hand_over(api, stall.seller, deal).await,
                DealState::Completed => market::deal_complete(api, stall.buyer, deal).await,
                DealState::Cancelled => {
                    market::deal_cancel(api, stall.buyer, deal, "Because".to_owned()).await
                }
                DealState::Requested | DealState::Expired => continue,
            };
            if !legal {
                assert_eq!(reason(answer), Reason::DealMoveIllegal, "{from} to {to}");
                assert_eq!(state_of(&stall.db, deal).await?, *from);
                continue;
            }
            answer?;
            // The next step is tried on a deal that is where this one was.
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_database_itself_refuses_illegal_steps_and_changed_terms() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = ask(&stall, 1).await?;
    let session = stall.db.superuser().await?;
    for (change, constraint) in [
        ("state = 'completed', due_at = null", "deal_move_illegal"),
        ("state = 'handed_over'", "deal_move_illegal"),
        ("quantity = 2, total_minor = 500000", "deal_terms_frozen"),
        ("unit_price_minor = 1, total_minor = 1", "deal_terms_frozen"),
        ("buyer_id = buyer_id + 1000", "deal_terms_frozen"),
        (
            "state = 'confirmed', due_at = null",
            "deal_confirmed_has_pieces",
        ),
        (
            "state = 'cancelled', due_at = null",
            "deal_cancelled_has_reason",
        ),
        ("due_at = null", "deal_due_while_it_waits"),
    ] {
        let refused = session
            .execute(
                &format!("update market_data.deals set {change} where id = $1"),
                &[&deal],
            )
            .await;
        let found = refused.err().and_then(|error| {
            error
                .as_db_error()
                .and_then(|db| db.constraint().map(str::to_owned))
        });
        assert_eq!(found.as_deref(), Some(constraint), "{change}");
    }
    let erased = session
        .batch_execute("delete from market_data.deal_events")
        .await;
    assert!(erased.is_err(), "history is append only");
    Ok(())
}
