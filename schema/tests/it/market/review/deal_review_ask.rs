//! The seller asks for a review.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Role};

use super::{sold, write};
use crate::market::deal::{deal_in, to_shop, told};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn the_buyer_is_asked_exactly_once_whoever_of_the_shop_asks_and_however_often()
-> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let (_, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    let mut asking = Vec::new();
    for number in 0..8 {
        let person = if number % 2 == 0 {
            stall.seller
        } else {
            member
        };
        let api = stall.db.as_role("kardan_api").await?;
        asking.push(tokio::spawn(async move {
            market::deal_review_ask(&*api, person, deal).await
        }));
    }
    let mut times = Vec::new();
    for asked in asking {
        times.push(asked.await??.review_asked_at);
    }
    times.dedup();
    assert_eq!(times.len(), 1);
    stall.db.shift_clock("2 days").await?;
    market::deal_review_ask(&*stall.api, member, deal).await?;
    let heard = told(&stall.db).await?;
    let asked: Vec<_> = heard.iter().filter(|one| one.0 == "review.asked").collect();
    assert_eq!(asked, [&("review.asked".to_owned(), stall.buyer)]);
    Ok(())
}

#[tokio::test]
async fn the_seller_asks_after_the_deal_is_completed_and_before_the_review() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let early = deal_in(&stall, 1, DealState::HandedOver).await?;
    let early = market::deal_review_ask(&*stall.api, stall.seller, early).await;
    assert_eq!(reason(early), Reason::DealNotCompleted);

    let (stall, deal) = sold().await?;
    let by_buyer = market::deal_review_ask(&*stall.api, stall.buyer, deal).await;
    assert_eq!(reason(by_buyer), Reason::DealSideRequired);
    let stranger = stall.db.person(Role::Admin).await?;
    let strange = market::deal_review_ask(&*stall.api, stranger, deal).await;
    assert_eq!(reason(strange), Reason::DealUnknown);
    write(&stall.api, stall.seller, deal, 5, "").await?;
    write(&stall.api, stall.buyer, deal, 5, "").await?;
    let late = market::deal_review_ask(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(late), Reason::ReviewExists);
    stall.block(stall.seller).await?;
    let blocked = market::deal_review_ask(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    Ok(())
}
