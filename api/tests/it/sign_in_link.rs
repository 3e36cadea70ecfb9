//! Signing a browser in by the bot.

use anyhow::Context as _;
use kardan_api::token;
use kardan_schema::{Role, people};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Server, expect, problem};

async fn begin(server: &Server) -> anyhow::Result<Value> {
    let asked = server
        .ask(Method::POST, "/v1/sign-in/links")
        .header("user-agent", "Firefox/140");
    expect(asked.send().await?, 201).await
}

async fn session(server: &Server, link: &Value) -> anyhow::Result<Response> {
    let body = json!({ "secret": link["secret"] });
    Ok(server
        .ask(Method::POST, "/v1/sessions/link")
        .json(&body)
        .send()
        .await?)
}

#[tokio::test]
async fn a_browser_waits_until_its_person_chooses_its_number_in_the_bot() -> anyhow::Result<()> {
    let server = Server::with(&["--bot-name", "kardan_bot"]).await?;
    let link = begin(&server).await?;
    let start = link["start"].as_str().context("no start")?;
    assert_eq!(
        link["link"],
        format!("https://t.me/kardan_bot?start={start}")
    );
    // Telegram takes 64 characters of these kinds.
    assert!(
        start.len() <= 64
            && start
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    );
    assert_eq!(session(&server, &link).await?.status(), 202);

    let (anna, bot) = (
        server.db.person(Role::User).await?,
        server.db.as_role("kardan_bot").await?,
    );
    let hash = token::hash(start.strip_prefix("login_").context("another beginning")?);
    let asked = people::sign_in_link_get(&*bot, anna, hash.clone()).await?;
    assert_eq!(asked.device, "Firefox/140");
    let code = link["code"]
        .as_i64()
        .and_then(|code| i32::try_from(code).ok());
    people::sign_in_link_answer(&*bot, anna, hash, code).await?;

    let made = expect(session(&server, &link).await?, 201).await?;
    assert_eq!(
        (&made["user_id"], &made["is_new"]),
        (&json!(anna.0), &json!(false))
    );
    let token = made["token"].as_str().context("no token")?;
    let me = server
        .ask(Method::GET, "/v1/me")
        .bearer_auth(token)
        .send()
        .await?;
    expect(me, 200).await?;
    problem(session(&server, &link).await?, 401, "sign_in_link_over").await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_browser_hears_it_and_a_server_without_a_bot_gives_no_address()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let link = begin(&server).await?;
    assert_eq!(link["link"], Value::Null);
    let (anna, bot) = (
        server.db.person(Role::User).await?,
        server.db.as_role("kardan_bot").await?,
    );
    let start = link["start"].as_str().context("no start")?;
    people::sign_in_link_answer(&*bot, anna, token::hash(&start[6..]), None).await?;
    problem(session(&server, &link).await?, 401, "sign_in_link_refused").await?;
    problem(
        session(&server, &json!({ "secret": start })).await?,
        401,
        "sign_in_link_over",
    )
    .await?;
    Ok(())
}
