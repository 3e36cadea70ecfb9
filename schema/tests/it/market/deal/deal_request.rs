//! Asking for pieces.

use kardan_schema::market;
use kardan_schema::{DealState, Error, ListingId, Reason, Role, Status, UserId};
use kardan_testdb::ListingFixture;

use super::{ask, state_of, to_shop};
use crate::locks::{backend, until_blocked};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn a_request_freezes_price_and_total_and_puts_nothing_aside() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = market::deal_request(&*stall.api, stall.buyer, stall.listing, 2).await?;
    assert_eq!((deal.state, deal.quantity), (DealState::Requested, 2));
    assert_eq!(
        (deal.unit_price_minor, deal.total_minor),
        (250_000, 500_000)
    );
    assert_eq!(
        (deal.buyer_id, deal.seller_user_id),
        (stall.buyer, Some(stall.seller))
    );
    assert_eq!((deal.seller_shop_id, deal.reason), (None, None));
    assert!(deal.due_at > Some(deal.created_at));
    assert_eq!(deal.title, "Колодки тормозные передние");
    assert_eq!(stall.state().await?, (Status::Published, 3));

    stall
        .arrange("update market_data.listings set price_minor = 1, title = 'Другое' where id = $1")
        .await?;
    let same = market::deal_get(&*stall.api, stall.buyer, deal.deal_id)
        .await?
        .unwrap();
    assert_eq!((same.total_minor, same.title), (500_000, deal.title));
    Ok(())
}

#[tokio::test]
async fn the_wholesale_price_counts_from_its_threshold_on() -> anyhow::Result<()> {
    let stall = Stall::open(20).await?;
    stall
        .arrange(
            "update market_data.listings
             set wholesale_price_minor = 200000, wholesale_min_quantity = 5 where id = $1",
        )
        .await?;
    for (quantity, unit, total) in [
        (4, 250_000, 1_000_000),
        (5, 200_000, 1_000_000),
        (6, 200_000, 1_200_000),
    ] {
        let buyer = stall.db.person(Role::User).await?;
        let deal = market::deal_request(&*stall.api, buyer, stall.listing, quantity).await?;
        assert_eq!(
            (deal.unit_price_minor, deal.total_minor),
            (unit, total),
            "{quantity}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_same_request_again_is_the_one_that_waits_and_another_quantity_is_refused()
-> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let deal = ask(&stall, 2).await?;
    assert_eq!(ask(&stall, 2).await?, deal);
    let other = market::deal_request(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(other), Reason::DealRequestedAlready);
    market::deal_cancel(
        &*stall.api,
        stall.buyer,
        deal,
        "Another quantity".to_owned(),
    )
    .await?;
    assert_ne!(ask(&stall, 1).await?, deal);
    Ok(())
}

#[tokio::test]
async fn two_requests_of_one_buyer_at_one_moment_are_one() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let mut first = stall.db.as_role("kardan_api").await?;
    let asking = first.transaction().await?;
    let deal = market::deal_request(&asking, stall.buyer, stall.listing, 1).await?;
    let api = stall.db.as_role("kardan_api").await?;
    let (buyer, listing, waiting) = (stall.buyer, stall.listing, backend(&api).await?);
    let second = tokio::spawn(async move { market::deal_request(&*api, buyer, listing, 1).await });
    until_blocked(&stall.db, waiting).await?;
    asking.commit().await?;
    assert_eq!(second.await??.deal_id, deal.deal_id);
    Ok(())
}

#[tokio::test]
async fn a_quantity_is_at_least_one_and_not_more_than_there_is() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    for quantity in [0, -1, i32::MIN, 1_000_001] {
        let answer = market::deal_request(&*stall.api, stall.buyer, stall.listing, quantity).await;
        assert_eq!(reason(answer), Reason::DealQuantityRange, "{quantity}");
    }
    let many = market::deal_request(&*stall.api, stall.buyer, stall.listing, 4).await;
    let Err(error) = many else {
        panic!("there are three")
    };
    let fault = error.fault().unwrap();
    assert_eq!(
        (fault.reason, fault.detail.as_deref()),
        (Reason::StockInsufficient, Some("3"))
    );
    Ok(())
}

#[tokio::test]
async fn nobody_buys_a_listing_of_their_own_or_of_their_shop() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let own = market::deal_request(&*stall.api, stall.seller, stall.listing, 1).await;
    assert_eq!(reason(own), Reason::ReservationOwnListing);
    let (_, member) = to_shop(&stall).await?;
    for person in [stall.seller, member] {
        let own = market::deal_request(&*stall.api, person, stall.listing, 1).await;
        assert_eq!(reason(own), Reason::ReservationOwnListing);
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_may_see_cannot_be_asked_for() -> anyhow::Result<()> {
    for (status, expected) in [
        (Status::Draft, Reason::ListingUnknown),
        (Status::Pending, Reason::ListingUnknown),
        (Status::Rejected, Reason::ListingUnknown),
        (Status::Archived, Reason::ListingUnknown),
        (Status::Sold, Reason::StockInsufficient),
    ] {
        let mut stall = Stall::open(1).await?;
        let fixture = ListingFixture {
            status,
            ..ListingFixture::default()
        };
        stall.listing = stall.db.listing(stall.seller, &fixture).await?;
        let answer = market::deal_request(&*stall.api, stall.buyer, stall.listing, 1).await;
        assert_eq!(reason(answer), expected, "{status}");
    }
    let stall = Stall::open(1).await?;
    let nothing = market::deal_request(&*stall.api, stall.buyer, ListingId(-1), 1).await;
    assert_eq!(reason(nothing), Reason::ListingUnknown);
    stall
        .arrange("update market_data.listings set expires_at = ops.clock_now() where id = $1")
        .await?;
    let over = market::deal_request(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(over), Reason::ListingUnknown);
    Ok(())
}

#[tokio::test]
async fn the_blocked_neither_ask_nor_are_asked() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let other = stall.db.person(Role::User).await?;
    stall.block(stall.buyer).await?;
    let blocked = market::deal_request(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    stall.block(stall.seller).await?;
    let hidden = market::deal_request(&*stall.api, other, stall.listing, 1).await;
    assert_eq!(reason(hidden), Reason::ListingUnknown);
    let nobody = market::deal_request(&*stall.api, UserId(-1), stall.listing, 1).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_buyer_waits_for_so_many_answers_at_once_and_the_refusal_tells_the_seconds()
-> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let session = stall.db.superuser().await?;
    session
        .batch_execute("update ops_data.settings set value = '2' where key = 'deals.open_requests'")
        .await?;
    let first = ask(&stall, 1).await?;
    let second = stall
        .db
        .listing(stall.seller, &ListingFixture::default())
        .await?;
    market::deal_request(&*stall.api, stall.buyer, second, 1).await?;
    let third = stall
        .db
        .listing(stall.seller, &ListingFixture::default())
        .await?;
    let many = market::deal_request(&*stall.api, stall.buyer, third, 1).await;
    let Err(Error::Limited(fault, wait)) = many else {
        panic!("two wait already: {many:?}")
    };
    assert_eq!(fault.reason, Reason::DealRequestLimit);
    assert!((1..=72 * 3600).contains(&wait.as_secs()), "{wait:?}");
    market::deal_confirm(&*stall.api, stall.seller, first).await?;
    market::deal_request(&*stall.api, stall.buyer, third, 1).await?;
    assert_eq!(state_of(&stall.db, first).await?, DealState::Confirmed);
    Ok(())
}
