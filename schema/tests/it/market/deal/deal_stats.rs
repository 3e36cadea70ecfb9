//! Deals as an operator counts them.

use kardan_schema::DealState;
use kardan_schema::market;

use super::deal_in;
use crate::market::reservation::Stall;

#[tokio::test]
async fn deals_are_counted_by_whom_they_wait_for_and_by_what_became_of_them_in_a_day()
-> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    for state in [
        DealState::Completed,
        DealState::HandedOver,
        DealState::Confirmed,
        DealState::Expired,
        DealState::Requested,
    ] {
        deal_in(&stall, 1, state).await?;
    }
    let monitor = stall.db.as_role("kardan_monitor").await?;
    let counts = async || -> anyhow::Result<Vec<_>> {
        let told = market::deal_stats(&*monitor).await?;
        let counts = told
            .into_iter()
            .map(|s| (s.state, s.waiting_count, s.reached_count));
        Ok(counts.collect())
    };
    assert_eq!(
        counts().await?,
        [
            (DealState::Cancelled, 0, 0),
            (DealState::Completed, 0, 1),
            (DealState::Confirmed, 0, 3),
            (DealState::Expired, 0, 1),
            (DealState::HandedOver, 1, 2),
            (DealState::Requested, 1, 5),
        ]
    );
    stall.db.shift_clock("25 hours").await?;
    let later = counts().await?;
    assert!(
        later.iter().all(|(_, _, reached)| *reached == 0),
        "{later:?}"
    );
    assert_eq!(later[5], (DealState::Requested, 1, 0));
    Ok(())
}
