//! What a buyer reserved.

use kardan_schema::market;
use kardan_schema::{Reason, ReservationState, Role, Status, UserId};

use super::Stall;
use crate::plans::{Explained, Mode};
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

#[tokio::test]
async fn who_holds_pieces_sees_them_whatever_became_of_the_listing_and_a_former_buyer_does_not()
-> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let held = market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let former = stall.db.person(Role::User).await?;
    let let_go = market::listing_reserve(&*stall.api, former, stall.listing, 1).await?;
    market::reservation_release(&*stall.api, former, let_go.reservation_id).await?;
    let title = async |person| {
        let mine = market::reservation_list_mine(&*stall.api, person, None, None).await?;
        anyhow::Ok(mine[0].title.clone())
    };
    let full = title(former).await?;
    assert_ne!(full, "");
    stall
        .arrange("update market_data.listings set status = 'pending' where id = $1")
        .await?;
    assert_eq!(
        (title(stall.buyer).await?, title(former).await?),
        (full.clone(), String::new())
    );
    stall
        .arrange("update market_data.listings set status = 'published' where id = $1")
        .await?;
    assert_eq!(title(former).await?, full);
    stall.block(stall.seller).await?;
    assert_eq!(
        (title(stall.buyer).await?, title(former).await?),
        (full, String::new())
    );
    assert_eq!(held.listing_id, stall.listing);
    Ok(())
}

#[tokio::test]
async fn nobody_else_sees_what_a_buyer_reserved() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    let member = stall.db.person(Role::User).await?;
    stall.to_shop_of(member).await?;
    let mut others = vec![stall.seller, member];
    for role in Role::ALL {
        others.push(stall.db.person(*role).await?);
    }
    for other in others {
        let mine = market::reservation_list_mine(&*stall.api, other, None, None).await?;
        assert_eq!(mine, []);
    }
    Ok(())
}

#[tokio::test]
async fn a_page_holds_twenty_and_at_most_a_hundred() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    stall
        .arrange(&format!(
            "insert into market_data.reservations (
                 id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at)
             select ops_data.uuid_v7(ops.clock_now() + n * interval '1 second'), $1, {}, 1, 'RUB', 1, 'released',
                 ops.clock_now(), ops.clock_now()
             from generate_series(1, 120) as n",
            stall.buyer
        ))
        .await?;
    for (limit, expected) in [(None, 20), (Some(0), 1), (Some(-1), 1), (Some(1000), 100)] {
        let page = market::reservation_list_mine(&*stall.api, stall.buyer, limit, None).await?;
        assert_eq!(page.len(), expected, "{limit:?}");
        assert!(
            page.windows(2)
                .all(|pair| pair[0].reservation_id > pair[1].reservation_id)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_buyers_reservations_are_found_by_index_among_many() -> anyhow::Result<()> {
    let stall = Stall::open(9).await?;
    let other = stall.db.person(Role::User).await?;
    stall
        .arrange(&format!(
            "insert into market_data.reservations (
                 id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at)
             select gen_random_uuid(), $1, {other}, 1, 'RUB', 1, 'released', ops.clock_now(), ops.clock_now()
             from generate_series(1, 20000)"
        ))
        .await?;
    market::listing_reserve(&*stall.api, stall.buyer, stall.listing, 1).await?;
    stall
        .db
        .superuser()
        .await?
        .batch_execute("analyze market_data.reservations")
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let call = format!(
            "select from market.reservation_list_mine({}, 20, null)",
            stall.buyer
        );
        let plan = Explained::run(&stall.db, mode, &call).await?;
        plan.assert_index("reservations_buyer_id_idx");
        plan.assert_no_full_scan("reservations");
    }
    Ok(())
}
