//! Putting pieces aside, and who wins the last one.

use kardan_schema::market;
use kardan_schema::{ListingId, Reason, ReservationState, Role, Status, UserId};

use super::Stall;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn reserved_pieces_leave_the_stock_and_the_last_one_makes_the_listing_reserved()
-> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let first = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 2).await?;
    assert_eq!((first.listing_id, first.quantity), (stall.listing, 2));
    assert_eq!(
        (first.currency.as_str(), first.total_minor),
        ("RUB", 500_000)
    );
    assert_eq!(
        (first.state, first.closed_at),
        (ReservationState::Held, None)
    );
    assert_eq!(stall.state().await?, (Status::Published, 1));
    let other = stall.db.person(Role::User).await?;
    let second = market::listing_reserve(&*stall.api, other, stall.listing, 1).await?;
    assert_ne!(second.reservation_id, first.reservation_id);
    assert_eq!(stall.state().await?, (Status::Reserved, 0));
    let late = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(late), Reason::StockInsufficient);
    Ok(())
}

#[tokio::test]
async fn the_total_takes_the_wholesale_price_from_its_threshold_on() -> anyhow::Result<()> {
    let stall = Stall::open(20).await?;
    stall
        .arrange(
            "update market_data.listings
             set wholesale_price_minor = 200000, wholesale_min_quantity = 5 where id = $1",
        )
        .await?;
    for (quantity, total) in [(4, 1_000_000), (5, 1_000_000), (6, 1_200_000)] {
        let held =
            market::listing_reserve(&*stall.api, stall.buyer, stall.listing, quantity).await?;
        assert_eq!(held.total_minor, total, "{quantity} pieces");
    }
    Ok(())
}

#[tokio::test]
async fn of_two_buyers_and_one_last_piece_exactly_one_wins() -> anyhow::Result<()> {
    for first_keeps_it in [true, false] {
        let stall = Stall::open(1).await?;
        let mut first = stall.db.as_role("kardan_api").await?;
        let reserving = first.transaction().await?;
        market::listing_reserve(&reserving, stall.buyer, stall.listing, 1).await?;
        let (other, listing) = (stall.db.person(Role::User).await?, stall.listing);
        let api = stall.db.as_role("kardan_api").await?;
        let waiting = backend(&api).await?;
        let second =
            tokio::spawn(async move { market::listing_reserve(&*api, other, listing, 1).await });
        until_blocked(&stall.db, waiting).await?;
        if first_keeps_it {
            reserving.commit().await?;
            assert_eq!(reason(second.await?), Reason::StockInsufficient);
        } else {
            reserving.rollback().await?;
            assert_eq!(second.await??.quantity, 1);
        }
        assert_eq!(stall.state().await?, (Status::Reserved, 0));
        assert_eq!(stall.held().await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn twenty_buyers_at_once_take_what_is_there_and_not_a_piece_more() -> anyhow::Result<()> {
    for (stock, quantity, winners, end) in [
        (7, 1, 7, (Status::Reserved, 0)),
        (7, 2, 3, (Status::Published, 1)),
    ] {
        let stall = Stall::open(stock).await?;
        let mut buyers = Vec::new();
        for _ in 0..20 {
            let (buyer, listing) = (stall.db.person(Role::User).await?, stall.listing);
            let api = stall.db.as_role("kardan_api").await?;
            buyers.push(tokio::spawn(async move {
                market::listing_reserve(&*api, buyer, listing, quantity).await
            }));
        }
        let mut won = 0;
        for buyer in buyers {
            match buyer.await? {
                Ok(_) => won += 1,
                refused => assert_eq!(reason(refused), Reason::StockInsufficient),
            }
        }
        assert_eq!(won, winners);
        assert_eq!(stall.state().await?, end);
        assert_eq!(stall.held().await?, i64::from(stock - end.1));
    }
    Ok(())
}

#[tokio::test]
async fn a_quantity_is_at_least_one_and_at_most_a_million() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    for quantity in [0, -1, i32::MIN, 1_000_001] {
        let answer =
            market::listing_reserve(&*stall.api, stall.buyer, stall.listing, quantity).await;
        assert_eq!(
            reason(answer),
            Reason::ReservationQuantityRange,
            "{quantity}"
        );
    }
    let many = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1_000_000).await;
    let Err(error) = many else {
        panic!("there are only three pieces");
    };
    let fault = error.fault().unwrap();
    assert_eq!(
        (fault.reason, fault.detail.as_deref()),
        (Reason::StockInsufficient, Some("3"))
    );
    assert_eq!(stall.state().await?, (Status::Published, 3));
    Ok(())
}

#[tokio::test]
async fn nobody_reserves_a_listing_of_their_own_or_of_their_shop() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let own = market::listing_reserve(&*stall.api, stall.seller, stall.listing, 1).await;
    assert_eq!(reason(own), Reason::ReservationOwnListing);
    stall.to_shop_of(stall.buyer).await?;
    let own = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(own), Reason::ReservationOwnListing);
    // The person who wrote it is no member of the shop: the listing is the shop's.
    market::listing_reserve(&*stall.api, stall.seller, stall.listing, 1).await?;
    Ok(())
}

#[tokio::test]
async fn what_nobody_may_see_cannot_be_reserved_and_what_is_sold_says_so() -> anyhow::Result<()> {
    for (status, expected) in [
        (Status::Draft, Reason::ListingUnknown),
        (Status::Pending, Reason::ListingUnknown),
        (Status::Rejected, Reason::ListingUnknown),
        (Status::Archived, Reason::ListingUnknown),
        (Status::Sold, Reason::StockInsufficient),
    ] {
        let mut stall = Stall::open(1).await?;
        let fixture = kardan_testdb::ListingFixture {
            status,
            ..kardan_testdb::ListingFixture::default()
        };
        stall.listing = stall.db.listing(stall.seller, &fixture).await?;
        let answer = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await;
        assert_eq!(reason(answer), expected, "{status}");
        if status == Status::Draft {
            let nothing = market::listing_reserve(&*stall.api, stall.buyer, ListingId(-1), 1).await;
            assert_eq!(reason(nothing), Reason::ListingUnknown);
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_blocked_neither_buy_nor_sell() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let other = stall.db.person(Role::User).await?;
    stall.block(stall.buyer).await?;
    let blocked = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    stall.block(stall.seller).await?;
    let hidden = market::listing_reserve(&*stall.api, other, stall.listing, 1).await;
    assert_eq!(reason(hidden), Reason::ListingUnknown);
    let nobody = market::listing_reserve(&*stall.api, UserId(-1), stall.listing, 1).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
