//! What administrators tell many people at once.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::notify::{self, Audience, Broadcast, BroadcastCreate, BroadcastUpdate};
use kardan_schema::{BroadcastId, Language, PlaceId, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::Administer;
use crate::extract::{Ask, At, Body, IfMatch, IfNoneMatch, Once, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        broadcast_create => "notify.broadcast_create", "ops.idempotency_begin", "ops.idempotency_finish";
        broadcast_list => "notify.broadcast_list";
        broadcast_get => "notify.broadcast_get";
        broadcast_update => "notify.broadcast_update";
        broadcast_audience_count => "notify.broadcast_audience_count";
        broadcast_start => "notify.broadcast_start";
        broadcast_pause => "notify.broadcast_pause";
        broadcast_resume => "notify.broadcast_resume";
        broadcast_cancel => "notify.broadcast_cancel";
    );
}

/// A text and whom it is for: all conditions that are given must hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BroadcastWish {
    /// The text in Russian, 1 to 4000 characters.
    text_ru: String,
    /// The text in English, 1 to 4000 characters.
    text_en: String,
    /// Only people with this role.
    role: Option<Role>,
    /// Only people who speak this language.
    language: Option<Language>,
    /// True: only people whom messages of the bot reach; false: only the others.
    has_telegram: Option<bool>,
    /// True: only members of shops; false: only the others.
    in_shop: Option<bool>,
    /// True: only people who have something for sale; false: only the others.
    is_selling: Option<bool>,
    /// They have it for sale in this place; needs `is_selling`.
    place_id: Option<PlaceId>,
    /// Only people whom Telegram has seen since then.
    seen_since: Option<DateTime<Utc>>,
}

/// Draft a broadcast. Nobody hears of it until it is started.
#[utoipa::path(post, path = "/v1/broadcasts", tag = "administration",
    responses((status = 201, description = "The draft.", body = Broadcast)))]
async fn broadcast_create(
    State(app): State<App>,
    Administer(me): Administer,
    wish: Once<BroadcastWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let draft = BroadcastCreate {
        actor: me.user,
        text_ru: wish.text_ru,
        text_en: wish.text_en,
        role: wish.role,
        language: wish.language,
        has_telegram: wish.has_telegram,
        in_shop: wish.in_shop,
        is_selling: wish.is_selling,
        place: wish.place_id,
        seen_since: wish.seen_since,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { notify::broadcast_create(tx, &draft).await }),
            |made| Some(format!("/v1/broadcasts/{}", made.broadcast_id)),
        )
        .await
}

/// Broadcasts, the newest first.
#[utoipa::path(get, path = "/v1/broadcasts", tag = "administration",
    responses((status = 200, description = "A part of the list.", body = Page<Broadcast>)))]
async fn broadcast_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Broadcast>> {
    let (limit, after) = ask.read::<i64>()?;
    let (most, after) = (Some(limit), after.map(BroadcastId));
    let rows = notify::broadcast_list(&app.write().await?, me.user, most, after).await?;
    Ok(Page::part(rows, limit, |row| row.broadcast_id.0))
}

/// A broadcast and how far it is.
#[utoipa::path(get, path = "/v1/broadcasts/{broadcast_id}", tag = "administration",
    responses((status = 200, description = "The broadcast.", body = Broadcast)))]
async fn broadcast_get(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
    seen: IfNoneMatch,
) -> Result {
    let row = notify::broadcast_get(&app.write().await?, me.user, broadcast).await?;
    Ok(seen.answer(row.version, &row))
}

/// Change a draft as a whole: what is left out is no condition any more.
#[utoipa::path(put, path = "/v1/broadcasts/{broadcast_id}", tag = "administration",
    responses((status = 200, description = "The draft as it is now.", body = Broadcast)))]
async fn broadcast_update(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
    IfMatch(version): IfMatch,
    Body(wish): Body<BroadcastWish>,
) -> Result {
    let change = BroadcastUpdate {
        actor: me.user,
        broadcast,
        version,
        text_ru: wish.text_ru,
        text_en: wish.text_en,
        role: wish.role,
        language: wish.language,
        has_telegram: wish.has_telegram,
        in_shop: wish.in_shop,
        is_selling: wish.is_selling,
        place: wish.place_id,
        seen_since: wish.seen_since,
    };
    let row = notify::broadcast_update(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &row))
}

/// How many people it is for, as things are now.
#[utoipa::path(get, path = "/v1/broadcasts/{broadcast_id}/audience", tag = "administration",
    responses((status = 200, description = "How many.", body = Audience)))]
async fn broadcast_audience_count(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
) -> Result<Json<Audience>> {
    Ok(Json(
        notify::broadcast_audience_count(&app.write().await?, me.user, broadcast).await?,
    ))
}

/// Begin to tell it. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/start", tag = "administration",
    responses((status = 200, description = "It is running.", body = Broadcast)))]
async fn broadcast_start(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
) -> Result<Response> {
    let row = notify::broadcast_start(&app.write().await?, me.user, broadcast).await?;
    Ok(versioned(row.version, &row))
}

/// Have it wait. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/pause", tag = "administration",
    responses((status = 200, description = "It waits.", body = Broadcast)))]
async fn broadcast_pause(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
) -> Result<Response> {
    let row = notify::broadcast_pause(&app.write().await?, me.user, broadcast).await?;
    Ok(versioned(row.version, &row))
}

/// Have it go on where it was. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/resume", tag = "administration",
    responses((status = 200, description = "It is running.", body = Broadcast)))]
async fn broadcast_resume(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
) -> Result<Response> {
    let row = notify::broadcast_resume(&app.write().await?, me.user, broadcast).await?;
    Ok(versioned(row.version, &row))
}

/// End it for good: what was not sent is not sent. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/broadcasts/{broadcast_id}/cancel", tag = "administration",
    responses((status = 200, description = "It is over.", body = Broadcast)))]
async fn broadcast_cancel(
    State(app): State<App>,
    Administer(me): Administer,
    At(broadcast): At<BroadcastId>,
) -> Result<Response> {
    let row = notify::broadcast_cancel(&app.write().await?, me.user, broadcast).await?;
    Ok(versioned(row.version, &row))
}
