//! What an upload tells and does: new goods, changes, nothing, and the same once more.

use kardan_schema::Status;
use kardan_schema::market::{self, ShopGoodsExport};
use serde_json::json;

use super::{How, Shelf, row};

#[tokio::test]
async fn new_goods_are_drafts_and_the_same_file_once_more_changes_nothing() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let file = [
        row(
            2,
            "A-1",
            json!({"price": "1 234,50", "stock": "7,00", "brand": "bosch"}),
        ),
        row(
            3,
            "A-2",
            json!({"wholesale_price": "2000", "wholesale_quantity": "10"}),
        ),
        row(
            4,
            "A-3",
            json!({"condition": "б/у", "place": "Москва", "category": "Тормозные колодки"}),
        ),
    ];
    let first = shelf.upload(&file, &How::default()).await?;
    assert_eq!(first.counts(), [3, 0, 0, 0, 0], "{:?}", first.problems);
    let told: Vec<_> = first.changes.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(told, ["A-1", "A-2", "A-3"]);
    let made = shelf.find("A-1").await?;
    assert_eq!(shelf.now(made).await?, (Status::Draft, 123_450, 7));
    assert_eq!(shelf.see::<String>("l.brand_label", made).await?, "Bosch");
    let used = shelf.find("A-3").await?;
    assert_eq!(shelf.see::<String>("l.condition", used).await?, "used");

    let again = shelf.upload(&file, &How::default()).await?;
    assert_eq!(again.counts(), [0, 0, 3, 0, 0], "{:?}", again.changes);
    assert_eq!(shelf.see::<i32>("l.version", made).await?, 1);
    let left = "select count(*) from market_data.price_list_rows";
    assert_eq!(shelf.admin.query_one(left, &[]).await?.get::<_, i64>(0), 0);
    Ok(())
}

#[tokio::test]
async fn a_rehearsal_tells_what_was_and_what_would_be_and_changes_nothing() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let file = [
        json!({"row": 2, "code": "A-1", "price": "2400", "stock": "5", "title": "Колодки задние"}),
        row(3, "A-2", json!({})),
    ];
    let dry = How {
        dry: true,
        ..How::default()
    };
    let report = shelf.upload(&file, &dry).await?;
    assert_eq!(report.counts(), [1, 1, 0, 0, 0]);
    let change = &report.changes[0];
    assert_eq!(
        (change.from_status, change.to_status),
        (Some(Status::Published), Status::Pending)
    );
    assert_eq!(
        change.changes,
        json!({
            "price": {"from": "2500.00", "to": "2400.00"},
            "stock": {"from": "3", "to": "5"},
            "title": {"from": "Колодки тормозные передние", "to": "Колодки задние"},
        })
    );
    assert_eq!(
        report.sum.field_counts,
        json!({"price": 1, "stock": 1, "title": 1})
    );
    assert_eq!(shelf.now(good).await?, (Status::Published, 250_000, 3));
    let goods = "select count(*) from market_data.listings";
    assert_eq!(shelf.admin.query_one(goods, &[]).await?.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn a_change_of_price_is_live_at_once_with_its_history_and_nobody_is_told()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let file = [
        json!({"row": 2, "code": "A-1", "price": "2400", "wholesale_price": "2000",
        "wholesale_quantity": "5"}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.counts(), [0, 1, 0, 0, 0]);
    assert_eq!(shelf.now(good).await?, (Status::Published, 240_000, 3));
    let prices = "(select array_agg(p.price_minor order by p.id)
                   from market_data.listing_prices as p where p.listing_id = l.id)";
    assert_eq!(
        shelf.see::<Vec<i64>>(prices, good).await?,
        [250_000, 240_000]
    );
    assert_eq!(shelf.waiting(good).await?, 0);
    let outbox = "(select count(*) from notify_data.outbox)";
    assert_eq!(shelf.see::<i64>(outbox, good).await?, 0);
    // Empty cells end the wholesale price.
    let file = [json!({"row": 2, "code": "A-1", "wholesale_price": "", "wholesale_quantity": ""})];
    shelf.upload(&file, &How::default()).await?;
    assert_eq!(
        shelf
            .see::<Option<i64>>("l.wholesale_price_minor", good)
            .await?,
        None
    );
    assert_eq!(shelf.now(good).await?.1, 240_000);
    Ok(())
}

#[tokio::test]
async fn what_a_file_does_not_say_stays_and_an_empty_cell_takes_away_what_may_be_empty()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Draft).await?;
    shelf
        .set(good, "description = 'words', brand_label = 'X'")
        .await?;
    let file = [
        json!({"row": 2, "code": "A-1", "title": "", "price": "", "stock": "", "category": "",
        "condition": "", "part_number": "", "place": ""}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.counts(), [0, 1, 0, 0, 0], "{:?}", report.problems);
    assert_eq!(shelf.see::<String>("l.part_number", good).await?, "");
    assert_eq!(shelf.see::<String>("l.description", good).await?, "words");
    assert_eq!(shelf.now(good).await?, (Status::Draft, 250_000, 3));
    Ok(())
}

#[tokio::test]
async fn goods_without_a_code_get_one_by_the_number_of_the_listing() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("old", Status::Published).await?;
    shelf.set(good, "code = null").await?;
    let number = good.to_string();
    let file = [json!({"row": 2, "code": "A-1", "listing_id": number, "price": "2400"})];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.counts(), [0, 1, 0, 0, 0], "{:?}", report.problems);
    assert_eq!(shelf.find("A-1").await?, good);
    assert_eq!(shelf.now(good).await?, (Status::Published, 240_000, 3));
    // Without a code the number alone will do.
    let file = [json!({"row": 2, "code": "", "listing_id": number, "price": "2400"})];
    assert_eq!(
        shelf.upload(&file, &How::default()).await?.counts(),
        [0, 0, 1, 0, 0]
    );
    Ok(())
}

#[tokio::test]
async fn goods_are_told_page_by_page_as_a_price_list_names_them() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let file = [
        row(
            2,
            "A-1",
            json!({"price": "1234,5", "wholesale_price": "1000", "wholesale_quantity": "9"}),
        ),
        row(3, "A-2", json!({"brand": "bosch"})),
    ];
    shelf.upload(&file, &How::default()).await?;
    let stranger = shelf.good("put away", Status::Archived).await?;
    shelf.set(stranger, "code = null").await?;
    let mut ask = ShopGoodsExport {
        actor: shelf.owner,
        shop: shelf.shop,
        limit: Some(2),
        after_listing: None,
    };
    let goods = market::shop_goods_export(&*shelf.api, &ask).await?;
    let told: Vec<_> = goods
        .iter()
        .map(|good| {
            (
                good.code.as_str(),
                good.price.as_str(),
                good.brand.as_str(),
                good.stock,
            )
        })
        .collect();
    assert_eq!(
        told,
        [("A-1", "1234.50", "", 3), ("A-2", "2500.00", "Bosch", 3)]
    );
    assert_eq!(goods[0].wholesale_price.as_deref(), Some("1000.00"));
    assert_eq!(
        (goods[0].category.as_str(), goods[0].place.as_str()),
        ("brake-pads", "moscow")
    );
    ask.after_listing = Some(goods[1].listing_id);
    let rest = market::shop_goods_export(&*shelf.api, &ask).await?;
    assert_eq!(
        (rest.len(), rest[0].code.as_str(), rest[0].stock),
        (1, "", 0)
    );
    Ok(())
}
