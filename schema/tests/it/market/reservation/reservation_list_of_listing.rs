//! Who reserved pieces of a seller's listing.

use kardan_schema::market::{self, ReservationListOfListing};
use kardan_schema::{ListingId, Reason, ReservationState, Role, UserId};

use super::Stall;
use crate::support::reason;

fn all(actor: UserId, listing: ListingId) -> ReservationListOfListing {
    ReservationListOfListing {
        actor,
        listing,
        state: None,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn the_seller_sees_who_reserved_the_newest_first_in_pages() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let mut made = Vec::new();
    for seconds in 1..=3 {
        stall.db.shift_clock(&format!("{seconds} seconds")).await?;
        let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
        made.push(held.reservation_id);
    }
    market::reservation_release(&*stall.api, stall.buyer, made[1]).await?;
    let page = ReservationListOfListing {
        limit: Some(2),
        ..all(stall.seller, stall.listing)
    };
    let rows = market::reservation_list_of_listing(&*stall.api, &page).await?;
    let numbers: Vec<_> = rows.iter().map(|one| one.reservation_id).collect();
    assert_eq!(numbers, [made[2], made[1]]);
    assert_eq!(
        (rows[0].buyer_id, rows[0].buyer_name.as_str()),
        (stall.buyer, "User of the test")
    );
    let rest = ReservationListOfListing {
        after: Some(made[1]),
        ..page
    };
    let rows = market::reservation_list_of_listing(&*stall.api, &rest).await?;
    assert_eq!(rows.len(), 1);
    let held = ReservationListOfListing {
        state: Some(ReservationState::Held),
        ..all(stall.seller, stall.listing)
    };
    let rows = market::reservation_list_of_listing(&*stall.api, &held).await?;
    let numbers: Vec<_> = rows.iter().map(|one| one.reservation_id).collect();
    assert_eq!(numbers, [made[2], made[0]]);
    Ok(())
}

#[tokio::test]
async fn only_the_seller_and_members_of_the_shop_see_it() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let strangers = [stall.buyer, stall.db.person(Role::Moderator).await?];
    for stranger in strangers {
        let answer =
            market::reservation_list_of_listing(&*stall.api, &all(stranger, stall.listing)).await;
        assert_eq!(reason(answer), Reason::ListingUnknown);
    }
    let member = stall.db.person(Role::User).await?;
    stall.to_shop_of(member).await?;
    let rows =
        market::reservation_list_of_listing(&*stall.api, &all(member, stall.listing)).await?;
    assert_eq!(rows, []);
    let former =
        market::reservation_list_of_listing(&*stall.api, &all(stall.seller, stall.listing)).await;
    assert_eq!(reason(former), Reason::ListingUnknown);
    let nobody =
        market::reservation_list_of_listing(&*stall.api, &all(UserId(-1), stall.listing)).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_member_who_was_removed_sees_it_no_more() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let member = stall.db.person(Role::User).await?;
    stall.to_shop_of(member).await?;
    market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let ask = all(member, stall.listing);
    assert_eq!(
        market::reservation_list_of_listing(&*stall.api, &ask)
            .await?
            .len(),
        1
    );
    stall
        .arrange("delete from market_data.shop_members where $1::bigint is not null")
        .await?;
    let gone = market::reservation_list_of_listing(&*stall.api, &ask).await;
    assert_eq!(reason(gone), Reason::ListingUnknown);
    Ok(())
}
