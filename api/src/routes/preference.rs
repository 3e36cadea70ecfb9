//! What the acting person wants to hear of.

use axum::extract::State;
use kardan_schema::MuteType;
use kardan_schema::notify::{self, Mute, RemovedMute, SwitchedTopic, Topic};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        topic_list => "notify.topic_list";
        topic_set => "notify.topic_set";
        object_mute_list => "notify.object_mute_list";
        object_mute_add => "notify.object_mute_add";
        object_mute_remove => "notify.object_mute_remove";
    );
}

/// What I may be told of, and whether I am.
#[utoipa::path(get, path = "/v1/me/topics", tag = "me",
    responses((status = 200, description = "All of them.", body = Page<Topic>)))]
async fn topic_list(State(app): State<App>, Read(me): Read) -> Result<Json<Page<Topic>>> {
    Ok(Page::whole(
        notify::topic_list(&app.write().await?, me.user).await?,
    ))
}

/// Whether to hear of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TopicSwitch {
    /// True: tell me.
    is_on: bool,
}

/// Switch a topic on or off. Doing it again changes nothing.
#[utoipa::path(put, path = "/v1/me/topics/{topic}", tag = "me",
    responses((status = 200, description = "The topic.", body = SwitchedTopic)))]
async fn topic_set(
    State(app): State<App>,
    Write(me): Write,
    At(topic): At<String>,
    Body(TopicSwitch { is_on }): Body<TopicSwitch>,
) -> Result<Json<SwitchedTopic>> {
    Ok(Json(
        notify::topic_set(&app.write().await?, me.user, &topic, is_on).await?,
    ))
}

/// People, shops and listings that I do not want to hear of, the latest first.
#[utoipa::path(get, path = "/v1/me/mutes", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Mute>)))]
async fn object_mute_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Mute>> {
    let (limit, after) = ask.read::<i64>()?;
    let rows = notify::object_mute_list(&app.write().await?, me.user, Some(limit), after).await?;
    Ok(Page::part(rows, limit, |row| row.mute_id))
}

/// Tell me nothing more of a person, shop or listing. Doing it again changes nothing.
#[utoipa::path(put, path = "/v1/me/mutes/{object_type}/{object_id}", tag = "me",
    responses((status = 200, description = "It is muted.", body = Mute)))]
async fn object_mute_add(
    State(app): State<App>,
    Write(me): Write,
    At((object_type, object_id)): At<(MuteType, i64)>,
) -> Result<Json<Mute>> {
    let db = app.write().await?;
    Ok(Json(
        notify::object_mute_add(&db, me.user, object_type, object_id).await?,
    ))
}

/// Tell me of it again. Doing it again changes nothing.
#[utoipa::path(delete, path = "/v1/me/mutes/{object_type}/{object_id}", tag = "me",
    responses((status = 200, description = "It is not muted.", body = RemovedMute)))]
async fn object_mute_remove(
    State(app): State<App>,
    Write(me): Write,
    At((object_type, object_id)): At<(MuteType, i64)>,
) -> Result<Json<RemovedMute>> {
    let db = app.write().await?;
    Ok(Json(
        notify::object_mute_remove(&db, me.user, object_type, object_id).await?,
    ))
}
