//! A creating request that a network may repeat: with `Idempotency-Key` it is done once, and repetitions get the answer
//! of the first. Key, work and answer are one transaction, so a crash leaves either all of them or nothing.

use axum::extract::{FromRequest, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use kardan_schema::ops::{self, IdempotencyBegin, IdempotencyFinish, IdempotencyStored};
use kardan_schema::{Error, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::body::{bytes, declare, parse};
use super::{Declared, Demand};
use crate::answer::{REPLAYED, encode, with_json};
use crate::app::App;
use crate::auth::bearer;
use crate::pool::Tx;
use crate::problem::{Own, Problem};

/// A body with the key under which its request is done once.
pub struct Once<T> {
    /// The body.
    pub body: T,
    repeat: Repeat,
}

/// The key of a request without a body, which is done once with it.
pub struct Keyed(pub Repeat);

impl FromRequest<App> for Keyed {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        Ok(Self(Repeat::asked(&request)?.with(&[])))
    }
}

impl Declared for Keyed {
    fn declare(demand: &mut Demand) {
        demand.has_key = true;
    }
}

/// What makes two requests the same.
pub struct Repeat {
    pub(super) key: Option<Key>,
}

pub(super) struct Key {
    pub(super) key: String,
    /// The token of whoever asks; what is kept of a secret opens with nothing else.
    pub(super) bearer: String,
    route: String,
    hash: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<App> for Once<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let asked = Repeat::asked(&request)?;
        let bytes = bytes(request, app).await?;
        Ok(Self {
            body: parse(&bytes)?,
            repeat: asked.with(&bytes),
        })
    }
}

impl<T: ToSchema> Declared for Once<T> {
    fn declare(demand: &mut Demand) {
        declare::<T>(demand);
        demand.has_key = true;
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (1..=255).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => Err(Problem::from(Own::HeaderMalformed)
            .detail("Idempotency-Key takes 1 to 255 visible characters")),
    }
}

impl<T> Once<T> {
    /// The body and the key apart, so that the body can move into the work.
    pub fn split(self) -> (T, Repeat) {
        (self.body, self.repeat)
    }
}

/// What is known of a request before its body is read.
pub(super) struct Asked {
    key: Option<String>,
    bearer: String,
    route: String,
    hash: Sha256,
}

impl Asked {
    /// Adds what of the body makes two requests the same.
    pub(super) fn with(mut self, content: &[u8]) -> Repeat {
        self.hash.update(content);
        let (bearer, route) = (self.bearer, self.route);
        let hash = self.hash.finalize().to_vec();
        Repeat {
            key: self.key.map(|key| Key {
                key,
                bearer,
                route,
                hash,
            }),
        }
    }
}

impl Repeat {
    /// Reads the key, the route and the path.
    pub(super) fn asked(request: &Request) -> Result<Asked, Problem> {
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map_or("", MatchedPath::as_str);
        let mut hash = Sha256::new();
        hash.update(request.uri().path());
        hash.update([0]);
        Ok(Asked {
            key: key(request.headers())?,
            bearer: bearer(request.headers()).unwrap_or_default().to_owned(),
            route: format!("{} {route}", request.method()),
            hash,
        })
    }

    /// What can be answered before the work: a repetition gets the first answer, and what `check` refuses is refused.
    /// Leaves nothing behind.
    pub async fn before<R, F>(
        &self,
        app: &App,
        actor: UserId,
        check: F,
    ) -> Result<Option<Response>, Problem>
    where
        F: for<'a> FnOnce(&'a Tx<'a>) -> BoxFuture<'a, Result<R, Error>>,
    {
        let mut db = app.write().await?;
        let tx = db.transaction().await?;
        let found = match self.begin(&tx, actor).await {
            Ok(None) => check(&tx).await.map(|_| None).map_err(Problem::from),
            other => other,
        };
        tx.rollback().await?;
        found
    }

