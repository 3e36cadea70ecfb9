//! Answers: JSON, lists with their cursor, rows with their version.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::cursor::{self, ListKey};
use crate::money::Priced;
use crate::problem::Problem;

/// What a handler answers.
pub type Result<T = Response> = std::result::Result<T, Problem>;

/// A value as JSON, status 200.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

/// A value as JSON with this status.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match encode(value) {
        Ok(body) => with_json(status, body),
        Err(problem) => problem.into_response(),
    }
}

/// JSON that is written already.
pub fn with_json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Writes a value.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    // A listing takes about 800 bytes: one allocation for it, few for a page of them.
    let mut body = Vec::with_capacity(1024);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => Ok(body),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// Nothing to say but that it is done.
pub fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// The cursor of the next part; null when this one is the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A part that is all there is.
    pub fn whole(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }

    /// A part that was asked for with this limit: a full one has a successor, which may be empty.
    pub fn part<K: ListKey>(items: Vec<T>, limit: i32, key: impl FnOnce(&T) -> K) -> Self {
        let is_full = usize::try_from(limit).is_ok_and(|limit| items.len() >= limit);
        let next = items
            .last()
            .filter(|_| is_full)
            .map(|last| cursor::encode(&key(last)));
        Self { items, next }
    }

    /// Like [`Page::part`], with prices written as money.
    pub fn priced<K: ListKey>(items: Vec<T>, limit: i32, key: impl FnOnce(&T) -> K) -> Response
    where
        T: Serialize,
    {
        let Self { items, next } = Self::part(items, limit, key);
        Page {
            items: items.into_iter().map(Priced).collect(),
            next,
        }
        .into_response()
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A row with its version in `ETag`, and behind the version what tells bodies of one version apart: a body also shows things
/// that do not advance the row, such as an advertisement that has ended.
pub fn versioned(version: i32, value: &impl Serialize) -> Response {
    let body = match encode(value) {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let tag = etag(version, &body);
    let mut response = with_json(StatusCode::OK, body);
    response.headers_mut().insert(header::ETAG, tag);
    response
}

fn etag(version: i32, body: &[u8]) -> HeaderValue {
    let hash: String = Sha256::digest(body)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("\"{version}.{hash}\""))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

/// Headers of an answer that was made anew.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Bytes of a file; only for the description.
pub enum Binary {}

impl utoipa::PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(binary))
            .into()
    }
}

impl ToSchema for Binary {}
