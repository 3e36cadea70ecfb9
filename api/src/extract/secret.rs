//! A creating request whose answer shows a secret once. What is kept under its key must not give the secret away to
//! whoever reads the database, so it is derived from the caller's own token and a seed, and only the seed is kept: who
//! repeats the request with the same token gets the same secret.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use futures_util::future::BoxFuture;
use kardan_schema::ops::IdempotencyStored;
use kardan_schema::{Error, UserId};
use serde::Serialize;
use serde_json::{Value, json};

use super::once::{Key, Repeat, answer, end, replay};
use crate::answer::encode;
use crate::app::App;
use crate::pool::Tx;
use crate::problem::{Own, Problem};
use crate::token::{self, TokenKind};

impl Repeat {
    /// Makes something that comes with a secret and answers 201 with both; a repetition gets the first answer. `work`
    /// gets the secret.
    pub async fn created_with_secret<R, F>(
        self,
        app: &App,
        actor: UserId,
        kind: TokenKind,
        work: F,
    ) -> Result<Response, Problem>
    where
        R: Serialize,
        F: for<'a> FnOnce(&'a Tx<'a>, String) -> BoxFuture<'a, Result<R, Error>>,
    {
        let mut db = app.write().await?;
        let tx = db.transaction().await?;
        let answer = match self.key {
            Some(key) => keyed(key, &tx, actor, kind, work).await,
            None => unkeyed(&tx, kind, work).await,
        };
        end(tx, answer).await
    }
}

async fn unkeyed<R, F>(tx: &Tx<'_>, kind: TokenKind, work: F) -> Result<Response, Problem>
where
    R: Serialize,
    F: for<'a> FnOnce(&'a Tx<'a>, String) -> BoxFuture<'a, Result<R, Error>>,
{
    let secret = token::new(kind).map_err(|error| Problem::internal(&error))?;
    let made = work(tx, secret.clone()).await?;
    Ok(shown(kind, &secret, &encode(&made)?))
}

async fn keyed<R, F>(
    key: Key,
    tx: &Tx<'_>,
    actor: UserId,
    kind: TokenKind,
    work: F,
) -> Result<Response, Problem>
where
    R: Serialize,
    F: for<'a> FnOnce(&'a Tx<'a>, String) -> BoxFuture<'a, Result<R, Error>>,
{
    if let Some(stored) = key.begin(tx, actor).await? {
        return shown_again(&key, kind, &stored).map(replay);
    }
    let seed = token::random().map_err(|error| Problem::internal(&error))?;
    let secret = token::derived(kind, &key.bearer, &key.key, &seed);
    let kept = json!({ "seed": text(&seed), "hash": text(&token::hash(&secret)) });
    let body = encode(&work(tx, secret.clone()).await?)?;
    let response = shown(kind, &secret, &body);
    key.finish(tx, actor, kept, body).await?;
    Ok(response)
}

fn text(bytes: &[u8]) -> String {
    BASE64_STANDARD_NO_PAD.encode(bytes)
}

/// The first answer, made again.
fn shown_again(
    key: &Key,
    kind: TokenKind,
    stored: &IdempotencyStored,
) -> Result<Response, Problem> {
    let kept = |name: &str| stored.headers.as_ref()?.get(name).and_then(Value::as_str);
    let seed = kept("seed").and_then(|seed| BASE64_STANDARD_NO_PAD.decode(seed).ok());
    let secret = token::derived(kind, &key.bearer, &key.key, &seed.unwrap_or_default());
    // Another token of the same person: the secret was shown to the first one.
    if kept("hash") != Some(text(&token::hash(&secret)).as_str()) {
        return Err(Own::SecretSealed.into());
    }
    Ok(shown(
        kind,
        &secret,
        stored.body.as_deref().unwrap_or_default(),
    ))
}

/// The secret in front of the fields of a body.
fn shown(kind: TokenKind, secret: &str, body: &[u8]) -> Response {
    let name = match kind {
        TokenKind::Webhook => "secret",
        _ => "token",
    };
    let rest = body.strip_prefix(b"{").unwrap_or(body);
    let whole = [format!("{{\"{name}\":\"{secret}\",").as_bytes(), rest].concat();
    answer(StatusCode::CREATED, None, whole)
}
