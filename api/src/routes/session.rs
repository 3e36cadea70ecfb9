//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::people::{self, SessionCreateTelegram};
use kardan_schema::{Scope, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Result, done, json};
use crate::app::App;
use crate::auth::Read;
use crate::extract::Body;
use crate::problem::{Own, Problem, ProblemDetails};
use crate::table::{Table, add};
use crate::telegram::{self, Proof};
use crate::token::{self, TokenKind};

pub fn add(table: &mut Table) {
    add!(table;
        session_create_telegram => "people.session_create_telegram";
        session_delete => "people.token_revoke";
    );
}

/// What a Telegram Mini App got from Telegram.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TelegramSignIn {
    /// `Telegram.WebApp.initData`, as it is.
    init_data: String,
}

/// A session. The token is shown only here.
#[derive(Serialize, ToSchema)]
pub struct NewSession {
    /// The secret: send it as `Authorization: Bearer`.
    token: String,
    /// The session's number.
    token_id: Uuid,
    /// Who signed in.
    user_id: UserId,
    /// When the session ends.
    expires_at: DateTime<Utc>,
    /// Whether the account was made now.
    is_new: bool,
}

/// Sign in with Telegram.
#[utoipa::path(post, path = "/v1/sessions/telegram", tag = "sessions",
    responses((status = 201, description = "Signed in.", body = NewSession),
        (status = 401, description = "The sign-in does not hold.", body = ProblemDetails,
            content_type = "application/problem+json")))]
async fn session_create_telegram(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<TelegramSignIn>,
) -> Result {
    let bot_token = app.bot_token().ok_or(Own::SignInUnavailable)?;
    let proof = telegram::verify(&body.init_data, bot_token)
        .map_err(|no| Problem::from(Own::SignInInvalid).detail(no.to_string()))?;
    let visit = Visit::open(&app, &headers)?;
    let arguments = arguments(proof, &visit);
    let made = people::session_create_telegram(&app.write().await?, &arguments).await?;
    Ok(visit.signed_in(&made))
}

/// A session that is to be made, whoever vouches for the person.
pub struct Visit {
    token: String,
    /// How long it lasts.
    pub ttl_seconds: i32,
    /// What they sign in with, by their own words.
    pub device: Option<String>,
}

impl Visit {
    /// One with a new token.
    pub fn open(app: &App, headers: &HeaderMap) -> std::result::Result<Self, Problem> {
        Ok(Self {
            token: token::new(TokenKind::Session).map_err(|error| Problem::internal(&error))?,
            ttl_seconds: app.session_ttl_seconds(),
            device: device(headers),
        })
    }

    /// What is kept of the token.
    pub fn token_hash(&self) -> Vec<u8> {
        token::hash(&self.token)
    }

    /// The session was made: its token is shown.
    pub fn signed_in(self, made: &people::Session) -> Response {
        let session = NewSession {
            token: self.token,
            token_id: made.token_id,
            user_id: made.user_id,
            expires_at: made.expires_at,
            is_new: made.is_new,
        };
        json(StatusCode::CREATED, &session)
    }
}

/// What the caller says that they sign in with.
pub fn device(headers: &HeaderMap) -> Option<String> {
    let device = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    device.map(|text| text.chars().take(64).collect())
}

fn arguments(proof: Proof, visit: &Visit) -> SessionCreateTelegram {
    SessionCreateTelegram {
        telegram_id: proof.user.id,
        username: proof.user.username,
        first_name: proof.user.first_name,
        last_name: proof.user.last_name,
        photo_url: proof.user.photo_url,
        language_code: proof.user.language_code,
        auth_at: proof.auth_at,
        proof_hash: proof.hash,
        token_hash: visit.token_hash(),
        scopes: Scope::ALL.to_vec(),
        ttl_seconds: visit.ttl_seconds,
        device: visit.device.clone(),
    }
}

/// Sign out: the token that is used is dead at once.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "sessions",
    responses((status = 204, description = "Signed out.")))]
async fn session_delete(State(app): State<App>, Read(me): Read) -> Result<Response> {
    people::token_revoke(&app.write().await?, me.user, me.token).await?;
    Ok(done())
}
