//! What is wrong with a row is said of that row, and the others are taken over.

use kardan_schema::{Reason, Status};
use serde_json::{Value, json};

use super::{How, Shelf, row};
use crate::support::reason;

#[tokio::test]
async fn each_bad_cell_is_named_with_its_row_its_column_and_its_reason() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let long = "x".repeat(200);
    let cases: Vec<(Value, &str, &str)> = vec![
        (json!({"code": " "}), "code", "price_list_code_missing"),
        (json!({"code": long}), "code", "listing_code_length"),
        (json!({"code": "good"}), "code", "price_list_code_twice"),
        (
            json!({"listing_id": "999999"}),
            "listing_id",
            "listing_unknown",
        ),
        (json!({"price": "dear"}), "price", "price_list_number"),
        (json!({"price": "1.234"}), "price", "price_list_number"),
        (json!({"price": ""}), "price", "price_list_value_missing"),
        (json!({"price": "-1"}), "price", "listing_price_range"),
        (
            json!({"price": "99999999999"}),
            "price",
            "listing_price_range",
        ),
        (
            json!({"wholesale_price": "x"}),
            "wholesale_price",
            "price_list_number",
        ),
        (
            json!({"wholesale_price": "1"}),
            "wholesale_price",
            "listing_wholesale_whole",
        ),
        (
            json!({"wholesale_price": "2501", "wholesale_quantity": "5"}),
            "wholesale_price",
            "listing_wholesale_not_above_price",
        ),
        (
            json!({"wholesale_price": "1", "wholesale_quantity": "1"}),
            "wholesale_quantity",
            "listing_wholesale_quantity_range",
        ),
        (
            json!({"wholesale_price": "1", "wholesale_quantity": "1,5"}),
            "wholesale_quantity",
            "price_list_number",
        ),
        (json!({"stock": "many"}), "stock", "price_list_number"),
        (json!({"stock": "-2"}), "stock", "listing_stock_range"),
        (json!({"stock": "1000001"}), "stock", "listing_stock_range"),
        (
            json!({"category": "nonsense"}),
            "category",
            "price_list_category_unknown",
        ),
        (
            json!({"category": "brakes"}),
            "category",
            "price_list_category_unknown",
        ),
        (
            json!({"brand": "nonsense"}),
            "brand",
            "price_list_brand_unknown",
        ),
        (
            json!({"condition": "broken"}),
            "condition",
            "listing_condition_known",
        ),
        (
            json!({"place": "Atlantis"}),
            "place",
            "price_list_place_unknown",
        ),
        (
            json!({"currency": "XXX"}),
            "currency",
            "listing_currency_known",
        ),
        (json!({"title": "ab"}), "title", "listing_title_length"),
        (json!({"title": ""}), "title", "price_list_value_missing"),
        (
            json!({"description": "x".repeat(8001)}),
            "description",
            "listing_description_length",
        ),
        (
            json!({"part_number": long}),
            "part_number",
            "listing_part_number_length",
        ),
        (
            json!({"contact_name": long}),
            "contact_name",
            "listing_contact_length",
        ),
        (
            json!({"contact_phone": long}),
            "contact_phone",
            "listing_contact_length",
        ),
        (
            json!({"contact_telegram": long}),
            "contact_telegram",
            "listing_contact_length",
        ),
    ];
    let mut file = vec![row(2, "good", json!({}))];
    let mut expected = Vec::new();
    for (number, (cells, field, reason)) in (3..).zip(&cases) {
        file.push(row(number, &format!("bad-{number}"), cells.clone()));
        expected.push((number, *field, *reason));
    }
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.wrong(), expected);
    let refused = i32::try_from(cases.len())?;
    assert_eq!(report.counts(), [1, 0, 0, 0, refused]);
    assert_eq!(report.problems[0].problem_count, refused);
    assert_eq!(report.problems[2].detail.as_deref(), Some("2"));
    shelf.find("good").await?;
    Ok(())
}

#[tokio::test]
async fn a_list_that_says_too_little_for_new_goods_changes_only_those_that_there_are()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    shelf.good("A-1", Status::Published).await?;
    let file = [
        json!({"row": 2, "code": "A-1", "stock": "9"}),
        json!({"row": 3, "code": "A-2", "stock": "9"}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.wrong(), [(3, "code", "price_list_code_unknown")]);
    assert_eq!(report.counts(), [0, 1, 0, 0, 1]);
    Ok(())
}

#[tokio::test]
async fn a_category_that_was_put_away_takes_nothing_new() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    shelf.good("A-1", Status::Draft).await?;
    let close = "update catalog_data.categories set archived_at = ops.clock_now() where slug = 'brake-pads'";
    shelf.admin.batch_execute(close).await?;
    let file = [
        row(2, "A-2", json!({})),
        json!({"row": 3, "code": "A-1", "price": "1"}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.wrong(), [(2, "category", "listing_category_closed")]);
    assert_eq!(report.counts(), [0, 1, 0, 0, 1]);
    Ok(())
}

#[tokio::test]
async fn a_batch_is_at_most_a_thousand_numbered_rows() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let many: Vec<_> = (2..1003)
        .map(|number| row(number, &number.to_string(), json!({})))
        .collect();
    for wrong in [
        many,
        vec![json!({"code": "A-1"})],
        vec![json!({"row": "2"})],
        vec![json!(1)],
    ] {
        assert_eq!(
            reason(shelf.stage(&wrong, false).await),
            Reason::PriceListBatchMalformed
        );
    }
    Ok(())
}
