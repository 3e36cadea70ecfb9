//! Lower prices of favourites: told once a drop, to exactly those who have it when it drops.

use kardan_schema::UserId;
use kardan_schema::market::{favourite_add, favourite_remove, price_drops_run};
use serde_json::json;

use super::Stall;

const KIND: &str = "favourite.cheaper";

impl Stall {
    async fn told_prices(&self, who: UserId) -> anyhow::Result<Vec<i64>> {
        let told = self.told(who, KIND).await?;
        Ok(told
            .iter()
            .map(|one| one["price_minor"].as_i64().unwrap())
            .collect())
    }
}

#[tokio::test]
async fn a_drop_is_told_once_to_exactly_those_who_have_it_then() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(5).await?;
    for person in &people[..3] {
        favourite_add(&*stall.api, *person, stall.listing).await?;
    }
    let another = stall.another().await?;
    favourite_add(&*stall.api, people[4], another).await?;
    stall.set_price(200_000).await?;
    // Who sells does not wait until everybody is told.
    assert_eq!(stall.reached(KIND).await?, (0, 0));
    favourite_add(&*stall.api, people[3], stall.listing).await?;
    favourite_remove(&*stall.api, people[2], stall.listing).await?;
    for _ in 0..2 {
        price_drops_run(&*stall.jobs).await?;
    }
    for person in &people[..2] {
        assert_eq!(
            stall.told(*person, KIND).await?,
            [json!({
                "listing_id": stall.listing, "shop_id": null, "user_id": stall.seller,
                "title": "Колодки тормозные передние", "currency": "RUB", "price_minor": 200_000,
                "old_price_minor": 250_000,
            })]
        );
    }
    assert_eq!(stall.reached(KIND).await?, (2, 2));
    Ok(())
}

#[tokio::test]
async fn a_rise_is_told_to_nobody_and_a_drop_after_it_is_a_new_one() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    favourite_add(&*stall.api, buyer, stall.listing).await?;
    for (price, told) in [
        (200_000, &[200_000][..]),
        (200_000, &[200_000]),
        (250_000, &[200_000]),
        (200_000, &[200_000, 200_000]),
        (150_000, &[200_000, 200_000, 150_000]),
    ] {
        stall.set_price(price).await?;
        price_drops_run(&*stall.jobs).await?;
        assert_eq!(stall.told_prices(buyer).await?, told, "{price}");
    }
    Ok(())
}

#[tokio::test]
async fn a_price_that_is_gone_before_anybody_was_told_is_not_told() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    favourite_add(&*stall.api, buyer, stall.listing).await?;
    stall.set_price(200_000).await?;
    stall.set_price(240_000).await?;
    price_drops_run(&*stall.jobs).await?;
    assert!(stall.told_prices(buyer).await?.is_empty());
    // What has become cheaper still is told as it was: each drop is one.
    stall.set_price(230_000).await?;
    stall.set_price(220_000).await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.told_prices(buyer).await?, [230_000, 220_000]);
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_of_what_nobody_sees_and_what_waits_is_told_when_it_is_back()
-> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    favourite_add(&*stall.api, buyer, stall.listing).await?;
    stall
        .run("update market_data.listings set status = 'pending'")
        .await?;
    stall.set_price(200_000).await?;
    price_drops_run(&*stall.jobs).await?;
    assert!(stall.told_prices(buyer).await?.is_empty());
    stall
        .run("update market_data.listings set status = 'published'")
        .await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.told_prices(buyer).await?, [200_000]);

    stall.set_price(150_000).await?;
    stall
        .run("update market_data.listings set status = 'archived'")
        .await?;
    price_drops_run(&*stall.jobs).await?;
    // A draft has a price too, and nobody waits for it.
    stall
        .run("update market_data.listings set status = 'draft'")
        .await?;
    stall.set_price(100_000).await?;
    stall
        .run(
            "update market_data.listings set status = 'pending';
             update market_data.listings set status = 'published'",
        )
        .await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.told_prices(buyer).await?, [200_000]);
    Ok(())
}

#[tokio::test]
async fn neither_those_who_sell_it_nor_those_who_muted_it_are_told() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(3).await?;
    for person in &people {
        favourite_add(&*stall.api, *person, stall.listing).await?;
    }
    stall
        .run(&format!(
            "insert into notify_data.mutes values ({}, 'favourites', ops.clock_now())",
            people[1]
        ))
        .await?;
    stall.set_price(200_000).await?;
    // By the time that they are told of it, it is theirs.
    stall.to_shop_of(&people[..1]).await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.told_prices(people[2]).await?, [200_000]);
    assert_eq!(stall.reached(KIND).await?, (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_crowd_is_told_in_batches_each_once_by_whichever_runner() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (first, last) = stall.crowd(2_500).await?;
    stall
        .run(&format!(
            "insert into market_data.favourites (user_id, listing_id, title, added_at)
             select n, {}, 'x', ops.clock_now() - interval '1 day' from generate_series({first}, {last}) as n",
            stall.listing
        ))
        .await?;
    stall.set_price(200_000).await?;
    let mut runner = stall.db.as_role("kardan_maintenance").await?;
    let tx = runner.transaction().await?;
    price_drops_run(&tx).await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.reached(KIND).await?, (0, 0));
    // The runner dies: nothing was told, and the next one begins anew.
    tx.rollback().await?;
    price_drops_run(&*stall.jobs).await?;
    assert_eq!(stall.reached(KIND).await?, (2_500, 2_500));
    stall.db.shift_clock("31 days").await?;
    price_drops_run(&*stall.jobs).await?;
    let left = "select count(*) from market_data.price_drops";
    assert_eq!(stall.number(left).await?, 0);
    Ok(())
}
