//! Orders of advertising that are paid with Stars of Telegram.

use kardan_schema::market::{self, StarPaymentTake};
use kardan_schema::{Reason, UserId};

use super::promotion::Street;
use crate::support::reason;

fn payment(actor: UserId, charge: &str, payload: &str) -> StarPaymentTake {
    StarPaymentTake {
        actor,
        telegram_id: actor.0 + 1000,
        charge: charge.to_owned(),
        payload: payload.to_owned(),
        stars: 334,
    }
}

impl Street {
    /// An order that was approved at 500 roubles.
    async fn approved(&self) -> anyhow::Result<(i64, String)> {
        let order = market::promotion_create(&*self.api, &self.wish(0)).await?;
        let order = order.promotion_id;
        market::moderation_promotion_approve(&*self.api, self.moderator, order, 50_000, "RUB")
            .await?;
        Ok((order, format!("promotion:{order}")))
    }

    /// The notices of a kind, and the calls, that wait.
    async fn waits(&self, kind: &str) -> anyhow::Result<i64> {
        let root = self.db.superuser().await?;
        let row = root
            .query_one(
                "select count(*) from notify_data.outbox as o where o.kind = $1",
                &[&kind],
            )
            .await?;
        Ok(row.get(0))
    }
}

#[tokio::test]
async fn an_order_is_quoted_in_stars_rounded_up_and_refused_when_it_costs_something_else()
-> anyhow::Result<()> {
    let street = Street::of(1).await?;
    let bot = street.db.as_role("kardan_bot").await?;
    let seller = street.sellers[0].0;
    let order = market::promotion_create(&*street.api, &street.wish(0)).await?;
    let early = market::promotion_stars_quote(&*bot, seller, order.promotion_id, None).await;
    assert_eq!(reason(early), Reason::PromotionNotPayable);
    let (order, _) = street.approved().await?;
    let quote = market::promotion_stars_quote(&*bot, seller, order, None).await?;
    assert_eq!(quote.stars, 334, "500 roubles at 150 for a hundred");
    let exact = market::promotion_stars_quote(&*bot, seller, order, Some(334)).await;
    assert!(exact.is_ok());
    let less = market::promotion_stars_quote(&*bot, seller, order, Some(333)).await;
    assert_eq!(reason(less), Reason::PromotionStarsChanged);
    let root = street.db.superuser().await?;
    root.execute(
        "update ops_data.settings set value = '0' where key = 'stars.hundred_rub'",
        &[],
    )
    .await?;
    let off = market::promotion_stars_quote(&*bot, seller, order, None).await;
    assert_eq!(reason(off), Reason::PromotionStarsOff);
    street.db.shift_clock("61 minutes").await?;
    let over = market::promotion_stars_quote(&*bot, seller, order, None).await;
    assert_eq!(reason(over), Reason::PromotionOver);
    Ok(())
}

#[tokio::test]
async fn of_payments_at_the_same_moment_one_pays_and_the_others_go_to_administrators()
-> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let bot = street.db.as_role("kardan_bot").await?;
    let seller = street.sellers[0].0;
    let (order, payload) = street.approved().await?;
    let mut paying = tokio::task::JoinSet::new();
    for charge in ["a", "b", "a", "c", "b", "c"] {
        let bot = street.db.as_role("kardan_bot").await?;
        let wish = payment(seller, charge, &payload);
        paying.spawn(async move { market::star_payment_take(&*bot, &wish).await });
    }
    while let Some(taken) = paying.join_next().await {
        assert_eq!(taken??.promotion_id, Some(order));
    }
    let all = market::star_payment_list(&*bot, street.admin, None, None).await?;
    let count = |state: &str| all.iter().filter(|one| one.state == state).count();
    assert_eq!((count("applied"), count("stray")), (1, 2));
    assert_eq!(street.waits("promotion.paid").await?, 1);
    assert_eq!(street.waits("stars.stray").await?, 2);
    assert!(street.shown(1).await?.contains_key(&Some(order)));
    let first = market::star_payment_list(&*bot, street.admin, Some(1), None).await?;
    let rest =
        market::star_payment_list(&*bot, street.admin, None, Some(first[0].payment_id)).await?;
    assert_eq!((first.len(), rest.len()), (1, 2));
    Ok(())
}

#[tokio::test]
async fn money_goes_back_once_whichever_way_it_is_asked_for_and_the_order_ends()
-> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let seller = street.sellers[0].0;
    let bot = street.db.as_role("kardan_bot").await?;
    for (number, charge) in ["by the payment", "by the order", "by Telegram"]
        .into_iter()
        .enumerate()
    {
        let (order, payload) = street.approved().await?;
        let taken = market::star_payment_take(&*bot, &payment(seller, charge, &payload)).await?;
        assert_eq!(taken.state, "applied");
        assert!(street.shown(1).await?.contains_key(&Some(order)));
        for _ in 0..2 {
            match number {
                0 => {
                    market::star_payment_refund(&*bot, street.admin, taken.payment_id).await?;
                }
                1 => {
                    market::promotion_refund(&*street.api, street.admin, order).await?;
                }
                _ => {}
            }
        }
        // What Telegram answers to the call, or tells by itself.
        let gone = market::star_payment_refunded(&*bot, charge).await?;
        assert_eq!(gone.map(|one| one.payment_id), Some(taken.payment_id));
        assert!(
            market::star_payment_refunded(&*bot, charge)
                .await?
                .is_none()
        );
        assert!(
            !street.shown(1).await?.contains_key(&Some(order)),
            "{charge}"
        );
        let times = i64::try_from(number)? + 1;
        assert_eq!(street.waits("promotion.refunded").await?, times, "{charge}");
        assert_eq!(street.waits("stars.refunded").await?, times, "{charge}");
        assert_eq!(
            street.waits("stars.refund").await?,
            times.min(2),
            "{charge}"
        );
    }
    let unknown = market::star_payment_refund(&*bot, street.admin, 99).await;
    assert_eq!(reason(unknown), Reason::StarPaymentUnknown);
    Ok(())
}

#[tokio::test]
async fn orders_are_read_by_the_people_of_their_listing_a_page_at_a_time() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let bot = street.db.as_role("kardan_bot").await?;
    let (seller, listing) = street.sellers[0];
    let mut made = Vec::new();
    for _ in 0..3 {
        let order = market::promotion_create(&*street.api, &street.wish(0)).await?;
        made.insert(0, order.promotion_id);
    }
    let list = |after| market::promotion_list_of_listing(&*bot, seller, listing, Some(2), after);
    let first: Vec<_> = list(None)
        .await?
        .iter()
        .map(|one| one.promotion_id)
        .collect();
    let rest: Vec<_> = list(first.last().copied())
        .await?
        .iter()
        .map(|one| one.promotion_id)
        .collect();
    assert_eq!([first, rest].concat(), made);
    let one = market::promotion_get(&*bot, seller, made[0]).await?;
    assert_eq!(one.listing_id, listing);
    let (stranger, _) = street.sellers[1];
    let foreign = market::promotion_get(&*bot, stranger, made[0]).await;
    assert_eq!(reason(foreign), Reason::PromotionUnknown);
    let foreign = market::promotion_list_of_listing(&*bot, stranger, listing, None, None).await;
    assert_eq!(reason(foreign), Reason::ListingUnknown);
    Ok(())
}
