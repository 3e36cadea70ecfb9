//! What time does to deals.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Status};

use super::{ask, deal_in, state_of};
use crate::market::reservation::Stall;
use crate::support::reason;

async fn run(stall: &Stall) -> anyhow::Result<()> {
    let job = stall.db.as_role("kardan_maintenance").await?;
    job.batch_execute("select market.deals_advance()").await?;
    Ok(())
}

#[tokio::test]
async fn a_request_without_an_answer_expires_and_not_a_moment_before() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let deal = ask(&stall, 1).await?;
    stall.db.shift_clock("71 hours").await?;
    run(&stall).await?;
    assert_eq!(state_of(&stall.db, deal).await?, DealState::Requested);
    stall.db.shift_clock("73 hours").await?;
    for _ in 0..2 {
        run(&stall).await?;
        assert_eq!(state_of(&stall.db, deal).await?, DealState::Expired);
    }
    let late = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(late), Reason::DealMoveIllegal);
    assert_ne!(ask(&stall, 1).await?, deal);
    assert_eq!(stall.state().await?, (Status::Published, 1));
    Ok(())
}

#[tokio::test]
async fn what_was_handed_over_is_completed_when_the_buyer_says_nothing() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let deal = deal_in(&stall, 1, DealState::HandedOver).await?;
    stall.db.shift_clock("13 days").await?;
    run(&stall).await?;
    assert_eq!(state_of(&stall.db, deal).await?, DealState::HandedOver);
    stall.db.shift_clock("15 days").await?;
    run(&stall).await?;
    assert_eq!(state_of(&stall.db, deal).await?, DealState::Completed);
    assert_eq!(stall.state().await?, (Status::Sold, 0));
    Ok(())
}

#[tokio::test]
async fn what_somebody_works_on_is_left_to_the_next_run() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let deal = deal_in(&stall, 1, DealState::HandedOver).await?;
    stall.db.shift_clock("15 days").await?;
    let mut session = stall.db.as_role("kardan_api").await?;
    let working = session.transaction().await?;
    market::deal_cancel(&working, stall.seller, deal, "It came back".to_owned()).await?;
    run(&stall).await?;
    working.commit().await?;
    run(&stall).await?;
    assert_eq!(state_of(&stall.db, deal).await?, DealState::Cancelled);
    Ok(())
}

#[tokio::test]
async fn the_times_are_settings() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    stall
        .db
        .superuser()
        .await?
        .batch_execute(
            "update ops_data.settings set value = '1' where key = 'deals.answer_hours';
             update ops_data.settings set value = '2147483647' where key = 'deals.complete_days'",
        )
        .await?;
    let deal = market::deal_request(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let hour = deal.due_at.unwrap() - deal.created_at;
    assert_eq!(hour.num_minutes(), 60);
    market::deal_confirm(&*stall.api, stall.seller, deal.deal_id).await?;
    let step = market::deal_hand_over(&*stall.api, stall.seller, deal.deal_id).await?;
    assert_eq!((step.due_at.unwrap() - step.changed_at).num_days(), 3650);
    Ok(())
}
