//! What the acting person was told.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::NoticeId;
use kardan_schema::notify::{self, Notice, NoticeList, ReadMark, Unread};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, Body, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        notice_list => "notify.notice_list";
        notice_unread_count => "notify.notice_unread_count";
        notice_read => "notify.notice_read";
    );
}

/// What I was told within 90 days, the latest first.
#[utoipa::path(get, path = "/v1/me/notices", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Notice>)))]
async fn notice_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Notice>> {
    let (limit, after) = ask.read::<(DateTime<Utc>, i64)>()?;
    let list = NoticeList {
        actor: me.user,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| NoticeId(key.1)),
    };
    let rows = notify::notice_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| {
        (row.event_at, row.notice_id.0)
    }))
}

/// How much of it I have not read.
#[utoipa::path(get, path = "/v1/me/notices/unread", tag = "me",
    responses((status = 200, description = "A number up to 100.", body = Unread)))]
async fn notice_unread_count(State(app): State<App>, Read(me): Read) -> Result<Json<Unread>> {
    Ok(Json(
        notify::notice_unread_count(&app.write().await?, me.user).await?,
    ))
}

/// How far I have read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadUntil {
    /// What happened until then; until now when left out.
    until: Option<DateTime<Utc>>,
}

/// I have read what happened until then. An earlier time changes nothing.
#[utoipa::path(put, path = "/v1/me/notices/read", tag = "me",
    responses((status = 200, description = "How far I have read.", body = ReadMark)))]
async fn notice_read(
    State(app): State<App>,
    Write(me): Write,
    Body(ReadUntil { until }): Body<ReadUntil>,
) -> Result<Json<ReadMark>> {
    Ok(Json(
        notify::notice_read(&app.write().await?, me.user, until).await?,
    ))
}
