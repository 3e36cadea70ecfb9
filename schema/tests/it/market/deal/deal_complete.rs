//! The buyer has the pieces.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, ReservationState, Status};

use super::deal_in;
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn a_completed_deal_sells_its_pieces_and_the_last_ones_the_listing() -> anyhow::Result<()> {
    for (stock, end) in [(2, (Status::Sold, 0)), (3, (Status::Published, 1))] {
        let stall = Stall::open(stock).await?;
        let deal = deal_in(&stall, 2, DealState::HandedOver).await?;
        let by_seller = market::deal_complete(&*stall.api, stall.seller, deal).await;
        assert_eq!(reason(by_seller), Reason::DealSideRequired);
        let step = market::deal_complete(&*stall.api, stall.buyer, deal).await?;
        assert_eq!((step.state, step.due_at), (DealState::Completed, None));
        assert_eq!(stall.state().await?, end);
        assert_eq!(stall.held().await?, 0);
        let mine = market::reservation_list_mine(&*stall.api, stall.buyer, None, None).await?;
        assert_eq!(mine[0].state, ReservationState::Sold);
        assert_eq!(
            market::deal_complete(&*stall.api, stall.buyer, deal).await?,
            step
        );
        assert_eq!(stall.state().await?, end);
    }
    Ok(())
}

#[tokio::test]
async fn a_deal_is_completed_while_moderators_look_at_its_listing() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let deal = deal_in(&stall, 1, DealState::HandedOver).await?;
    stall
        .arrange("update market_data.listings set status = 'pending' where id = $1")
        .await?;
    market::deal_complete(&*stall.api, stall.buyer, deal).await?;
    assert_eq!(stall.state().await?, (Status::Pending, 1));
    Ok(())
}
