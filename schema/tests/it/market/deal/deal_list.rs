//! Lists of deals: bought, sold, and a shop's.

use kardan_schema::market::{self, Deal, DealListBought, DealListOfShop, DealListSold};
use kardan_schema::{DealState, Reason, Role, ShopId, UserId};
use kardan_testdb::ListingFixture;
use uuid::Uuid;

use super::{ask, to_shop};
use crate::market::reservation::Stall;
use crate::support::reason;

fn numbers(rows: &[Deal]) -> Vec<Uuid> {
    rows.iter().map(|row| row.deal_id).collect()
}

fn bought(actor: UserId) -> DealListBought {
    DealListBought {
        actor,
        state: None,
        limit: None,
        after: None,
    }
}

fn sold(actor: UserId) -> DealListSold {
    DealListSold {
        actor,
        state: None,
        limit: None,
        after: None,
    }
}

fn of_shop(actor: UserId, shop: ShopId) -> DealListOfShop {
    DealListOfShop {
        actor,
        shop,
        state: None,
        limit: None,
        after: None,
    }
}

/// Four deals of the stall's buyer, the second cancelled, the third confirmed.
async fn four(stall: &mut Stall) -> anyhow::Result<Vec<Uuid>> {
    let mut made = Vec::new();
    for seconds in 1..=4 {
        // Milliseconds apart: the order of the numbers is that of time.
        stall.db.shift_clock(&format!("{seconds} seconds")).await?;
        let former = stall.listing;
        if seconds > 1 {
            stall.listing = stall
                .db
                .listing(stall.seller, &ListingFixture::default())
                .await?;
        }
        made.push(ask(stall, 1).await?);
        stall.listing = former;
    }
    market::deal_cancel(&*stall.api, stall.buyer, made[1], "Not needed".to_owned()).await?;
    market::deal_confirm(&*stall.api, stall.seller, made[2]).await?;
    Ok(made)
}

#[tokio::test]
async fn buyer_and_seller_see_their_deals_the_newest_first_by_state_and_in_pages()
-> anyhow::Result<()> {
    let mut stall = Stall::open(9).await?;
    let made = four(&mut stall).await?;
    let newest: Vec<_> = made.iter().rev().copied().collect();
    let api = &*stall.api;
    assert_eq!(
        numbers(&market::deal_list_bought(api, &bought(stall.buyer)).await?),
        newest
    );
    assert_eq!(
        numbers(&market::deal_list_sold(api, &sold(stall.seller)).await?),
        newest
    );
    assert_eq!(
        market::deal_list_bought(api, &bought(stall.seller)).await?,
        []
    );
    assert_eq!(market::deal_list_sold(api, &sold(stall.buyer)).await?, []);

    for (state, expected) in [
        (DealState::Requested, vec![made[3], made[0]]),
        (DealState::Cancelled, vec![made[1]]),
        (DealState::Confirmed, vec![made[2]]),
        (DealState::Completed, vec![]),
    ] {
        let list = DealListBought {
            state: Some(state),
            ..bought(stall.buyer)
        };
        assert_eq!(
            numbers(&market::deal_list_bought(api, &list).await?),
            expected,
            "{state}"
        );
        let list = DealListSold {
            state: Some(state),
            ..sold(stall.seller)
        };
        assert_eq!(
            numbers(&market::deal_list_sold(api, &list).await?),
            expected,
            "{state}"
        );
    }

    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let list = DealListSold {
            limit: Some(1),
            after,
            ..sold(stall.seller)
        };
        let page = market::deal_list_sold(api, &list).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.deal_id);
        walked.extend(numbers(&page));
    }
    assert_eq!(walked, newest);
    let nobody = market::deal_list_bought(api, &bought(UserId(-1))).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    let nobody = market::deal_list_sold(api, &sold(UserId(-1))).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_page_holds_between_one_and_a_hundred_deals() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    stall
        .db
        .superuser()
        .await?
        .execute(
            "insert into market_data.deals (
                 id, listing_id, buyer_id, seller_user_id, title, quantity, currency, unit_price_minor,
                 total_minor, state, reason, created_at, changed_at, changed_by)
             select ops_data.uuid_v7(ops.clock_now()), $1, $2, $3, 'x', 1, 'RUB', 1, 1, 'cancelled', 'Because',
                 ops.clock_now(), ops.clock_now(), $2
             from generate_series(1, 120)",
            &[&stall.listing, &stall.buyer, &stall.seller],
        )
        .await?;
    for (limit, count) in [(Some(-5), 1), (Some(0), 1), (None, 20), (Some(1000), 100)] {
        let list = DealListBought {
            limit,
            ..bought(stall.buyer)
        };
        let page = market::deal_list_bought(&*stall.api, &list).await?;
        assert_eq!(page.len(), count, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn members_see_the_deals_of_their_shop_and_nobody_else_does() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let (shop, member) = to_shop(&stall).await?;
    let deal = ask(&stall, 1).await?;
    for person in [stall.seller, member] {
        let list = market::deal_list_of_shop(&*stall.api, &of_shop(person, shop)).await?;
        assert_eq!(numbers(&list), [deal]);
        assert_eq!(
            market::deal_list_sold(&*stall.api, &sold(person)).await?,
            []
        );
    }
    for person in [stall.buyer, stall.db.person(Role::Admin).await?] {
        let strange = market::deal_list_of_shop(&*stall.api, &of_shop(person, shop)).await;
        assert_eq!(reason(strange), Reason::ShopRoleRequired);
    }
    let none = market::deal_list_of_shop(&*stall.api, &of_shop(member, ShopId(-1))).await;
    assert_eq!(reason(none), Reason::ShopUnknown);
    Ok(())
}
