//! What others say of somebody, for anybody; and the reviews of a deal, for its two sides.

use kardan_schema::market::{self, ReviewList};
use kardan_schema::{DealState, Reason, ReviewDirection, Role, ShopId, UserId};
use uuid::Uuid;

use super::{sold, write};
use crate::market::deal::{deal_in, to_shop};
use crate::market::reservation::Stall;
use crate::support::reason;

fn of(user: UserId) -> ReviewList {
    ReviewList {
        user: Some(user),
        shop: None,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn anybody_reads_what_is_said_of_a_person_the_newest_first_in_pages() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let mut deals = vec![deal];
    for _ in 0..2 {
        deals.push(deal_in(&stall, 1, DealState::Completed).await?);
    }
    let mut made = Vec::new();
    for (deal, stars) in deals.iter().zip([5, 4, 3]) {
        made.insert(
            0,
            write(&stall.api, stall.buyer, *deal, stars, "Fine")
                .await?
                .review_id,
        );
    }
    write(&stall.api, stall.seller, deals[0], 1, "Never came").await?;
    let api = &*stall.api;
    let all = market::review_list(api, &of(stall.seller)).await?;
    let numbers: Vec<_> = all.iter().map(|row| row.review_id).collect();
    assert_eq!(numbers, made);
    assert_eq!(
        (all[0].stars, all[0].direction),
        (3, ReviewDirection::OfSeller)
    );
    assert_eq!(all[0].author_name, "User of the test");
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let page = ReviewList {
            limit: Some(1),
            after,
            ..of(stall.seller)
        };
        let page = market::review_list(api, &page).await?;
        let Some(last) = page.last() else { break };
        assert_eq!(page.len(), 1);
        after = Some(last.review_id);
        walked.push(last.review_id);
    }
    assert_eq!(walked, made);
    let as_buyer = market::review_list(api, &of(stall.buyer)).await?;
    assert_eq!(
        (as_buyer.len(), as_buyer[0].direction),
        (1, ReviewDirection::OfBuyer)
    );
    assert_eq!(market::review_list(api, &of(UserId(-1))).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_shop_has_its_own_reviews_and_its_number_is_no_persons() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let (shop, _) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    write(&stall.api, stall.buyer, deal, 4, "").await?;
    let of_shop = |shop| ReviewList {
        user: None,
        shop: Some(shop),
        limit: None,
        after: None,
    };
    let api = &*stall.api;
    assert_eq!(market::review_list(api, &of_shop(shop)).await?.len(), 1);
    assert_eq!(market::review_list(api, &of(UserId(shop.0))).await?, []);
    assert_eq!(
        market::review_list(api, &of_shop(ShopId(stall.buyer.0 + 100))).await?,
        []
    );
    let nobody = ReviewList {
        user: None,
        shop: None,
        limit: None,
        after: None,
    };
    assert_eq!(market::review_list(api, &nobody).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_page_holds_at_most_a_hundred() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    stall
        .db
        .superuser()
        .await?
        .execute(
            "with made as (
                 insert into market_data.reservations (
                     id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at)
                 select gen_random_uuid(), $1, $2, 1, 'RUB', 1, 'sold', ops.clock_now(), ops.clock_now()
                 from generate_series(1, 120)
                 returning id),
             done as (
                 insert into market_data.deals (
                     id, listing_id, buyer_id, seller_user_id, title, quantity, currency, unit_price_minor,
                     total_minor, state, reservation_id, created_at, changed_at)
                 select m.id, $1, $2, $3, 'x', 1, 'RUB', 1, 1, 'completed', m.id, ops.clock_now(), ops.clock_now()
                 from made as m
                 returning id)
             insert into market_data.reviews (
                 deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at)
             select d.id, 'of_seller', $2, $3, $2, 5, '', ops.clock_now(), ops.clock_now() from done as d",
            &[&stall.listing, &stall.buyer, &stall.seller],
        )
        .await?;
    for (limit, count) in [(Some(0), 1), (None, 20), (Some(1000), 100)] {
        let list = ReviewList {
            limit,
            ..of(stall.seller)
        };
        assert_eq!(market::review_list(&*stall.api, &list).await?.len(), count);
    }
    Ok(())
}

#[tokio::test]
async fn the_two_sides_read_the_reviews_of_their_deal_and_nobody_else() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    assert_eq!(
        market::review_list_of_deal(&*stall.api, stall.buyer, deal).await?,
        []
    );
    write(&stall.api, stall.buyer, deal, 5, "").await?;
    write(&stall.api, stall.seller, deal, 5, "").await?;
    stall.block(stall.buyer).await?;
    for person in [stall.buyer, stall.seller] {
        let seen = market::review_list_of_deal(&*stall.api, person, deal).await?;
        assert_eq!(seen.len(), 2);
    }
    for person in [
        stall.db.person(Role::User).await?,
        stall.db.person(Role::Admin).await?,
    ] {
        let strange = market::review_list_of_deal(&*stall.api, person, deal).await;
        assert_eq!(reason(strange), Reason::DealUnknown);
    }
    let none = market::review_list_of_deal(&*stall.api, stall.buyer, Uuid::nil()).await;
    assert_eq!(reason(none), Reason::DealUnknown);
    let nobody = market::review_list_of_deal(&*stall.api, UserId(-1), deal).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
