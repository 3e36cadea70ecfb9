//! Giving pieces back.

use kardan_schema::market;
use kardan_schema::{Reason, ReservationState, Role, Status};

use super::Stall;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn released_pieces_are_for_sale_again_and_only_once() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 2).await?;
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    let released =
        market::reservation_release(&*stall.api, stall.buyer, held.reservation_id).await?;
    assert_eq!(released.state, ReservationState::Released);
    assert!(released.closed_at.is_some());
    assert_eq!(stall.state().await?, (Status::Published, 2));
    let again = market::reservation_release(&*stall.api, stall.seller, held.reservation_id).await?;
    assert_eq!(again, released);
    assert_eq!(stall.state().await?, (Status::Published, 2));
    Ok(())
}

#[tokio::test]
async fn the_seller_releases_too_but_no_stranger() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    for role in [Role::User, Role::Moderator] {
        let stranger = stall.db.person(role).await?;
        let answer = market::reservation_release(&*stall.api, stranger, held.reservation_id).await;
        assert_eq!(reason(answer), Reason::ReservationUnknown);
    }
    let nothing = market::reservation_release(&*stall.api, stall.buyer, uuid::Uuid::nil()).await;
    assert_eq!(reason(nothing), Reason::ReservationUnknown);
    market::reservation_release(&*stall.api, stall.seller, held.reservation_id).await?;
    Ok(())
}

#[tokio::test]
async fn a_member_of_the_shop_releases_and_the_blocked_do_not() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let member = stall.db.person(Role::User).await?;
    stall.to_shop_of(member).await?;
    stall.block(stall.buyer).await?;
    let blocked = market::reservation_release(&*stall.api, stall.buyer, held.reservation_id).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    let former = market::reservation_release(&*stall.api, stall.seller, held.reservation_id).await;
    assert_eq!(reason(former), Reason::ReservationUnknown);
    market::reservation_release(&*stall.api, member, held.reservation_id).await?;
    Ok(())
}

#[tokio::test]
async fn of_a_release_and_a_sale_at_once_the_first_holds() -> anyhow::Result<()> {
    for release_first in [true, false] {
        let stall = Stall::open(1).await?;
        let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
        let id = held.reservation_id;
        let (seller, buyer) = (stall.seller, stall.buyer);
        let mut first = stall.db.as_role("kardan_api").await?;
        let closing = first.transaction().await?;
        if release_first {
            market::reservation_release(&closing, buyer, id).await?;
        } else {
            market::reservation_sell(&closing, seller, id).await?;
        }
        let api = stall.db.as_role("kardan_api").await?;
        let waiting = backend(&api).await?;
        let second = tokio::spawn(async move {
            if release_first {
                market::reservation_sell(&*api, seller, id).await
            } else {
                market::reservation_release(&*api, buyer, id).await
            }
        });
        until_blocked(&stall.db, waiting).await?;
        closing.commit().await?;
        assert_eq!(reason(second.await?), Reason::ReservationClosed);
        let end = if release_first {
            (Status::Published, 1)
        } else {
            (Status::Sold, 0)
        };
        assert_eq!(stall.state().await?, end);
    }
    Ok(())
}

#[tokio::test]
async fn pieces_released_while_the_text_is_checked_come_back_without_publishing_it()
-> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    stall
        .arrange("update market_data.listings set status = 'pending' where id = $1")
        .await?;
    market::reservation_release(&*stall.api, stall.buyer, held.reservation_id).await?;
    assert_eq!(stall.state().await?, (Status::Pending, 2));
    Ok(())
}

#[tokio::test]
async fn a_release_that_would_overfill_the_stock_is_refused_and_stays_held() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    stall
        .arrange("update market_data.listings set stock_quantity = 1000000 where id = $1")
        .await?;
    let answer = market::reservation_release(&*stall.api, stall.buyer, held.reservation_id).await;
    assert_eq!(reason(answer), Reason::ListingStockRange);
    assert_eq!(stall.held().await?, 1);
    Ok(())
}
