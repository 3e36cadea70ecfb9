//! What keeps the market in order, as people meet it: hints, forbidden words, flags, bumps, ends, and the form of a listing.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_seller_is_told_of_a_forbidden_word_and_so_is_the_moderator() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, admin) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let moderator = server.person(Role::Moderator).await?;
    let word = json!({ "word": "Барахло", "form": "stem" });
    let added = admin
        .send(Method::POST, "/v1/moderation/words", &word, 200)
        .await?;
    assert_eq!(added["word"], "барахло");
    let refused = moderator
        .ask(Method::POST, "/v1/moderation/words")
        .json(&word)
        .send()
        .await?;
    assert_eq!(refused.status(), 403);
    let draft = ListingFixture {
        status: Status::Draft,
        title: "Фара, не б.а.р.а.х.л.о".to_owned(),
        ..ListingFixture::default()
    };
    let listing = server.db.listing(seller.user, &draft).await?;
    let path = format!("/v1/listings/{listing}");
    seller
        .change(Method::POST, &format!("{path}/submit"), 1, None, 200)
        .await?;
    let hints = expect(seller.get(&format!("{path}/hints")).await?, 200).await?;
    assert_eq!(hints["items"][0]["kind"], "forbidden_word");
    assert_eq!(hints["items"][0]["details"]["word"], "барахло");
    let queue = expect(moderator.get("/v1/moderation/queue").await?, 200).await?;
    let item = format!(
        "/v1/moderation/items/{}/hints",
        queue["items"][0]["item_id"]
    );
    assert_eq!(
        expect(moderator.get(&item).await?, 200).await?["items"],
        hints["items"]
    );
    assert_eq!(seller.get(&item).await?.status(), 403);
    let words = expect(moderator.get("/v1/moderation/words?limit=100").await?, 200).await?;
    assert!(words["items"].as_array().unwrap().contains(&added));
    let gone = format!("/v1/moderation/words/{}", added["word_id"]);
    let removed = expect(admin.ask(Method::DELETE, &gone).send().await?, 200).await?;
    assert_eq!(removed["removed"], true);
    Ok(())
}

#[tokio::test]
async fn a_flag_is_raised_changed_and_listed() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let moderator = server.person(Role::Moderator).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/flag");
    let spam = json!({ "reason": "spam" });
    buyer.send(Method::PUT, &path, &spam, 200).await?;
    let other = json!({ "reason": "prohibited", "note": "Подделка" });
    let flag = buyer.send(Method::PUT, &path, &other, 200).await?;
    assert_eq!(flag["reason"], "prohibited");
    let own = seller.ask(Method::PUT, &path).json(&spam).send().await?;
    problem(own, 403, "flag_own_listing").await?;
    let list = format!("/v1/moderation/flags?listing_id={listing}&is_open=true");
    let flags = expect(moderator.get(&list).await?, 200).await?;
    assert_eq!(flags["items"].as_array().unwrap().len(), 1);
    assert_eq!(flags["items"][0]["note"], "Подделка");
    assert_eq!(flags["items"][0]["counts"], false);
    assert_eq!(buyer.get(&list).await?.status(), 403);
    Ok(())
}

#[tokio::test]
async fn a_bump_or_a_renewal_too_soon_says_how_long_to_wait() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, admin) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    server
        .superuser()
        .await?
        .execute(
            "update market_data.listings set expires_at = ops.clock_now() + interval '8 days' where id = $1",
            &[&listing],
        )
        .await?;
    let path = format!("/v1/listings/{listing}");
    for (act, code, least) in [
        ("bump", "listing_bump_early", 14_000),
        ("renew", "listing_renew_early", 86_000),
    ] {
        let answer = seller
            .ask(Method::POST, &format!("{path}/{act}"))
            .header("if-match", "*")
            .send()
            .await?;
        let wait: u64 = answer.headers()["retry-after"].to_str()?.parse()?;
        assert!((least..=least + 500).contains(&wait), "{act}: {wait}");
        problem(answer, 429, code).await?;
    }
    let schedule = expect(seller.get(&format!("{path}/schedule")).await?, 200).await?;
    assert_eq!(schedule["bumps_left"], 3);
    assert_eq!(admin.get(&format!("{path}/schedule")).await?.status(), 200);
    let stranger = server.person(Role::User).await?;
    let hidden = stranger.get(&format!("{path}/schedule")).await?;
    problem(hidden, 404, "thing_unknown").await?;

    let categories = expect(server.get("/v1/catalog/categories?kind=part").await?, 200).await?;
    let category = &categories["items"][0]["category_id"];
    let lifetime = format!("/v1/catalog/categories/{category}/lifetime");
    let set = admin
        .send(Method::PUT, &lifetime, &json!({ "days": 14 }), 200)
        .await?;
    assert_eq!(set["days"], 14);
    let listed = expect(admin.get("/v1/catalog/lifetimes").await?, 200).await?;
    assert!(listed["items"].as_array().unwrap().contains(&set));
    assert_eq!(seller.get("/v1/catalog/lifetimes").await?.status(), 403);
    Ok(())
}

#[tokio::test]
async fn a_changed_field_is_in_the_form_at_once_and_marks_what_lacks_it() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, admin) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let page = expect(server.get(&format!("/v1/listings/{listing}")).await?, 200).await?;
    let form = format!(
        "/v1/catalog/attributes?kind=part&category_id={}",
        page["subcategory_id"]
    );
    let first = server.get(&form).await?;
    let tag = first.headers()["etag"].clone();
    let again = server
        .ask(Method::GET, &form)
        .header("if-none-match", &tag)
        .send()
        .await?;
    assert_eq!(again.status(), 304);
    let field = json!({
        "kind": "part", "category_id": page["subcategory_id"], "value_type": "integer",
        "label_ru": "Толщина", "label_en": "Thickness", "required": true, "filterable": true,
    });
    admin
        .send(
            Method::PUT,
            "/v1/catalog/attributes/by-key/thickness_mm",
            &field,
            200,
        )
        .await?;
    let changed = server
        .ask(Method::GET, &form)
        .header("if-none-match", &tag)
        .send()
        .await?;
    assert_ne!(changed.headers()["etag"], tag);
    let fields = expect(changed, 200).await?;
    assert!(
        fields["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["key"] == "thickness_mm"),
        "{fields}"
    );
    let missing = format!("/v1/listings/{listing}/missing");
    let missing = expect(seller.get(&missing).await?, 200).await?;
    assert_eq!(missing["items"][0]["key"], "thickness_mm");
    let mine = expect(seller.get("/v1/me/incomplete-listings").await?, 200).await?;
    assert_eq!(mine["items"][0]["listing_id"], listing.0);
    assert_eq!(mine["items"][0]["missing_keys"], json!(["thickness_mm"]));
    Ok(())
}
