//! A seller accepts a request, and who gets the last piece.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Role, Status, UserId};
use uuid::Uuid;

use super::{ask, deal_in, state_of, to_shop};
use crate::locks::{backend, until_blocked};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn a_confirmed_deal_has_its_pieces_put_aside_at_the_price_of_the_request()
-> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = ask(&stall, 2).await?;
    stall
        .arrange("update market_data.listings set price_minor = 999900 where id = $1")
        .await?;
    let step = market::deal_confirm(&*stall.api, stall.seller, deal).await?;
    assert_eq!((step.deal_id, step.listing_id), (deal, stall.listing));
    assert_eq!((step.state, step.due_at), (DealState::Confirmed, None));
    assert_eq!(stall.state().await?, (Status::Published, 1));
    assert_eq!(stall.held().await?, 2);
    let held = market::reservation_list_mine(&*stall.api, stall.buyer, None, None).await?;
    assert_eq!((held.len(), held[0].total_minor), (1, 500_000));

    let again = market::deal_confirm(&*stall.api, stall.seller, deal).await?;
    assert_eq!(again, step);
    assert_eq!(stall.held().await?, 2);
    Ok(())
}

#[tokio::test]
async fn what_a_deal_put_aside_moves_only_with_the_deal() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    deal_in(&stall, 2, DealState::Confirmed).await?;
    let held = market::reservation_list_mine(&*stall.api, stall.buyer, None, None).await?;
    let number = held[0].reservation_id;
    for person in [stall.buyer, stall.seller] {
        let released = market::reservation_release(&*stall.api, person, number).await;
        assert_eq!(reason(released), Reason::ReservationOfDeal);
    }
    let sold = market::reservation_sell(&*stall.api, stall.seller, number).await;
    assert_eq!(reason(sold), Reason::ReservationOfDeal);
    let stranger = stall.db.person(Role::User).await?;
    let unknown = market::reservation_release(&*stall.api, stranger, number).await;
    assert_eq!(reason(unknown), Reason::ReservationUnknown);
    assert_eq!(stall.held().await?, 2);
    Ok(())
}

#[tokio::test]
async fn only_the_seller_confirms_and_of_deals_of_others_nobody_learns() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = ask(&stall, 1).await?;
    let own = market::deal_confirm(&*stall.api, stall.buyer, deal).await;
    assert_eq!(reason(own), Reason::DealSideRequired);
    for person in [
        stall.db.person(Role::User).await?,
        stall.db.person(Role::Admin).await?,
    ] {
        let strange = market::deal_confirm(&*stall.api, person, deal).await;
        assert_eq!(reason(strange), Reason::DealUnknown);
    }
    let none = market::deal_confirm(&*stall.api, stall.seller, Uuid::nil()).await;
    assert_eq!(reason(none), Reason::DealUnknown);
    let nobody = market::deal_confirm(&*stall.api, UserId(-1), deal).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    stall.block(stall.seller).await?;
    let blocked = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    Ok(())
}

#[tokio::test]
async fn every_member_of_the_shop_confirms_and_a_former_one_does_not() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let (_, member) = to_shop(&stall).await?;
    let deal = ask(&stall, 1).await?;
    stall
        .db
        .superuser()
        .await?
        .execute(
            "delete from market_data.shop_members where user_id = $1",
            &[&stall.seller],
        )
        .await?;
    let former = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(former), Reason::DealUnknown);
    market::deal_confirm(&*stall.api, member, deal).await?;
    Ok(())
}

#[tokio::test]
async fn a_member_who_is_being_removed_is_done_first_or_is_out() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    to_shop(&stall).await?;
    let deal = ask(&stall, 1).await?;
    let mut removing = stall.db.superuser().await?;
    let removal = removing.transaction().await?;
    removal
        .execute(
            "delete from market_data.shop_members where user_id = $1",
            &[&stall.seller],
        )
        .await?;
    let api = stall.db.as_role("kardan_api").await?;
    let (seller, waiting) = (stall.seller, backend(&api).await?);
    let confirming = tokio::spawn(async move { market::deal_confirm(&*api, seller, deal).await });
    until_blocked(&stall.db, waiting).await?;
    removal.commit().await?;
    assert_eq!(reason(confirming.await?), Reason::DealUnknown);
    Ok(())
}

