//! What belongs to the acting person: account and tokens.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::people::{self, Account, RevokedToken, TokenCreate, TokenEntry, UserUpdate};
use kardan_schema::{Language, Scope};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, IfMatch, IfNoneMatch, Once, PageAsk};
use crate::table::{Table, add};
use crate::token::{self, TokenKind};

pub fn add(table: &mut Table) {
    add!(table;
        me_get => "people.user_get";
        me_update => "people.user_update";
        token_list => "people.token_list";
        token_create => "people.token_create", "ops.idempotency_begin", "ops.idempotency_finish";
        token_revoke => "people.token_revoke";
    );
}

/// My account.
#[utoipa::path(get, path = "/v1/me", tag = "me",
    responses((status = 200, description = "The account.", body = Account)))]
async fn me_get(State(app): State<App>, Read(me): Read, seen: IfNoneMatch) -> Result {
    let account = people::user_get(&app.write().await?, me.user).await?;
    Ok(seen.answer(account.version, &account))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    /// The name that others see, 1 to 128 characters.
    display_name: Option<String>,
    /// The language to be spoken to in.
    language: Option<Language>,
}

/// Change my name or language.
#[utoipa::path(patch, path = "/v1/me", tag = "me",
    responses((status = 200, description = "The account as it is now.", body = Account)))]
async fn me_update(
    State(app): State<App>,
    Write(me): Write,
    IfMatch(version): IfMatch,
    Body(change): Body<AccountChange>,
) -> Result {
    let AccountChange {
        display_name,
        language,
    } = change;
    let change = UserUpdate {
        actor: me.user,
        display_name,
        language,
        version,
    };
    let account = people::user_update(&app.write().await?, &change).await?;
    Ok(versioned(account.version, &account))
}

/// My sessions and tokens, newest first.
#[utoipa::path(get, path = "/v1/me/tokens", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<TokenEntry>)))]
async fn token_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<TokenEntry>> {
    let (limit, after) = ask.read::<Uuid>()?;
    let rows = people::token_list(&app.write().await?, me.user, Some(limit), after).await?;
    Ok(Page::part(rows, limit, |row| row.token_id))
}

/// A token for a program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenWish {
    /// What I call it.
    name: String,
    /// What it may be used for.
    scopes: Vec<Scope>,
    /// How long it lives, in seconds.
    ttl_seconds: i32,
}

/// A new token. The secret is shown only here.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the row of the binding with the secret in front, as the document shows it"
)]
struct MadeToken {
    /// The secret: send it as `Authorization: Bearer`.
    token: String,
    /// Its number.
    token_id: Uuid,
    /// What I call it.
    name: String,
    /// What it may be used for.
    scopes: Vec<Scope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

/// Make a token.
#[utoipa::path(post, path = "/v1/me/tokens", tag = "me",
    responses((status = 201, description = "The token.", body = MadeToken)))]
async fn token_create(State(app): State<App>, Write(me): Write, wish: Once<TokenWish>) -> Result {
    let (wish, repeat) = wish.split();
    let mut wish = TokenCreate {
        actor: me.user,
        bearer: Some(me.token),
        name: wish.name,
        scopes: wish.scopes,
        token_hash: Vec::new(),
        ttl_seconds: wish.ttl_seconds,
    };
    repeat
        .created_with_secret(&app, me.user, TokenKind::Personal, |tx, secret| {
            wish.token_hash = token::hash(&secret);
            Box::pin(async move { people::token_create(tx, &wish).await })
        })
        .await
}

/// End a session or token of mine at once.
#[utoipa::path(delete, path = "/v1/me/tokens/{token_id}", tag = "me",
    responses((status = 200, description = "It is over.", body = RevokedToken)))]
async fn token_revoke(
    State(app): State<App>,
    Write(me): Write,
    At(token): At<Uuid>,
) -> Result<Json<RevokedToken>> {
    Ok(Json(
        people::token_revoke(&app.write().await?, me.user, token).await?,
    ))
}
