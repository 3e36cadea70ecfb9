//! Signing a browser in: by a link that is confirmed in the bot, and by an issuer of OpenID Connect.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use kardan_schema::Scope;
use kardan_schema::people::{self, SessionCreateOidc, SessionCreateTelegram};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::session::{NewSession, Visit, device};
use crate::answer::{Result, json};
use crate::app::App;
use crate::extract::Body;
use crate::oidc::{Identity, Issuer, Trouble};
use crate::problem::{Own, Problem, ProblemDetails};
use crate::table::{Table, add};
use crate::token;

/// How what the bot is started with begins.
const START: &str = "login_";

pub fn add(table: &mut Table) {
    add!(table;
        sign_in_link_create => "people.sign_in_link_create";
        session_create_link => "people.session_create_link";
        sign_in_oidc_create => ;
        session_create_oidc => "people.session_create_oidc", "people.session_create_telegram";
    );
}

/// A link to the bot, and what the page keeps and shows.
#[derive(Serialize, ToSchema)]
struct NewSignInLink {
    /// The address that the person opens in Telegram; none when the bot's name is not known here.
    link: Option<String>,
    /// What the bot is started with by that link.
    start: String,
    /// The secret: keep it, and ask with it for the session.
    secret: String,
    /// Show this number: the person chooses it in Telegram.
    code: i32,
    /// Until when the link can be confirmed and the session be fetched.
    expires_at: DateTime<Utc>,
}

/// Get a link with which the person signs this browser in from Telegram.
///
/// Show the link and the number, and ask `POST /v1/sessions/link` every two seconds.
#[utoipa::path(post, path = "/v1/sign-in/links", tag = "sessions",
    responses((status = 201, description = "A link.", body = NewSignInLink)))]
async fn sign_in_link_create(State(app): State<App>, headers: HeaderMap) -> Result {
    let random = || token::random().map_err(|error| Problem::internal(&error));
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(random()?);
    let secret = BASE64_URL_SAFE_NO_PAD.encode(random()?);
    let (link_hash, secret_hash) = (token::hash(&nonce), token::hash(&secret));
    let device = device(&headers);
    let db = app.write().await?;
    let made = people::sign_in_link_create(&db, link_hash, secret_hash, device.as_deref()).await?;
    let start = format!("{START}{nonce}");
    let link = app
        .bot_name()
        .map(|name| format!("https://t.me/{name}?start={start}"));
    let (code, expires_at) = (made.code, made.expires_at);
    let body = NewSignInLink {
        link,
        start,
        secret,
        code,
        expires_at,
    };
    Ok(json(StatusCode::CREATED, &body))
}

/// What the page kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkSignIn {
    /// The secret that came with the link.
    secret: String,
}

/// Sign in with a link that was confirmed in Telegram.
#[utoipa::path(post, path = "/v1/sessions/link", tag = "sessions",
    responses((status = 201, description = "Signed in.", body = NewSession),
        (status = 202, description = "The person did not answer yet: ask again in two seconds."),
        (status = 401, description = "The sign-in does not hold.", body = ProblemDetails,
            content_type = "application/problem+json")))]
async fn session_create_link(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<LinkSignIn>,
) -> Result {
    let visit = Visit::open(&app, &headers)?;
    let (secret, hash) = (token::hash(&body.secret), visit.token_hash());
    let (scopes, ttl, device) = (
        Scope::ALL.to_vec(),
        visit.ttl_seconds,
        visit.device.as_deref(),
    );
    let db = app.write().await?;
    let made = people::session_create_link(&db, secret, hash, scopes, ttl, device).await?;
    Ok(match made {
        Some(made) => visit.signed_in(&made),
        None => waiting(),
    })
}

fn waiting() -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// The page that the issuer sends the person back to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OidcBegin {
    /// One of the pages that the operator allows.
    redirect_uri: String,
}

