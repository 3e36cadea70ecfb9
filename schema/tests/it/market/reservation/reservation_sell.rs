//! Pieces that the buyer took.

use kardan_schema::market;
use kardan_schema::{Reason, ReservationState, Role, Status};

use super::Stall;
use crate::support::reason;

#[tokio::test]
async fn the_listing_is_sold_with_its_last_held_piece() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let other = stall.db.person(Role::User).await?;
    let first = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let second = market::listing_reserve(&*stall.api, other, stall.listing, 1).await?;
    let sold = market::reservation_sell(&*stall.api, stall.seller, first.reservation_id).await?;
    assert_eq!(sold.state, ReservationState::Sold);
    assert!(sold.closed_at.is_some());
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    market::reservation_sell(&*stall.api, stall.seller, second.reservation_id).await?;
    assert_eq!(stall.state().await?, (Status::Sold, 0));
    let again = market::reservation_sell(&*stall.api, stall.seller, first.reservation_id).await?;
    assert_eq!(again, sold);
    Ok(())
}

#[tokio::test]
async fn a_sale_leaves_the_rest_for_sale() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 2).await?;
    market::reservation_sell(&*stall.api, stall.seller, held.reservation_id).await?;
    assert_eq!(stall.state().await?, (Status::Published, 1));
    assert_eq!(stall.held().await?, 0);
    Ok(())
}

#[tokio::test]
async fn only_the_seller_or_a_member_of_the_shop_sells() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let id = held.reservation_id;
    let buyer = market::reservation_sell(&*stall.api, stall.buyer, id).await;
    assert_eq!(reason(buyer), Reason::ReservationSellerRequired);
    let stranger = stall.db.person(Role::Admin).await?;
    let answer = market::reservation_sell(&*stall.api, stranger, id).await;
    assert_eq!(reason(answer), Reason::ReservationUnknown);
    let member = stall.db.person(Role::User).await?;
    stall.to_shop_of(member).await?;
    market::reservation_sell(&*stall.api, member, id).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_released_is_not_sold_and_the_other_way_round() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let first = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let second = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    market::reservation_release(&*stall.api, stall.buyer, first.reservation_id).await?;
    let late = market::reservation_sell(&*stall.api, stall.seller, first.reservation_id).await;
    assert_eq!(reason(late), Reason::ReservationClosed);
    market::reservation_sell(&*stall.api, stall.seller, second.reservation_id).await?;
    let late = market::reservation_release(&*stall.api, stall.buyer, second.reservation_id).await;
    assert_eq!(reason(late), Reason::ReservationClosed);
    Ok(())
}
