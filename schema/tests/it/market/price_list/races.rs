//! Two at once: two uploads of a shop, an upload and a change by hand, an upload and a member who is being removed.

use kardan_schema::market::{self, ListingPriceSet, PriceListApply};
use kardan_schema::{Reason, Status};
use serde_json::json;

use super::{How, Shelf};
use crate::support::reason;

#[tokio::test]
async fn a_second_upload_of_the_shop_is_refused_while_the_first_one_runs() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let second = shelf.db.as_role("kardan_api").await?;
    shelf.api.batch_execute("begin").await?;
    market::price_list_begin(&*shelf.api, shelf.owner, shelf.shop).await?;
    let refused = market::price_list_begin(&*second, shelf.owner, shelf.shop).await;
    assert_eq!(reason(refused), Reason::PriceListRunning);
    shelf.api.batch_execute("rollback").await?;
    market::price_list_begin(&*second, shelf.owner, shelf.shop).await?;
    Ok(())
}

#[tokio::test]
async fn a_good_that_was_changed_by_hand_meanwhile_is_refused_and_not_overwritten()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let hand = shelf.db.as_role("kardan_api").await?;
    shelf.api.batch_execute("begin").await?;
    market::price_list_begin(&*shelf.api, shelf.owner, shelf.shop).await?;
    shelf
        .stage(&[json!({"row": 2, "code": "A-1", "price": "1"})], false)
        .await?;
    let by_hand = ListingPriceSet {
        actor: shelf.owner,
        listing: good,
        version: None,
        price_minor: 777,
        wholesale_price_minor: None,
        wholesale_min_quantity: None,
    };
    market::listing_price_set(&*hand, &by_hand).await?;
    let piece = PriceListApply {
        actor: shelf.owner,
        shop: shelf.shop,
        after: None,
        limit: None,
    };
    let done = market::price_list_apply(&*shelf.api, &piece).await?;
    assert_eq!((done.applied, done.stale), (0, 1));
    let problems =
        market::price_list_problem_list(&*shelf.api, shelf.owner, shelf.shop, None).await?;
    assert_eq!(problems[0].reason, "version_stale");
    shelf.api.batch_execute("commit").await?;
    assert_eq!(shelf.now(good).await?.1, 777);
    Ok(())
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing_behind() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let broken = shelf.db.as_role("kardan_api").await?;
    broken.batch_execute("begin").await?;
    market::price_list_begin(&*broken, shelf.owner, shelf.shop).await?;
    let file = [json!({"row": 2, "code": "A-1", "price": "1"})];
    let batch = market::PriceListStage {
        actor: shelf.owner,
        shop: shelf.shop,
        rows: json!(file),
        defaults: json!({}),
        submit: false,
    };
    market::price_list_stage(&*broken, &batch).await?;
    let piece = PriceListApply {
        actor: shelf.owner,
        shop: shelf.shop,
        after: None,
        limit: None,
    };
    market::price_list_apply(&*broken, &piece).await?;
    broken.batch_execute("rollback").await?;
    assert_eq!(shelf.now(good).await?.1, 250_000);
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!((report.counts(), report.stale), ([0, 1, 0, 0, 0], 0));
    Ok(())
}
