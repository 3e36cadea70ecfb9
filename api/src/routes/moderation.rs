//! Moderation: the queue and the decisions.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, Decided, ModerationCard, ModerationQueue, ModerationReason, ModerationReject,
    ModerationStats, QueuedItem, ReleasedItem,
};
use kardan_schema::{Kind, ModerationItemId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::Moderate;
use crate::extract::{Ask, At, Body, IfMatch, page};
use crate::money::Priced;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        moderation_queue => "market.moderation_queue";
        moderation_claim => "market.moderation_claim";
        moderation_release => "market.moderation_release";
        moderation_card => "market.moderation_card";
        moderation_approve => "market.moderation_approve";
        moderation_reject => "market.moderation_reject";
        moderation_reason_list => "market.moderation_reason_list";
        moderation_stats => "market.moderation_stats";
    );
}

/// What to look for in the queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct QueueAsk {
    /// Only this kind.
    kind: Option<Kind>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What waits for a decision, the longest waiting first.
#[utoipa::path(get, path = "/v1/moderation/queue", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<QueuedItem>)))]
async fn moderation_queue(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<QueueAsk>,
) -> Result<Page<QueuedItem>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let (most, after) = (Some(limit), after.map(ModerationItemId));
    let queue = ModerationQueue {
        actor: me.user,
        kind: ask.kind,
        limit: most,
        after,
    };
    let rows = market::moderation_queue(&app.write().await?, &queue).await?;
    Ok(Page::part(rows, limit, |row| row.item_id.0))
}

/// How many items to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimWish {
    /// 1 to 100; those that I hold already count.
    #[schema(minimum = 1, maximum = 100)]
    limit: i32,
}

/// Take open items: those that I hold already first, their time renewed.
#[utoipa::path(post, path = "/v1/moderation/claims", tag = "moderation",
    responses((status = 200, description = "The items that I hold.", body = Page<QueuedItem>)))]
async fn moderation_claim(
    State(app): State<App>,
    Moderate(me): Moderate,
    Body(wish): Body<ClaimWish>,
) -> Result<Json<Page<QueuedItem>>> {
    let (limit, _) = page::<i64>(Some(wish.limit), None)?;
    let rows = market::moderation_claim(&app.write().await?, me.user, Some(limit)).await?;
    Ok(Page::whole(rows))
}

/// Give an item back to the queue.
#[utoipa::path(delete, path = "/v1/moderation/items/{item_id}/claim", tag = "moderation",
    responses((status = 200, description = "I do not hold it.", body = ReleasedItem)))]
async fn moderation_release(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
) -> Result<Json<ReleasedItem>> {
    Ok(Json(
        market::moderation_release(&app.write().await?, me.user, item).await?,
    ))
}

/// Everything that a decision needs. The ETag is the listing's version, to be sent with the decision.
#[utoipa::path(get, path = "/v1/moderation/items/{item_id}", tag = "moderation",
    responses((status = 200, description = "The item with its listing.", body = ModerationCard)))]
async fn moderation_card(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
) -> Result<Response> {
    let card = market::moderation_card(&app.write().await?, me.user, item).await?;
    Ok(versioned(card.version, &Priced(card)))
}

/// Publish a listing that I hold.
#[utoipa::path(post, path = "/v1/moderation/items/{item_id}/approve", tag = "moderation",
    responses((status = 200, description = "The listing is published.", body = Decided)))]
async fn moderation_approve(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::moderation_approve(&app.write().await?, me.user, item, version).await?;
    Ok(versioned(row.version, &row))
}

/// Why a listing goes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rejection {
    /// The code of a ready reason.
    reason: String,
    /// Words to the author.
    note: Option<String>,
}

/// Send a listing that I hold back to its author.
#[utoipa::path(post, path = "/v1/moderation/items/{item_id}/reject", tag = "moderation",
    responses((status = 200, description = "The listing is rejected.", body = Decided)))]
async fn moderation_reject(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
    IfMatch(version): IfMatch,
    Body(Rejection { reason, note }): Body<Rejection>,
) -> Result<Response> {
    let rejection = ModerationReject {
        actor: me.user,
        item,
        reason,
        note,
        version,
    };
    let row = market::moderation_reject(&app.write().await?, &rejection).await?;
    Ok(versioned(row.version, &row))
}

/// Ready reasons for a rejection, in their order.
#[utoipa::path(get, path = "/v1/moderation/reasons", tag = "moderation",
    responses((status = 200, description = "All of them.", body = Page<ModerationReason>)))]
async fn moderation_reason_list(State(app): State<App>) -> Result<Json<Page<ModerationReason>>> {
    Ok(Page::whole(
        market::moderation_reason_list(&app.read().await?).await?,
    ))
}

/// Which time to look at.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatsAsk {
    /// From when on.
    from: DateTime<Utc>,
    /// Until before when; at most 366 days later.
    to: DateTime<Utc>,
}

/// How long listings wait for a decision.
#[utoipa::path(get, path = "/v1/moderation/stats", tag = "moderation",
    responses((status = 200, description = "The figures.", body = ModerationStats)))]
async fn moderation_stats(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(StatsAsk { from, to }): Ask<StatsAsk>,
) -> Result<Json<ModerationStats>> {
    Ok(Json(
        market::moderation_stats(&app.write().await?, me.user, from, to).await?,
    ))
}
