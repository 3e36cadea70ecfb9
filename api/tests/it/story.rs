//! One whole story: a part is posted, checked, found, put aside and sold.

use kardan_schema::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, expect, problem};

async fn first(server: &Server, path: &str, field: &str) -> anyhow::Result<Value> {
    let list = expect(server.get(path).await?, 200).await?;
    Ok(list["items"][0][field].clone())
}

/// A category and subcategory of parts without a field that must be there.
async fn subcategory(server: &Server) -> anyhow::Result<(Value, Value)> {
    let list = expect(server.get("/v1/catalog/categories?kind=part").await?, 200).await?;
    for one in list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| !one["parent_id"].is_null())
    {
        let path = format!(
            "/v1/catalog/attributes?kind=part&category_id={}",
            one["category_id"]
        );
        let fields = expect(server.get(&path).await?, 200).await?;
        if fields["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|field| field["required"] == false)
        {
            return Ok((one["parent_id"].clone(), one["category_id"].clone()));
        }
    }
    anyhow::bail!("every category has a field that must be there")
}

#[tokio::test]
async fn a_part_is_posted_checked_found_put_aside_and_sold() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let moderator = server.person(Role::Moderator).await?;
    let (category_id, subcategory_id) = subcategory(&server).await?;
    let draft = json!({
        "kind": "part", "title": "Свеча зажигания иридиевая", "category_id": category_id,
        "subcategory_id": subcategory_id, "part_number": "0 242 236 605", "condition": "new",
        "place_id": first(&server, "/v1/catalog/places", "place_id").await?,
        "price": { "amount_minor": 90_000, "currency": "RUB" },
        "wholesale_price": { "amount_minor": 80_000 }, "wholesale_min_quantity": 2,
        "stock_quantity": 2, "contact_phone": "+7 900 000-00-00",
    });
    let made = seller
        .send(Method::POST, "/v1/listings", &draft, 201)
        .await?;
    let path = format!("/v1/listings/{}", made["listing_id"]);
    problem(server.get(&path).await?, 404, "thing_unknown").await?;
    let version = made["version"].as_i64().unwrap();
    let submitted = seller
        .change(Method::POST, &format!("{path}/submit"), version, None, 200)
        .await?;
    assert_eq!(submitted["status"], "pending");

    let claimed = moderator
        .send(
            Method::POST,
            "/v1/moderation/claims",
            &json!({ "limit": 1 }),
            200,
        )
        .await?;
    assert_eq!(claimed["items"][0]["listing_id"], made["listing_id"]);
    let item = format!("/v1/moderation/items/{}", claimed["items"][0]["item_id"]);
    let card = expect(moderator.get(&item).await?, 200).await?;
    assert_eq!(card["price"], draft["price"]);
    let version = card["version"].as_i64().unwrap();
    let approved = moderator
        .change(Method::POST, &format!("{item}/approve"), version, None, 200)
        .await?;
    assert_eq!(approved["status"], "published");

    let found = expect(server.get("/v1/listings?query=0242236605").await?, 200).await?;
    assert_eq!(
        found["items"][0]["listing_id"], made["listing_id"],
        "{found}"
    );
    assert_eq!(found["items"][0]["price"], draft["price"]);
    let page = expect(server.get(&path).await?, 200).await?;
    assert!(page.get("contact_phone").is_none());
    let quote = expect(server.get(&format!("{path}/quote?quantity=2")).await?, 200).await?;
    assert_eq!(
        quote["total"],
        json!({ "amount_minor": 160_000, "currency": "RUB" })
    );

    let wish = json!({ "quantity": 2 });
    let held = buyer
        .send(Method::POST, &format!("{path}/reservations"), &wish, 201)
        .await?;
    assert_eq!(
        (&held["state"], &held["total"]),
        (&json!("held"), &quote["total"])
    );
    assert_eq!(
        expect(server.get(&path).await?, 200).await?["status"],
        "reserved"
    );
    let again = buyer
        .ask(Method::POST, &format!("{path}/reservations"))
        .json(&wish)
        .send()
        .await?;
    assert_eq!(again.status(), 409);
    let sell = format!(
        "/v1/reservations/{}/sell",
        held["reservation_id"].as_str().unwrap()
    );
    assert_eq!(buyer.ask(Method::POST, &sell).send().await?.status(), 403);
    let sold = expect(seller.ask(Method::POST, &sell).send().await?, 200).await?;
    assert_eq!(sold["state"], "sold");

    problem(server.get(&path).await?, 404, "thing_unknown").await?;
    let inside = expect(seller.get(&format!("{path}/inside")).await?, 200).await?;
    assert_eq!(inside["status"], "sold");
    let mine = expect(buyer.get("/v1/me/reservations").await?, 200).await?;
    assert_eq!(mine["items"][0]["reservation_id"], held["reservation_id"]);
    let events = expect(seller.get(&format!("{path}/events")).await?, 200).await?;
    assert!(events["items"].as_array().unwrap().len() >= 4, "{events}");
    Ok(())
}
