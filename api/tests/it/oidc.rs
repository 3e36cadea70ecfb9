//! Signing in by an issuer of OpenID Connect: a real one, `tests/issuer/issuer.py`.

use std::process::Stdio;

use anyhow::Context as _;
use reqwest::{Client, Method, Response, Url, redirect};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::support::{Server, expect, problem};

const PAGE: &str = "https://kardan.example/back";
const SECRET: &str = "a-shared-secret-of-33-characters-";

/// The issuer; it ends with the test.
struct Issuer {
    address: String,
    client: Client,
    _process: Child,
}

impl Issuer {
    async fn start() -> anyhow::Result<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/issuer/issuer.py");
        // Debian's own Python, for which `./dev` installs what it needs.
        let mut process = Command::new("/usr/bin/python3")
            .arg(file)
            .env("CLIENT_SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let address = lines.next_line().await?;
        Ok(Self {
            address: address
                .context("the issuer needs python3-authlib and python3-flask: ./dev test")?,
            client: Client::builder()
                .redirect(redirect::Policy::none())
                .build()?,
            _process: process,
        })
    }

    async fn server(&self, more: &[&str]) -> anyhow::Result<Server> {
        let mut line = vec!["--oidc-issuer", &self.address, "--oidc-client-id", "kardan"];
        line.extend(["--oidc-client-secret", SECRET, "--oidc-redirects", PAGE]);
        line.extend(more);
        Server::with(&line).await
    }

