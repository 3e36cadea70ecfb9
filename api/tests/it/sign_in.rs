//! Signing in through Telegram, and the life of the token that comes of it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kardan_schema::Role;
use reqwest::{Method, Response};
use serde_json::json;
use sha2::Sha256;

use crate::support::{BOT_TOKEN, Server, expect, problem};

const SIGN_IN: &str = "/v1/sessions/telegram";

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// What Telegram would give to a Mini App of this bot.
fn init_data(name: &str, auth_date: i64, bot_token: &str) -> String {
    let user = json!({ "id": 4242, "first_name": name, "username": "anna", "language_code": "ru" });
    let mut fields = vec![
        ("auth_date", auth_date.to_string()),
        ("query_id", "AAF".to_owned()),
        ("signature", "third-party".to_owned()),
        ("user", user.to_string()),
    ];
    let lines: Vec<_> = fields
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let hash = hmac(
        &hmac(b"WebAppData", bot_token.as_bytes()),
        lines.join("\n").as_bytes(),
    );
    let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    fields.push(("hash", hash));
    serde_urlencoded::to_string(fields).unwrap()
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

async fn sign_in(server: &Server, init_data: &str) -> anyhow::Result<Response> {
    let body = json!({ "init_data": init_data });
    Ok(server.ask(Method::POST, SIGN_IN).json(&body).send().await?)
}

#[tokio::test]
async fn a_person_signs_in_reads_their_account_and_signs_out() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let made = expect(
        sign_in(&server, &init_data("Анна", now(), BOT_TOKEN)).await?,
        201,
    )
    .await?;
    assert_eq!(made["is_new"], true);
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("kdn_s_") && token.len() == 49, "{token}");
    let me = || server.ask(Method::GET, "/v1/me").bearer_auth(token).send();
    let account = expect(me().await?, 200).await?;
    assert_eq!(
        (&account["display_name"], &account["language"]),
        (&json!("Анна"), &json!("ru"))
    );
    let out = server
        .ask(Method::DELETE, "/v1/sessions/current")
        .bearer_auth(token)
        .send()
        .await?;
    assert_eq!(out.status(), 204);
    problem(me().await?, 401, "credentials_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn only_a_hash_of_the_token_is_kept() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let made = expect(
        sign_in(&server, &init_data("Анна", now(), BOT_TOKEN)).await?,
        201,
    )
    .await?;
    let row = server
        .superuser()
        .await?
        .query_one("select t::text from people_data.tokens as t", &[])
        .await?;
    let secret = made["token"].as_str().unwrap();
    assert!(!row.get::<_, String>(0).contains(&secret[6..]));
    Ok(())
}

#[tokio::test]
async fn a_tampered_a_foreign_and_a_doubled_proof_are_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let good = init_data("Anna", now(), BOT_TOKEN);
    for bad in [
        good.replace("Anna", "Ivan"),
        init_data("Anna", now(), "7000000002:other"),
        format!("{good}&auth_date={}", now()),
        good.replace("hash=", "hush="),
        "nonsense".to_owned(),
    ] {
        problem(sign_in(&server, &bad).await?, 401, "sign_in_invalid").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_proof_is_taken_once_and_for_a_day() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let proof = init_data("Anna", now(), BOT_TOKEN);
    expect(sign_in(&server, &proof).await?, 201).await?;
    problem(sign_in(&server, &proof).await?, 401, "sign_in_replayed").await?;
    let old = init_data("Anna", now() - 25 * 3600, BOT_TOKEN);
    problem(sign_in(&server, &old).await?, 401, "sign_in_stale").await?;
    let future = init_data("Anna", now() + 600, BOT_TOKEN);
    problem(sign_in(&server, &future).await?, 401, "sign_in_stale").await?;
    Ok(())
}

#[tokio::test]
async fn without_a_bot_signing_in_is_unavailable() -> anyhow::Result<()> {
    let server = Server::with(&[]).await?;
    let answer = sign_in(&server, &init_data("Anna", now(), BOT_TOKEN)).await?;
    problem(answer, 503, "sign_in_unavailable").await?;
    Ok(())
}

#[tokio::test]
async fn a_personal_token_is_shown_once_works_and_is_dead_once_revoked() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let wish = json!({ "name": "robot", "scopes": ["read"], "ttl_seconds": 3600 });
    let made = anna.send(Method::POST, "/v1/me/tokens", &wish, 201).await?;
    let token = made["token"].as_str().unwrap();
    let me = || server.ask(Method::GET, "/v1/me").bearer_auth(token).send();
    expect(me().await?, 200).await?;
    let list = expect(anna.get("/v1/me/tokens").await?, 200).await?;
    assert!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["name"] == "robot")
    );
    assert!(!list.to_string().contains(token));
    let path = format!("/v1/me/tokens/{}", made["token_id"].as_str().unwrap());
    expect(anna.ask(Method::DELETE, &path).send().await?, 200).await?;
    problem(me().await?, 401, "credentials_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn the_use_of_a_token_is_noted() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    expect(anna.get("/v1/me").await?, 200).await?;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let list = expect(anna.get("/v1/me/tokens").await?, 200).await?;
        if !list["items"][0]["last_used_at"].is_null() {
            return Ok(());
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "the use was not noted: {list}"
        );
        tokio::task::yield_now().await;
    }
}
