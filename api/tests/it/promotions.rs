//! Advertising inside the marketplace.

use chrono::{TimeDelta, Utc};
use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn an_order_is_approved_paid_shown_counted_and_ended() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, other) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let (moderator, admin) = (
        server.person(Role::Moderator).await?,
        server.person(Role::Admin).await?,
    );
    let mine = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let slot = server
        .db
        .listing(other.user, &ListingFixture::default())
        .await?;
    let wish = json!({
        "kind": "insertion", "text": "Brakes", "begins_at": Utc::now() - TimeDelta::hours(1),
        "ends_at": Utc::now() + TimeDelta::hours(1),
    });
    let orders = format!("/v1/listings/{mine}/promotions");
    problem(
        other.ask(Method::POST, &orders).json(&wish).send().await?,
        403,
        "listing_not_yours",
    )
    .await?;
    let made = expect(
        seller.ask(Method::POST, &orders).json(&wish).send().await?,
        201,
    )
    .await?;
    assert_eq!(
        (&made["state"], &made["price"]),
        (&json!("requested"), &json!(null))
    );
    let order = made["promotion_id"].as_i64().unwrap_or_default();

    let waiting = expect(
        moderator
            .ask(Method::GET, "/v1/moderation/promotions")
            .send()
            .await?,
        200,
    )
    .await?;
    assert_eq!(waiting["items"][0]["promotion_id"], order);
    let price = json!({ "price": { "amount_minor": 50_000, "currency": "RUB" } });
    let approve = format!("/v1/moderation/promotions/{order}/approve");
    problem(
        seller
            .ask(Method::POST, &approve)
            .json(&price)
            .send()
            .await?,
        403,
        "role_required",
    )
    .await?;
    let approved = expect(
        moderator
            .ask(Method::POST, &approve)
            .json(&price)
            .send()
            .await?,
        200,
    )
    .await?;
    assert_eq!(approved["price"], price["price"]);
    let show = format!("/v1/listings/{slot}/promotion");
    assert_eq!(server.get(&show).await?.status(), 204, "before it is paid");
    let pay = format!("/v1/promotions/{order}/payment");
    let payment = json!({ "reference": "order 1" });
    expect(
        admin.ask(Method::POST, &pay).json(&payment).send().await?,
        200,
    )
    .await?;

    let shown = expect(server.get(&show).await?, 200).await?;
    assert_eq!(
        (&shown["promotion_id"], &shown["text"]),
        (&json!(order), &json!("Brakes"))
    );
    assert_eq!(shown["listing_id"], json!(mine.0));
    let marks = format!("/v1/promotions/{order}/marks");
    for is_click in [false, true] {
        let mark = json!({ "listing_id": slot, "is_click": is_click });
        assert_eq!(
            other
                .ask(Method::POST, &marks)
                .json(&mark)
                .send()
                .await?
                .status(),
            204
        );
    }
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let mine = expect(seller.ask(Method::GET, "/v1/promotions").send().await?, 200).await?;
        let item = &mine["items"][0];
        if (&item["shown"], &item["clicked"]) == (&json!(1), &json!(1)) {
            break;
        }
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "never counted: {item}"
        );
    }
    let figures = format!("/v1/promotions/{order}/figures");
    let days = expect(seller.ask(Method::GET, &figures).send().await?, 200).await?;
    assert_eq!(days["items"][0]["people"], 1);
    problem(
        other.ask(Method::GET, &figures).send().await?,
        404,
        "promotion_unknown",
    )
    .await?;

    let cancel = format!("/v1/promotions/{order}/cancel");
    expect(seller.ask(Method::POST, &cancel).send().await?, 200).await?;
    assert_eq!(server.get(&show).await?.status(), 204);
    let refunded = expect(admin.ask(Method::DELETE, &pay).send().await?, 200).await?;
    assert_eq!(refunded["payment"], "refunded");
    Ok(())
}