    /// Tells the issuer to do something.
    async fn tell(&self, what: &str, body: &'static str) -> anyhow::Result<()> {
        let address = format!("{}{what}", self.address);
        self.client
            .post(address)
            .body(body)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// Sends a person there and back; what the page has then.
    async fn visit(&self, server: &Server, person: &str) -> anyhow::Result<Value> {
        let begun = begin(server, PAGE).await?;
        let begun = expect(begun, 201).await?;
        let mut address: Url = begun["address"].as_str().context("no address")?.parse()?;
        address.query_pairs_mut().append_pair("login_hint", person);
        let sent = self.client.get(address).send().await?;
        let back = sent.headers().get("location").context("not sent back")?;
        let back: Url = back.to_str()?.parse()?;
        assert!(back.as_str().starts_with(PAGE), "{back}");
        let part = |name| {
            let mut pairs = back.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        Ok(
            json!({ "code": part("code"), "state": part("state"), "verifier": begun["verifier"], "redirect_uri": PAGE }),
        )
    }
}

async fn begin(server: &Server, page: &str) -> anyhow::Result<Response> {
    let body = json!({ "redirect_uri": page });
    Ok(server
        .ask(Method::POST, "/v1/sign-in/oidc")
        .json(&body)
        .send()
        .await?)
}

async fn sign_in(server: &Server, visit: &Value) -> anyhow::Result<Response> {
    Ok(server
        .ask(Method::POST, "/v1/sessions/oidc")
        .json(visit)
        .send()
        .await?)
}

async fn me(server: &Server, session: &Value) -> anyhow::Result<Value> {
    let token = session["token"].as_str().context("no token")?;
    expect(
        server
            .ask(Method::GET, "/v1/me")
            .bearer_auth(token)
            .send()
            .await?,
        200,
    )
    .await
}

#[tokio::test]
async fn a_person_comes_back_from_the_issuer_to_the_same_account() -> anyhow::Result<()> {
    let issuer = Issuer::start().await?;
    let server = issuer.server(&[]).await?;
    let first = expect(
        sign_in(&server, &issuer.visit(&server, "anna").await?).await?,
        201,
    )
    .await?;
    let again = expect(
        sign_in(&server, &issuer.visit(&server, "anna").await?).await?,
        201,
    )
    .await?;
    let other = expect(
        sign_in(&server, &issuer.visit(&server, "john").await?).await?,
        201,
    )
    .await?;
    assert_eq!(
        (&first["is_new"], &again["is_new"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(first["user_id"], again["user_id"]);
    assert_ne!(first["user_id"], other["user_id"]);
    let account = me(&server, &first).await?;
    assert_eq!(
        (&account["display_name"], &account["language"]),
        (&json!("Анна"), &json!("ru"))
    );
    assert_eq!(me(&server, &other).await?["language"], "en");
    Ok(())
}

#[tokio::test]
async fn the_issuer_of_telegram_leads_to_the_account_of_telegram() -> anyhow::Result<()> {
    let issuer = Issuer::start().await?;
    let server = issuer.server(&["--oidc-telegram-claim", "id"]).await?;
    let made = expect(
        sign_in(&server, &issuer.visit(&server, "anna").await?).await?,
        201,
    )
    .await?;
    let bot = server.db.as_role("kardan_bot").await?;
    let start = kardan_schema::people::UserStart {
        telegram_id: 4242,
        username: None,
        first_name: "Анна".to_owned(),
        last_name: None,
        photo_url: None,
        language_code: None,
    };
    let started = kardan_schema::people::user_start(&*bot, &start).await?;
    assert_eq!(
        (json!(started.user_id.0), started.is_new),
        (made["user_id"].clone(), false)
    );
    Ok(())
}

#[tokio::test]
async fn a_proof_that_does_not_hold_signs_nobody_in() -> anyhow::Result<()> {
    let issuer = Issuer::start().await?;
    let server = issuer.server(&[]).await?;
    for spoil in [
        "key", "unsigned", "shared", "old", "aud", "iss", "nonce", "azp",
    ] {
        let visit = issuer.visit(&server, "anna").await?;
        issuer.tell("/next", spoil).await?;
        let answer = sign_in(&server, &visit).await?;
        problem(answer, 401, "sign_in_invalid")
            .await
            .with_context(|| spoil)?;
    }
    let people = server
        .superuser()
        .await?
        .query_one("select count(*) from people_data.users", &[])
        .await?;
    assert_eq!(people.get::<_, i64>(0), 0);
    Ok(())
}

#[tokio::test]
async fn a_code_is_taken_once_and_only_from_the_page_that_began() -> anyhow::Result<()> {
    let issuer = Issuer::start().await?;
    let server = issuer.server(&[]).await?;
    let (annas, mine) = (
        issuer.visit(&server, "anna").await?,
        issuer.visit(&server, "john").await?,
    );
    let mut swapped = annas.clone();
    // Somebody who read the address, with a page of their own; then with the state that fits that page.
    swapped["verifier"] = mine["verifier"].clone();
    problem(sign_in(&server, &swapped).await?, 401, "sign_in_invalid").await?;
    swapped["state"] = mine["state"].clone();
    problem(sign_in(&server, &swapped).await?, 401, "sign_in_invalid").await?;
    let mut short = annas.clone();
    short["verifier"] = json!("short");
    problem(sign_in(&server, &short).await?, 401, "sign_in_invalid").await?;
    expect(sign_in(&server, &mine).await?, 201).await?;
    problem(sign_in(&server, &mine).await?, 401, "sign_in_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn a_new_key_of_the_issuer_is_learnt_and_an_hour_of_sign_ins_asks_once() -> anyhow::Result<()>
{
    let issuer = Issuer::start().await?;
    let server = issuer.server(&[]).await?;
    for _ in 0..3 {
        expect(
            sign_in(&server, &issuer.visit(&server, "anna").await?).await?,
            201,
        )
        .await?;
    }
    let asked = || async {
        let answer = issuer
            .client
            .get(format!("{}/count", issuer.address))
            .send()
            .await?;
        anyhow::Ok(answer.text().await?)
    };
    assert_eq!(asked().await?, "1");
    issuer.tell("/rotate", "").await?;
    // A key that was not there is asked for at most every half minute, so a fresh server stands for the time.
    let server = issuer.server(&[]).await?;
    expect(
        sign_in(&server, &issuer.visit(&server, "anna").await?).await?,
        201,
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_strange_page_is_named_and_a_silent_or_missing_issuer_is_told_apart() -> anyhow::Result<()>
{
    let issuer = Issuer::start().await?;
    let server = issuer.server(&[]).await?;
    let body = problem(
        begin(&server, "https://evil.example/back").await?,
        422,
        "body_invalid",
    )
    .await?;
    assert_eq!(body["errors"][0]["pointer"], "/redirect_uri");
    let (silent, begun) = (Issuer::start().await?, issuer.visit(&server, "anna").await?);
    let deaf = silent.server(&[]).await?;
    drop(silent);
    problem(begin(&deaf, PAGE).await?, 503, "sign_in_issuer_unavailable").await?;
    problem(
        sign_in(&deaf, &begun).await?,
        503,
        "sign_in_issuer_unavailable",
    )
    .await?;
    let none = Server::start().await?;
    problem(begin(&none, PAGE).await?, 503, "sign_in_unavailable").await?;
    Ok(())
}
