//! Channels over HTTP: an administrator arranges them, a listing is posted, its people see where.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_channel_is_made_changed_read_and_deleted() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (admin, moderator) = (
        server.person(Role::Admin).await?,
        server.person(Role::Moderator).await?,
    );
    let wish = json!({
        "chat_id": -1_001, "discussion_chat_id": -1_002, "title": "Запчасти", "language": "ru", "is_enabled": true,
        "rules": [{}, { "place_id": 1 }, { "region_place_id": 2 }],
    });
    let made = admin.send(Method::POST, "/v1/channels", &wish, 201).await?;
    assert_eq!(
        made["rules"][0],
        json!({ "category_id": null, "place_id": null, "region_place_id": null })
    );
    assert_eq!(made["rules"][1]["place_id"], 1);
    assert_eq!(made["rules"][2]["region_place_id"], 2);
    let taken = admin
        .ask(Method::POST, "/v1/channels")
        .json(&wish)
        .send()
        .await?;
    problem(taken, 409, "channel_chat_taken").await?;
    let path = format!("/v1/channels/{}", made["channel_id"]);
    let change = json!({
        "discussion_chat_id": null, "title": "Parts", "language": "en", "is_enabled": false, "rules": [],
    });
    let changed = admin
        .change(Method::PUT, &path, 1, Some(&change), 200)
        .await?;
    assert_eq!(
        (&changed["title"], &changed["rules"]),
        (&json!("Parts"), &json!([]))
    );
    assert_eq!(expect(admin.get(&path).await?, 200).await?, changed);
    let list = expect(admin.get("/v1/channels?limit=1").await?, 200).await?;
    assert_eq!(list["items"], json!([changed]));
    assert_eq!(moderator.get("/v1/channels").await?.status(), 403);
    for _ in 0..2 {
        let gone = admin.ask(Method::DELETE, &path).send().await?;
        assert_eq!(gone.status(), 204);
    }
    problem(admin.get(&path).await?, 404, "channel_unknown").await?;
    Ok(())
}

#[tokio::test]
async fn the_people_of_a_listing_see_where_it_is_posted() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, stranger) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let (admin, moderator) = (
        server.person(Role::Admin).await?,
        server.person(Role::Moderator).await?,
    );
    let wish = json!({
        "chat_id": -1_001, "title": "Запчасти", "language": "ru", "is_enabled": true, "rules": [{}],
    });
    admin.send(Method::POST, "/v1/channels", &wish, 201).await?;
    let pending = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    let listing = server.db.listing(seller.user, &pending).await?;
    let claimed = moderator
        .send(
            Method::POST,
            "/v1/moderation/claims",
            &json!({ "limit": 1 }),
            200,
        )
        .await?;
    let item = format!("/v1/moderation/items/{}", claimed["items"][0]["item_id"]);
    let version = expect(moderator.get(&item).await?, 200).await?["version"].as_i64();
    moderator
        .change(
            Method::POST,
            &format!("{item}/approve"),
            version.unwrap(),
            None,
            200,
        )
        .await?;
    let path = format!("/v1/listings/{listing}/posts");
    let posts = expect(seller.get(&path).await?, 200).await?;
    assert_eq!(posts["items"][0]["channel_title"], "Запчасти");
    assert_eq!(posts["items"][0]["is_waiting"], true);
    assert_eq!(stranger.get(&path).await?.status(), 403);
    Ok(())
}
