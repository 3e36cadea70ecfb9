//! Reviews over HTTP.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Person, Server, expect, problem};

/// A deal between the two that was completed.
async fn bought(
    server: &Server,
    seller: &Person<'_>,
    buyer: &Person<'_>,
) -> anyhow::Result<String> {
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/deals");
    let made = buyer
        .send(Method::POST, &path, &json!({ "quantity": 1 }), 201)
        .await?;
    let deal = format!("/v1/deals/{}", made["deal_id"].as_str().unwrap());
    for (person, step) in [
        (seller, "confirm"),
        (seller, "hand-over"),
        (buyer, "complete"),
    ] {
        let answer = person
            .ask(Method::POST, &format!("{deal}/{step}"))
            .send()
            .await?;
        expect(answer, 200).await?;
    }
    Ok(deal)
}

#[tokio::test]
async fn a_review_is_asked_for_written_answered_shown_hidden_and_counted() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let moderator = server.person(Role::Moderator).await?;
    let deal = bought(&server, &seller, &buyer).await?;

    for _ in 0..2 {
        let asked = seller
            .ask(Method::POST, &format!("{deal}/review-request"))
            .send()
            .await?;
        assert!(expect(asked, 200).await?["review_asked_at"].is_string());
    }
    let path = format!("{deal}/review");
    let wrong = buyer
        .ask(Method::PUT, &path)
        .json(&json!({ "stars": 6 }))
        .send()
        .await?;
    let wrong = problem(wrong, 422, "review_stars_range").await?;
    assert_eq!(wrong["errors"][0]["pointer"], "/stars");
    let contact = json!({ "stars": 5, "text": "Write to me@example.com" });
    let contact = buyer.ask(Method::PUT, &path).json(&contact).send().await?;
    let contact = problem(contact, 422, "text_contact").await?;
    assert_eq!(contact["errors"][0]["pointer"], "/text");
    let wish = json!({ "stars": 4, "text": "Quick" });
    let review = buyer.send(Method::PUT, &path, &wish, 200).await?;
    assert_eq!(buyer.send(Method::PUT, &path, &wish, 200).await?, review);
    seller
        .send(Method::PUT, &path, &json!({ "stars": 5 }), 200)
        .await?;
    let both = expect(buyer.get(&format!("{deal}/reviews")).await?, 200).await?;
    assert_eq!(both["items"].as_array().unwrap().len(), 2);

    let number = &review["review_id"];
    let answer = format!("/v1/reviews/{number}/answer");
    let refused = buyer
        .ask(Method::PUT, &answer)
        .json(&json!({ "text": "Hm" }))
        .send()
        .await?;
    problem(refused, 403, "review_side_required").await?;
    seller
        .send(Method::PUT, &answer, &json!({ "text": "Thanks" }), 200)
        .await?;
    let user = format!("/v1/users/{}", seller.user);
    let list = expect(server.get(&format!("{user}/reviews")).await?, 200).await?;
    assert_eq!(list["items"][0]["answer"], "Thanks");
    assert!(
        list["items"][0].get("author_id").is_none(),
        "a name is enough for everybody"
    );
    let rating = expect(server.get(&format!("{user}/rating")).await?, 200).await?;
    assert_eq!(
        (&rating["review_count"], &rating["average"]),
        (&json!(1), &json!(4.0))
    );
    assert_eq!(rating["stars_4"], 1);

    let hide = format!("/v1/moderation/reviews/{number}/hide");
    let why = json!({ "reason": "Insults" });
    problem(
        buyer.ask(Method::POST, &hide).json(&why).send().await?,
        403,
        "role_required",
    )
    .await?;
    moderator.send(Method::POST, &hide, &why, 200).await?;
    let list = expect(server.get(&format!("{user}/reviews")).await?, 200).await?;
    assert_eq!(list["items"], json!([]));
    let hidden = expect(
        moderator
            .get("/v1/moderation/reviews?is_hidden=true")
            .await?,
        200,
    )
    .await?;
    assert_eq!(&hidden["items"][0]["review_id"], number);
    let unhide = format!("/v1/moderation/reviews/{number}/unhide");
    expect(moderator.ask(Method::POST, &unhide).send().await?, 200).await?;
    let rating = expect(server.get(&format!("{user}/rating")).await?, 200).await?;
    assert_eq!(rating["review_count"], 1);
    Ok(())
}

#[tokio::test]
async fn a_review_without_a_completed_deal_is_a_conflict() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (_, buyer, listing) = server.sale().await?;
    let path = format!("/v1/listings/{listing}/deals");
    let made = buyer
        .send(Method::POST, &path, &json!({ "quantity": 1 }), 201)
        .await?;
    let path = format!("/v1/deals/{}/review", made["deal_id"].as_str().unwrap());
    let early = buyer
        .ask(Method::PUT, &path)
        .json(&json!({ "stars": 5 }))
        .send()
        .await?;
    problem(early, 409, "review_needs_deal").await?;
    let shop = expect(server.get("/v1/shops/1/rating").await?, 200).await?;
    assert_eq!(
        (&shop["review_count"], &shop["average"]),
        (&json!(0), &json!(null))
    );
    let none = expect(server.get("/v1/shops/1/reviews").await?, 200).await?;
    assert_eq!(none["items"], json!([]));
    Ok(())
}

#[tokio::test]
async fn the_platform_is_reviewed_and_its_average_is_public() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, admin) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let path = "/v1/me/platform-review";
    problem(anna.get(path).await?, 404, "thing_unknown").await?;
    for stars in [1, 5] {
        anna.send(
            Method::PUT,
            path,
            &json!({ "stars": stars, "text": "Hm" }),
            200,
        )
        .await?;
    }
    assert_eq!(expect(anna.get(path).await?, 200).await?["stars"], 5);
    let rating = expect(server.get("/v1/platform/rating").await?, 200).await?;
    assert_eq!(
        (&rating["review_count"], &rating["average"]),
        (&json!(1), &json!(5.0))
    );
    let list = expect(admin.get("/v1/platform/reviews?stars=5").await?, 200).await?;
    assert_eq!(list["items"][0]["user_id"], json!(anna.user));
    problem(
        anna.get("/v1/platform/reviews").await?,
        403,
        "role_required",
    )
    .await?;
    Ok(())
}