/// Where to go, and what the page keeps meanwhile.
#[derive(Serialize, ToSchema)]
struct NewOidcSignIn {
    /// Send the person there.
    address: String,
    /// The secret of this sign-in: keep it where only the page reads it, until the person is back.
    verifier: String,
}

/// Begin to sign in by the issuer of OpenID Connect that is set up here.
#[utoipa::path(post, path = "/v1/sign-in/oidc", tag = "sessions",
    responses((status = 201, description = "Begun.", body = NewOidcSignIn)))]
async fn sign_in_oidc_create(State(app): State<App>, Body(body): Body<OidcBegin>) -> Result {
    let (address, verifier) = issuer(&app)?.begin(&body.redirect_uri).await?;
    let begun = NewOidcSignIn {
        address: address.into(),
        verifier: verifier.expose().to_owned(),
    };
    Ok(json(StatusCode::CREATED, &begun))
}

/// What the issuer sent the person back with, and what the page kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OidcSignIn {
    /// The parameter `code` of the address.
    code: String,
    /// The parameter `state` of the address.
    state: String,
    /// The verifier that the sign-in began with.
    verifier: String,
    /// The page that the person was sent back to.
    redirect_uri: String,
}

/// Sign in with what the issuer of OpenID Connect says.
#[utoipa::path(post, path = "/v1/sessions/oidc", tag = "sessions",
    responses((status = 201, description = "Signed in.", body = NewSession),
        (status = 401, description = "The sign-in does not hold.", body = ProblemDetails,
            content_type = "application/problem+json")))]
async fn session_create_oidc(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<OidcSignIn>,
) -> Result {
    let issuer = issuer(&app)?;
    let identity = issuer
        .finish(&body.redirect_uri, &body.verifier, &body.state, &body.code)
        .await?;
    let visit = Visit::open(&app, &headers)?;
    let db = app.write().await?;
    let made = match identity.telegram_id {
        Some(id) => people::session_create_telegram(&db, &telegram(&visit, id, identity)).await?,
        None => people::session_create_oidc(&db, &oidc(&visit, issuer, identity)).await?,
    };
    Ok(visit.signed_in(&made))
}

fn oidc(visit: &Visit, issuer: &Issuer, identity: Identity) -> SessionCreateOidc {
    SessionCreateOidc {
        issuer: issuer.address().to_owned(),
        subject: identity.subject,
        name: identity.name.or(identity.username),
        language_code: identity.locale,
        proof_hash: identity.hash,
        token_hash: visit.token_hash(),
        scopes: Scope::ALL.to_vec(),
        ttl_seconds: visit.ttl_seconds,
        device: visit.device.clone(),
    }
}

fn telegram(visit: &Visit, telegram_id: i64, identity: Identity) -> SessionCreateTelegram {
    SessionCreateTelegram {
        telegram_id,
        username: identity.username,
        first_name: identity.name.unwrap_or_default(),
        last_name: None,
        photo_url: identity.picture,
        language_code: identity.locale,
        auth_at: identity.issued_at,
        proof_hash: identity.hash,
        token_hash: visit.token_hash(),
        scopes: Scope::ALL.to_vec(),
        ttl_seconds: visit.ttl_seconds,
        device: visit.device.clone(),
    }
}

fn issuer(app: &App) -> std::result::Result<&Issuer, Problem> {
    app.issuer().ok_or_else(|| Own::SignInUnavailable.into())
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Issuer(_) => {
                tracing::warn!(error = %trouble, "nobody can sign in by OpenID Connect");
                Own::SignInIssuerUnavailable.into()
            }
            Trouble::Redirect => {
                Self::from(Own::BodyInvalid).at("/redirect_uri", Some(trouble.to_string()))
            }
            Trouble::Random(error) => Self::internal(&error),
            Trouble::Code | Trouble::State | Trouble::Proof(_) => {
                Self::from(Own::SignInInvalid).detail(trouble.to_string())
            }
        }
    }
}
