//! Deals over HTTP: two people come to an end, and what others see of it.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Person, Server, expect, problem};

async fn step(person: &Person<'_>, deal: &str, name: &str) -> anyhow::Result<reqwest::Response> {
    let path = format!("/v1/deals/{deal}/{name}");
    Ok(person.ask(Method::POST, &path).send().await?)
}

#[tokio::test]
async fn a_deal_is_asked_for_confirmed_handed_over_and_completed() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let stranger = server.person(Role::User).await?;
    let moderator = server.person(Role::Moderator).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/deals");

    let ask = || {
        buyer
            .ask(Method::POST, &path)
            .header("idempotency-key", "one")
    };
    let made = ask().json(&json!({ "quantity": 3 })).send().await?;
    let place = made.headers()["location"].to_str()?.to_owned();
    let made = expect(made, 201).await?;
    let deal = made["deal_id"].as_str().unwrap().to_owned();
    assert_eq!(place, format!("/v1/deals/{deal}"));
    assert_eq!(made["state"], "requested");
    assert_eq!(
        made["total"],
        json!({ "amount_minor": 750_000, "currency": "RUB" })
    );
    assert_eq!(made["unit_price"]["amount_minor"], 250_000);
    let again = ask().json(&json!({ "quantity": 3 })).send().await?;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(expect(again, 201).await?, made);
    problem(
        ask().json(&json!({ "quantity": 1 })).send().await?,
        422,
        "idempotency_key_reused",
    )
    .await?;
    let own = seller
        .ask(Method::POST, &path)
        .json(&json!({ "quantity": 1 }))
        .send()
        .await?;
    problem(own, 403, "reservation_own_listing").await?;

    problem(
        step(&buyer, &deal, "confirm").await?,
        403,
        "deal_side_required",
    )
    .await?;
    problem(
        step(&stranger, &deal, "confirm").await?,
        404,
        "deal_unknown",
    )
    .await?;
    problem(
        step(&buyer, &deal, "complete").await?,
        409,
        "deal_move_illegal",
    )
    .await?;
    for _ in 0..2 {
        let state = expect(step(&seller, &deal, "confirm").await?, 200).await?;
        assert_eq!(state["state"], "confirmed");
    }
    let page = expect(server.get(&format!("/v1/listings/{listing}")).await?, 200).await?;
    assert_eq!(page["status"], "reserved");
    expect(step(&seller, &deal, "hand-over").await?, 200).await?;
    let done = expect(step(&buyer, &deal, "complete").await?, 200).await?;
    assert_eq!(done["state"], "completed");
    let inside = expect(
        seller
            .get(&format!("/v1/listings/{listing}/inside"))
            .await?,
        200,
    )
    .await?;
    assert_eq!(inside["status"], "sold");

    for (person, status) in [
        (&buyer, 200),
        (&seller, 200),
        (&stranger, 404),
        (&moderator, 404),
    ] {
        let seen = person.get(&format!("/v1/deals/{deal}")).await?;
        assert_eq!(seen.status(), status);
        let events = person.get(&format!("/v1/deals/{deal}/events")).await?;
        assert_eq!(events.status(), status);
    }
    let events = expect(
        buyer
            .get(&format!("/v1/deals/{deal}/events?limit=1"))
            .await?,
        200,
    )
    .await?;
    assert_eq!(events["items"][0]["to_state"], "completed");
    let next = events["next"].as_str().unwrap();
    let path = format!("/v1/deals/{deal}/events?limit=3&cursor={next}");
    let rest = expect(buyer.get(&path).await?, 200).await?;
    assert_eq!(rest["items"].as_array().unwrap().len(), 3);

    let path = format!("/v1/moderation/deals/{deal}");
    assert_eq!(
        expect(moderator.get(&path).await?, 200).await?["deal_id"],
        deal.as_str()
    );
    let events = expect(moderator.get(&format!("{path}/events")).await?, 200).await?;
    assert_eq!(events["items"].as_array().unwrap().len(), 4);
    problem(buyer.get(&path).await?, 403, "role_required").await?;
    Ok(())
}

#[tokio::test]
async fn a_deal_is_cancelled_with_words_and_each_side_lists_its_own() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer, listing) = server.sale().await?;
    let path = format!("/v1/listings/{listing}/deals");
    let mut deals = Vec::new();
    for _ in 0..3 {
        let made = buyer
            .send(Method::POST, &path, &json!({ "quantity": 1 }), 201)
            .await?;
        let cancel = format!("/v1/deals/{}/cancel", made["deal_id"].as_str().unwrap());
        let short = buyer
            .ask(Method::POST, &cancel)
            .json(&json!({ "reason": "" }))
            .send()
            .await?;
        let refused = problem(short, 422, "deal_reason_length").await?;
        assert_eq!(refused["errors"][0]["pointer"], "/reason");
        let why = json!({ "reason": "Found another one" });
        assert_eq!(
            seller.send(Method::POST, &cancel, &why, 200).await?["state"],
            "cancelled"
        );
        deals.push(made["deal_id"].clone());
    }
    deals.reverse();
    for (person, path) in [(&buyer, "/v1/me/purchases"), (&seller, "/v1/me/sales")] {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = expect(
                person
                    .get(&format!("{path}?limit=2&state=cancelled{cursor}"))
                    .await?,
                200,
            )
            .await?;
            all.extend(
                part["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["deal_id"].clone()),
            );
            match part["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|one| deals.contains(one)), "{path}");
        let none = expect(person.get(&format!("{path}?state=requested")).await?, 200).await?;
        assert_eq!(none["items"], json!([]));
    }
    assert_eq!(
        expect(buyer.get("/v1/me/sales").await?, 200).await?["items"],
        json!([])
    );
    Ok(())
}

#[tokio::test]
async fn the_deals_of_a_shop_are_for_its_members() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (owner, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let shop = owner
        .send(
            Method::POST,
            "/v1/shops",
            &json!({ "name": "Parts and more" }),
            201,
        )
        .await?["shop_id"]
        .clone();
    let listing = server
        .db
        .listing(owner.user, &ListingFixture::default())
        .await?;
    server
        .superuser()
        .await?
        .execute(
            "update market_data.listings set owner_user_id = null, owner_shop_id = $2 where id = $1",
            &[&listing, &shop.as_i64().unwrap()],
        )
        .await?;
    let path = format!("/v1/listings/{listing}/deals");
    let made = buyer
        .send(Method::POST, &path, &json!({ "quantity": 1 }), 201)
        .await?;
    let path = format!("/v1/shops/{shop}/deals");
    let list = expect(owner.get(&path).await?, 200).await?;
    assert_eq!(list["items"][0]["deal_id"], made["deal_id"]);
    assert_eq!(list["items"][0]["seller_name"], "Parts and more");
    problem(buyer.get(&path).await?, 403, "shop_role_required").await?;
    Ok(())
}