#[tokio::test]
async fn a_refusal_tells_why_and_bad_wishes_name_their_field() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let seller = server.person(Role::User).await?;
    let moderator = server.person(Role::Moderator).await?;
    let mine = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let orders = format!("/v1/listings/{mine}/promotions");
    let wish = |text: &str| json!({ "kind": "post", "text": text, "begins_at": Utc::now(), "ends_at": Utc::now() + TimeDelta::hours(1) });
    let bad = seller
        .ask(Method::POST, &orders)
        .json(&wish(""))
        .send()
        .await?;
    let bad = problem(bad, 422, "promotion_text_length").await?;
    assert_eq!(bad["errors"][0]["pointer"], "/text");
    let made = expect(
        seller
            .ask(Method::POST, &orders)
            .json(&wish("Brakes"))
            .send()
            .await?,
        201,
    )
    .await?;
    let reject = format!("/v1/moderation/promotions/{}/reject", made["promotion_id"]);
    let why = json!({ "reason": "Not this season" });
    let refused = expect(
        moderator
            .ask(Method::POST, &reject)
            .json(&why)
            .send()
            .await?,
        200,
    )
    .await?;
    assert_eq!(
        (&refused["state"], &refused["reason"]),
        (&json!("rejected"), &json!("Not this season"))
    );
    Ok(())
}

#[tokio::test]
async fn an_order_is_made_once_paused_by_its_seller_and_held_by_a_moderator() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let (seller, moderator) = (
        server.person(Role::User).await?,
        server.person(Role::Moderator).await?,
    );
    let mine = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let orders = format!("/v1/listings/{mine}/promotions");
    let wish = json!({
        "kind": "insertion", "text": "Brakes", "begins_at": Utc::now(),
        "ends_at": Utc::now() + TimeDelta::hours(1), "wanted_categories": [-1],
    });
    let nowhere = seller.ask(Method::POST, &orders).json(&wish).send().await?;
    problem(nowhere, 422, "promotion_category_unknown").await?;
    let mut wish = wish;
    wish["wanted_categories"] = json!([]);
    let mut made = Vec::new();
    for _ in 0..2 {
        let asked = seller.ask(Method::POST, &orders);
        let answer = asked.header("idempotency-key", "k1").json(&wish);
        made.push(expect(answer.send().await?, 201).await?);
    }
    assert_eq!(made[0], made[1]);
    let order = made[0]["promotion_id"].as_i64().unwrap_or_default();
    let step = async |who: &crate::support::Person<'_>, path: String, body: serde_json::Value| {
        let answer = who.ask(Method::POST, &path).json(&body).send().await?;
        expect(answer, 200).await
    };
    let own = |step: &str| format!("/v1/promotions/{order}/{step}");
    let desk = |step: &str| format!("/v1/moderation/promotions/{order}/{step}");
    let price = json!({ "price": { "amount_minor": 1, "currency": "RUB" } });
    step(&moderator, desk("approve"), price).await?;
    let paused = step(&seller, own("pause"), json!(null)).await?;
    assert!(paused["paused_at"].is_string());
    let why = json!({ "reason": "A complaint came" });
    let held = step(&moderator, desk("hold"), why.clone()).await?;
    assert_eq!(held["hold_reason"], why["reason"]);
    let current = "/v1/moderation/promotions/current";
    let current = expect(moderator.ask(Method::GET, current).send().await?, 200).await?;
    assert_eq!(current["items"][0]["promotion_id"], order);
    let released = step(&moderator, desk("release"), json!(null)).await?;
    assert!(released["held_at"].is_null() && released["paused_at"].is_string());
    let resumed = step(&seller, own("resume"), json!(null)).await?;
    assert!(resumed["paused_at"].is_null());
    let stranger = seller.ask(Method::POST, &desk("hold")).json(&why);
    problem(stranger.send().await?, 403, "role_required").await?;
    Ok(())
}
