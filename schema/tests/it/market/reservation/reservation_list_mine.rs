//! What a buyer reserved.

use kardan_schema::market;
use kardan_schema::{Reason, ReservationState, Role, Status, UserId};

use super::Stall;
use crate::support::reason;

#[tokio::test]
async fn a_buyer_sees_their_own_reservations_the_newest_first_in_pages() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let other = stall.db.person(Role::User).await?;
    let mut made = Vec::new();
    for quantity in 1..=3 {
        // Milliseconds apart: the order of the numbers is that of time.
        stall.db.shift_clock(&format!("{quantity} seconds")).await?;
        let held =
            market::listing_reserve(&*stall.api, stall.buyer, stall.listing, quantity).await?;
        made.push(held.reservation_id);
    }
    market::listing_reserve(&*stall.api, other, stall.listing, 3).await?;
    market::reservation_release(&*stall.api, stall.buyer, made[2]).await?;
    let page = market::reservation_list_mine(&*stall.api, stall.buyer, Some(2), None).await?;
    let numbers: Vec<_> = page.iter().map(|one| one.reservation_id).collect();
    assert_eq!(numbers, [made[2], made[1]]);
    assert_eq!(
        (page[0].state, page[1].state),
        (ReservationState::Released, ReservationState::Held)
    );
    assert_eq!((page[1].listing_id, page[1].quantity), (stall.listing, 2));
    assert_eq!(page[1].title, "Колодки тормозные передние");
    assert_eq!(
        (page[1].listing_status, page[1].total_minor),
        (Status::Published, 500_000)
    );
    let rest = market::reservation_list_mine(&*stall.api, stall.buyer, None, Some(made[1])).await?;
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].reservation_id, made[0]);
    Ok(())
}

#[tokio::test]
async fn the_blocked_still_see_what_they_reserved() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    stall.block(stall.buyer).await?;
    let mine = market::reservation_list_mine(&*stall.api, stall.buyer, None, None).await?;
    assert_eq!(mine.len(), 1);
    assert_ne!(mine[0].title, "");
    assert_eq!(
        market::reservation_list_mine(&*stall.api, stall.seller, None, None).await?,
        []
    );
    let nobody = market::reservation_list_mine(&*stall.api, UserId(-1), None, None).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_former_buyer_does_not_see_what_became_a_draft_again() -> anyhow::Result<()> {
    let stall = Stall::open(1).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    market::reservation_release(&*stall.api, stall.buyer, held.reservation_id).await?;
    market::listing_withdraw(&*stall.api, stall.seller, stall.listing, None).await?;
    market::listing_restore(&*stall.api, stall.seller, stall.listing, None).await?;
    let mine = market::reservation_list_mine(&*stall.api, stall.buyer, None, None).await?;
    assert_eq!(
        (mine[0].title.as_str(), mine[0].cover_key.as_deref()),
        ("", None)
    );
    Ok(())
}