    /// Takes the key, or gives the answer that is kept under it.
    async fn begin(&self, tx: &Tx<'_>, actor: UserId) -> Result<Option<Response>, Problem> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        Ok(key.begin(tx, actor).await?.map(replayed))
    }

    /// Does the work in a transaction and answers 201 with what it made; a repetition gets the first answer. `place`
    /// names where the new thing is found.
    pub async fn created<R, F>(
        self,
        app: &App,
        actor: UserId,
        work: F,
        place: impl FnOnce(&R) -> Option<String>,
    ) -> Result<Response, Problem>
    where
        R: Serialize,
        F: for<'a> FnOnce(&'a Tx<'a>) -> BoxFuture<'a, Result<R, Error>>,
    {
        let mut db = app.write().await?;
        let tx = db.transaction().await?;
        let answer = self.attempt(&tx, actor, work, place).await;
        end(tx, answer).await
    }

    async fn attempt<R, F>(
        self,
        tx: &Tx<'_>,
        actor: UserId,
        work: F,
        place: impl FnOnce(&R) -> Option<String>,
    ) -> Result<Response, Problem>
    where
        R: Serialize,
        F: for<'a> FnOnce(&'a Tx<'a>) -> BoxFuture<'a, Result<R, Error>>,
    {
        if let Some(answer) = self.begin(tx, actor).await? {
            return Ok(answer);
        }
        let made = work(tx).await?;
        let (body, location) = (encode(&made)?, place(&made));
        if let Some(key) = self.key {
            let headers = json!({ "location": location });
            key.finish(tx, actor, headers, body.clone()).await?;
        }
        Ok(answer(StatusCode::CREATED, location.as_deref(), body))
    }
}

impl Key {
    /// Takes the key, or gives what is kept under it.
    pub(super) async fn begin(
        &self,
        tx: &Tx<'_>,
        actor: UserId,
    ) -> Result<Option<IdempotencyStored>, Problem> {
        let begin = IdempotencyBegin {
            actor,
            key: self.key.clone(),
            route: self.route.clone(),
            request_hash: self.hash.clone(),
        };
        let stored = ops::idempotency_begin(tx, &begin).await?;
        Ok(stored.is_stored.then_some(stored))
    }

    /// Keeps the answer 201.
    pub(super) async fn finish(
        self,
        tx: &Tx<'_>,
        actor: UserId,
        headers: Value,
        body: Vec<u8>,
    ) -> Result<(), Problem> {
        let finish = IdempotencyFinish {
            actor,
            key: self.key,
            status: i32::from(StatusCode::CREATED.as_u16()),
            headers,
            body,
        };
        Ok(ops::idempotency_finish(tx, &finish).await?)
    }
}

/// Ends the transaction as its work ended.
pub(super) async fn end(
    tx: Tx<'_>,
    answer: Result<Response, Problem>,
) -> Result<Response, Problem> {
    match answer {
        Ok(response) => {
            tx.commit().await?;
            Ok(response)
        }
        // Waited for, so that whoever reads the refusal and asks again at once finds the key free.
        Err(problem) => {
            tx.rollback().await?;
            Err(problem)
        }
    }
}

fn replayed(stored: IdempotencyStored) -> Response {
    let status = stored
        .status
        .and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    let location = stored
        .headers
        .as_ref()
        .and_then(|all| all.get("location"))
        .and_then(Value::as_str);
    replay(answer(
        status.unwrap_or(StatusCode::CREATED),
        location,
        stored.body.unwrap_or_default(),
    ))
}

/// Marks an answer as one that was given before.
pub(super) fn replay(mut response: Response) -> Response {
    let yes = HeaderValue::from_static("true");
    response.headers_mut().insert(REPLAYED, yes);
    response
}

pub(super) fn answer(status: StatusCode, location: Option<&str>, body: Vec<u8>) -> Response {
    let mut response = with_json(status, body);
    if let Some(place) = location.and_then(|place| HeaderValue::from_str(place).ok()) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}
