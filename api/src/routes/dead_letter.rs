//! What could not be delivered, for administrators.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::NoticeId;
use kardan_schema::notify::{
    self, DeadLetter, DeadLetterList, PurgedLetter, PurgedLetters, ReplayedLetter, ReplayedLetters,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::Administer;
use crate::extract::{Ask, At, Body, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        dead_letter_list => "notify.dead_letter_list";
        dead_letter_replay => "notify.dead_letter_replay";
        dead_letter_replay_all => "notify.dead_letter_replay_all";
        dead_letter_purge => "notify.dead_letter_purge";
        dead_letter_purge_all => "notify.dead_letter_purge_all";
    );
}

/// Which dead letters to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LettersAsk {
    /// Only of this kind.
    kind: Option<String>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What could not be delivered, the latest first.
#[utoipa::path(get, path = "/v1/dead-letters", tag = "administration",
    responses((status = 200, description = "A part of the list.", body = Page<DeadLetter>)))]
async fn dead_letter_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<LettersAsk>,
) -> Result<Page<DeadLetter>> {
    let (limit, after) = page::<(DateTime<Utc>, i64)>(ask.limit, ask.cursor.as_deref())?;
    let list = DeadLetterList {
        actor: me.user,
        kind: ask.kind,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| NoticeId(key.1)),
    };
    let rows = notify::dead_letter_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| {
        (row.event_at, row.notice_id.0)
    }))
}

/// Deliver a dead letter again. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/dead-letters/{notice_id}/replay", tag = "administration",
    responses((status = 200, description = "It waits to be delivered.", body = ReplayedLetter)))]
async fn dead_letter_replay(
    State(app): State<App>,
    Administer(me): Administer,
    At(notice): At<NoticeId>,
) -> Result<Json<ReplayedLetter>> {
    Ok(Json(
        notify::dead_letter_replay(&app.write().await?, me.user, notice).await?,
    ))
}

/// Which dead letters are meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LettersMeant {
    /// Those of this kind; all when left out.
    kind: Option<String>,
}

/// Deliver up to 1000 dead letters again, the oldest first; repeat it until it tells 0.
#[utoipa::path(post, path = "/v1/dead-letters/replay", tag = "administration",
    responses((status = 200, description = "How many.", body = ReplayedLetters)))]
async fn dead_letter_replay_all(
    State(app): State<App>,
    Administer(me): Administer,
    Body(LettersMeant { kind }): Body<LettersMeant>,
) -> Result<Json<ReplayedLetters>> {
    let db = app.write().await?;
    Ok(Json(
        notify::dead_letter_replay_all(&db, me.user, kind.as_deref()).await?,
    ))
}

/// Give a dead letter up for good. Doing it again changes nothing.
#[utoipa::path(delete, path = "/v1/dead-letters/{notice_id}", tag = "administration",
    responses((status = 200, description = "There is no such dead letter.", body = PurgedLetter)))]
async fn dead_letter_purge(
    State(app): State<App>,
    Administer(me): Administer,
    At(notice): At<NoticeId>,
) -> Result<Json<PurgedLetter>> {
    Ok(Json(
        notify::dead_letter_purge(&app.write().await?, me.user, notice).await?,
    ))
}

/// Give up to 1000 dead letters up for good, the oldest first; repeat it until it tells 0.
#[utoipa::path(post, path = "/v1/dead-letters/purge", tag = "administration",
    responses((status = 200, description = "How many.", body = PurgedLetters)))]
async fn dead_letter_purge_all(
    State(app): State<App>,
    Administer(me): Administer,
    Body(LettersMeant { kind }): Body<LettersMeant>,
) -> Result<Json<PurgedLetters>> {
    let db = app.write().await?;
    Ok(Json(
        notify::dead_letter_purge_all(&db, me.user, kind.as_deref()).await?,
    ))
}
