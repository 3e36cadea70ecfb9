//! Chats over HTTP: talking beneath a listing, and what keeps order there.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn people_talk_beneath_a_listing_and_its_seller_switches_the_chat_off() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let (seller, buyer, listing) = server.sale().await?;
    let (chat, messages) = (
        format!("/v1/listings/{listing}/chat"),
        format!("/v1/listings/{listing}/messages"),
    );
    let wish = json!({ "text": "Есть?" });
    let mut first = json!(null);
    for _ in 0..2 {
        let answer = buyer
            .ask(Method::POST, &messages)
            .header("idempotency-key", "once")
            .json(&wish)
            .send()
            .await?;
        first = expect(answer, 201).await?;
    }
    let answer = json!({ "text": "Есть", "reply_to": first["message_id"] });
    let answer = seller.send(Method::POST, &messages, &answer, 201).await?;
    assert_eq!(answer["is_seller"], true);
    // Anybody reads, a page at a time.
    let page = expect(server.get(&format!("{messages}?limit=1")).await?, 200).await?;
    assert_eq!(page["items"][0]["text"], "Есть");
    let next = format!(
        "{messages}?limit=5&cursor={}",
        page["next"].as_str().unwrap()
    );
    let rest = expect(server.get(&next).await?, 200).await?;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["items"][0]["message_id"], first["message_id"]);
    let read = seller
        .ask(Method::PUT, &format!("{chat}/read"))
        .send()
        .await?;
    assert_eq!(read.status(), 204);
    let off = json!({ "is_on": false });
    assert_eq!(
        buyer
            .ask(Method::PUT, &chat)
            .json(&off)
            .send()
            .await?
            .status(),
        403
    );
    seller.send(Method::PUT, &chat, &off, 200).await?;
    assert_eq!(expect(server.get(&chat).await?, 200).await?["is_on"], false);
    let hidden = buyer
        .send(Method::POST, &messages, &json!({ "text": "Ау" }), 201)
        .await?;
    assert_eq!(hidden["state"], "hidden");
    let all = expect(seller.get(&format!("{messages}/all")).await?, 200).await?;
    assert_eq!(all["items"][0]["why"], "off");
    assert_eq!(buyer.get(&format!("{messages}/all")).await?.status(), 403);
    Ok(())
}

#[tokio::test]
async fn a_moderator_warns_mutes_and_deletes_and_an_administrator_lets_others_delete()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let (moderator, admin) = (
        server.person(Role::Moderator).await?,
        server.person(Role::Admin).await?,
    );
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let messages = format!("/v1/listings/{listing}/messages");
    let mut ids = Vec::new();
    for text in ["Раз", "Два", "Три"] {
        let made = buyer
            .send(Method::POST, &messages, &json!({ "text": text }), 201)
            .await?;
        ids.push(made["message_id"].as_str().unwrap().to_owned());
    }
    let own = format!("/v1/messages/{}", ids[0]);
    problem(
        seller.ask(Method::DELETE, &own).send().await?,
        403,
        "chat_right_required",
    )
    .await?;
    let right = json!({ "user_id": seller.user, "listing_id": listing });
    let right = admin
        .send(Method::PUT, "/v1/chat-rights", &right, 200)
        .await?;
    let deleted = seller
        .ask(Method::DELETE, &format!("{own}?reason=spam"))
        .send()
        .await?;
    assert_eq!(expect(deleted, 200).await?["state"], "deleted");
    let rights = expect(admin.get("/v1/chat-rights").await?, 200).await?;
    assert_eq!(rights["items"][0], right);
    let revoke = format!("/v1/chat-rights/{}", right["right_id"]);
    assert_eq!(
        admin.ask(Method::DELETE, &revoke).send().await?.status(),
        204
    );

    let flag = json!({ "reason": "rude", "note": "Грубит" });
    seller
        .send(
            Method::PUT,
            &format!("/v1/messages/{}/flag", ids[1]),
            &flag,
            200,
        )
        .await?;
    let queue = expect(
        moderator
            .get("/v1/moderation/message-flags?is_open=true")
            .await?,
        200,
    )
    .await?;
    assert_eq!(queue["items"][0]["note"], "Грубит");
    let act = format!("/v1/moderation/messages/{}", ids[1]);
    let dismissed = moderator
        .ask(Method::DELETE, &format!("{act}/flags"))
        .send()
        .await?;
    assert_eq!(expect(dismissed, 200).await?["state"], "visible");
    let reason = json!({ "reason": "Не грубите" });
    let warned = moderator
        .send(Method::PUT, &format!("{act}/warning"), &reason, 200)
        .await?;
    assert_eq!(warned["warning_count"], 1);
    let mute = moderator
        .send(Method::PUT, &format!("{act}/mute"), &reason, 200)
        .await?;
    let silent = buyer
        .ask(Method::POST, &messages)
        .json(&json!({ "text": "Четыре" }))
        .send()
        .await?;
    problem(silent, 403, "chat_muted").await?;
    let mutes = expect(
        moderator.get("/v1/moderation/mutes?is_open=true").await?,
        200,
    )
    .await?;
    assert_eq!(mutes["items"][0]["mute_id"], mute["mute_id"]);
    let lift = format!("/v1/moderation/mutes/{}", mute["mute_id"]);
    assert_eq!(
        moderator.ask(Method::DELETE, &lift).send().await?.status(),
        204
    );
    let warnings = expect(moderator.get("/v1/moderation/warnings").await?, 200).await?;
    assert_eq!(warnings["items"].as_array().unwrap().len(), 1);
    let gone = moderator.ask(Method::DELETE, &act).send().await?;
    expect(gone, 200).await?;
    let switch = format!("/v1/moderation/listings/{listing}/chat");
    moderator
        .send(Method::PUT, &switch, &json!({ "is_on": false }), 200)
        .await?;
    let watched = expect(moderator.get("/v1/moderation/messages?limit=2").await?, 200).await?;
    assert_eq!(watched["items"][0]["text"], "Три");
    assert_eq!(watched["items"][1]["state"], "deleted");
    assert_eq!(buyer.get("/v1/moderation/messages").await?.status(), 403);
    Ok(())
}
