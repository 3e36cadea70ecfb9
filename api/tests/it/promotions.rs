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