#[tokio::test]
async fn of_two_requests_for_the_last_piece_one_is_confirmed() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let other = stall.db.person(Role::User).await?;
    let first = ask(&stall, 1).await?;
    let second = market::deal_request(&*stall.api, other, stall.listing, 1)
        .await?
        .deal_id;
    market::deal_confirm(&*stall.api, stall.seller, first).await?;
    let late = market::deal_confirm(&*stall.api, stall.seller, second).await;
    assert_eq!(reason(late), Reason::StockInsufficient);
    // The request still waits: when the first deal comes to nothing, the second gets the piece.
    market::deal_cancel(&*stall.api, stall.seller, first, "Not paid".to_owned()).await?;
    market::deal_confirm(&*stall.api, stall.seller, second).await?;
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    Ok(())
}

#[tokio::test]
async fn fifty_buyers_at_once_and_one_last_piece_make_one_deal() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let mut buyers = Vec::new();
    for _ in 0..50 {
        let (buyer, seller, listing) = (
            stall.db.person(Role::User).await?,
            stall.seller,
            stall.listing,
        );
        let api = stall.db.as_role("kardan_api").await?;
        buyers.push(tokio::spawn(async move {
            let deal = market::deal_request(&*api, buyer, listing, 1)
                .await?
                .deal_id;
            market::deal_confirm(&*api, seller, deal).await
        }));
    }
    let mut won = 0;
    for buyer in buyers {
        match buyer.await? {
            Ok(_) => won += 1,
            refused => assert_eq!(reason(refused), Reason::StockInsufficient),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    assert_eq!(stall.held().await?, 1);
    Ok(())
}

#[tokio::test]
async fn the_confirmation_and_the_buyers_cancellation_come_one_after_the_other()
-> anyhow::Result<()> {
    for confirmation_stays in [true, false] {
        let stall = Stall::open(1).await?;
        let deal = ask(&stall, 1).await?;
        let mut first = stall.db.as_role("kardan_api").await?;
        let confirming = first.transaction().await?;
        market::deal_confirm(&confirming, stall.seller, deal).await?;
        let api = stall.db.as_role("kardan_api").await?;
        let (buyer, waiting) = (stall.buyer, backend(&api).await?);
        let cancelling = tokio::spawn(async move {
            market::deal_cancel(&*api, buyer, deal, "Too late".to_owned()).await
        });
        until_blocked(&stall.db, waiting).await?;
        if confirmation_stays {
            confirming.commit().await?;
        } else {
            confirming.rollback().await?;
        }
        assert_eq!(cancelling.await??.state, DealState::Cancelled);
        assert_eq!(stall.state().await?, (Status::Published, 1));
        assert_eq!(stall.held().await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_late_answer_and_a_blocked_buyer_are_refused() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = ask(&stall, 1).await?;
    stall.db.shift_clock("73 hours").await?;
    let late = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(late), Reason::DealAnswerLate);
    stall.db.shift_clock("1 hour").await?;
    stall.block(stall.buyer).await?;
    let blocked = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(blocked), Reason::DealBuyerBlocked);
    assert_eq!(state_of(&stall.db, deal).await?, DealState::Requested);
    Ok(())
}

#[tokio::test]
async fn what_was_withdrawn_and_the_goods_of_the_buyers_own_shop_are_not_confirmed()
-> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = ask(&stall, 1).await?;
    market::listing_withdraw(&*stall.api, stall.seller, stall.listing, None).await?;
    let gone = market::deal_confirm(&*stall.api, stall.seller, deal).await;
    assert_eq!(reason(gone), Reason::ListingUnknown);

    let stall = Stall::open(3).await?;
    let (shop, _) = to_shop(&stall).await?;
    let deal = ask(&stall, 1).await?;
    stall
        .db
        .superuser()
        .await?
        .execute(
            "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             values ($1, $2, 'seller', ops.clock_now())",
            &[&shop, &stall.buyer],
        )
        .await?;
    let own = market::deal_confirm(&*stall.api, stall.buyer, deal).await;
    assert_eq!(reason(own), Reason::ReservationOwnListing);
    Ok(())
}
