//! Somebody offers a thing like one that is there: writes it, asks for it to be checked, looks at what they have. Photos are
//! not sent: what they cost is another measurement.

use serde_json::{Value, json};

use crate::cast::Good;
use crate::visit::{Ask, Ended, Walk};

steps! { Post;
    CREATE = "create", POST "/v1/listings", [];
    SUBMIT = "submit", POST "/v1/listings/{listing_id}/submit", [];
    MINE = "mine", GET "/v1/me/listings", [];
}

pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
    let me = walk.visit.person.clone();
    let wish = wish(&walk.visit.good, walk.visit.number);
    let ask = Ask::path("/v1/listings").by(&me).json(wish).once();
    let answer = walk.call(&CREATE, ask).await?;
    let made = answer.json();
    let id = made
        .get("listing_id")
        .and_then(Value::as_i64)
        .ok_or(Ended)?;
    let version = made
        .get("version")
        .and_then(Value::as_i64)
        .map(|version| format!("\"{version}\""));
    let ask = Ask::path(format!("/v1/listings/{id}/submit"))
        .by(&me)
        .version(version);
    walk.call(&SUBMIT, ask).await?;
    walk.call(&MINE, Ask::path("/v1/me/listings").by(&me))
        .await?;
    Ok(())
}

fn wish(good: &Good, number: u64) -> Value {
    let attributes: Value = serde_json::from_str(&good.attributes).unwrap_or(Value::Null);
    // Another price than the original's, so that not everything looks like a copy.
    let price = good.price_minor.saturating_add(number as i64 % 997 * 100);
    json!({
        "kind": good.kind,
        "title": good.title,
        "category_id": good.category,
        "subcategory_id": good.subcategory,
        "brand_id": good.brand,
        "part_number": good.part_number,
        "condition": good.condition,
        "place_id": good.place,
        "attributes": attributes,
        "price": { "amount_minor": price, "currency": good.currency },
        "stock_quantity": 1 + number % 5,
        "contact_name": "Продавец",
        "contact_phone": "+79000000000",
    })
}
