//! The common chat of a listing: reading, writing, deleting, flagging, switching.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, Chat, ChatSwitched, Message, MessageChanged, MessageFlag, MessageFlagged, MessageInside,
    MessageList, MessagePost, MessagePosted, MessageView,
};
use kardan_schema::{ChatSource, ListingId, MessageFlagReason};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answer::{Json, Page, Result, done};
use crate::app::App;
use crate::auth::{ReadInside, Write};
use crate::extract::{Ask, At, Body, Once, page};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        chat_get => "market.chat_get";
        message_list => "market.message_list";
        message_view => "market.message_view";
        message_post => "market.message_post", "ops.idempotency_begin", "ops.idempotency_finish";
        message_delete => "market.message_delete";
        message_flag => "market.message_flag";
        chat_switch => "market.chat_switch";
        chat_read => "market.chat_read";
    );
}

/// The chat of a listing that anybody may see, or that is sold.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/chat", tag = "chats",
    responses((status = 200, description = "The chat.", body = Chat)))]
async fn chat_get(State(app): State<App>, At(listing): At<ListingId>) -> Result<Json<Chat>> {
    let row = market::chat_get(&app.read().await?, listing).await?;
    Ok(Json(row.ok_or(Problem::from(Own::ThingUnknown))?))
}

/// Which messages to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MessageAsk {
    /// True: from the first message on; else from the latest one back.
    is_forward: Option<bool>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What people said beneath a listing, the latest first or, going forward, the first one first.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/messages", tag = "chats",
    responses((status = 200, description = "A part of the list.", body = Page<Message>)))]
async fn message_list(
    State(app): State<App>,
    At(listing): At<ListingId>,
    Ask(ask): Ask<MessageAsk>,
) -> Result<Page<Message>> {
    let (limit, after) = page::<(DateTime<Utc>, Uuid)>(ask.limit, ask.cursor.as_deref())?;
    let list = MessageList {
        listing,
        is_forward: ask.is_forward,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| key.1),
    };
    let rows = market::message_list(&app.read().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.sent_at, row.message_id)))
}

/// Everything that was said beneath a listing of mine, and what became of it.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/messages/all", tag = "chats",
    responses((status = 200, description = "A part of the list.", body = Page<MessageInside>)))]
async fn message_view(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(ask): Ask<MessageAsk>,
) -> Result<Page<MessageInside>> {
    let (limit, after) = page::<(DateTime<Utc>, Uuid)>(ask.limit, ask.cursor.as_deref())?;
    let list = MessageView {
        actor: me.user,
        listing,
        is_forward: ask.is_forward,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| key.1),
    };
    let rows = market::message_view(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.sent_at, row.message_id)))
}

/// Something to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageWish {
    /// 1 to 4096 characters, without contacts.
    text: String,
    /// The message that it answers.
    reply_to: Option<Uuid>,
}

/// Say something beneath a listing. Too fast: 429 with the seconds to wait.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/messages", tag = "chats",
    responses((status = 201, description = "The message.", body = MessagePosted)))]
async fn message_post(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    wish: Once<MessageWish>,
) -> Result {
    let (MessageWish { text, reply_to }, repeat) = wish.split();
    let message = MessagePost {
        actor: me.user,
        listing,
        text,
        reply_to,
        source: ChatSource::Api,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::message_post(tx, &message).await }),
            |made| Some(format!("/v1/messages/{}", made.message_id)),
        )
        .await
}

/// Why a message is deleted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct DeleteAsk {
    /// At most 500 characters.
    pub reason: Option<String>,
}

/// Delete what I wrote, or what others wrote where an administrator lets me.
#[utoipa::path(delete, path = "/v1/messages/{message_id}", tag = "chats",
    responses((status = 200, description = "It is deleted.", body = MessageChanged)))]
async fn message_delete(
    State(app): State<App>,
    Write(me): Write,
    At(message): At<Uuid>,
    Ask(DeleteAsk { reason }): Ask<DeleteAsk>,
) -> Result<Json<MessageChanged>> {
    Ok(Json(
        market::message_delete(&app.write().await?, me.user, message, reason).await?,
    ))
}

/// What is wrong with a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageFlagWish {
    /// What is wrong.
    reason: MessageFlagReason,
    /// In my own words, at most 1000 characters.
    note: Option<String>,
}

/// Say what is wrong with somebody else's message. Doing it again changes what I said.
#[utoipa::path(put, path = "/v1/messages/{message_id}/flag", tag = "chats",
    responses((status = 200, description = "My flag.", body = MessageFlagged)))]
async fn message_flag(
    State(app): State<App>,
    Write(me): Write,
    At(message): At<Uuid>,
    Body(MessageFlagWish { reason, note }): Body<MessageFlagWish>,
) -> Result<Json<MessageFlagged>> {
    let flag = MessageFlag {
        actor: me.user,
        message,
        reason,
        note,
    };
    Ok(Json(
        market::message_flag(&app.write().await?, &flag).await?,
    ))
}

/// Whether people may talk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchWish {
    /// Null: as everywhere.
    pub is_on: Option<bool>,
}

/// Switch the chat of my listing on or off. What is said meanwhile is kept and hidden, and stays hidden.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/chat", tag = "chats",
    responses((status = 200, description = "The chat.", body = ChatSwitched)))]
async fn chat_switch(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    Body(SwitchWish { is_on }): Body<SwitchWish>,
) -> Result<Json<ChatSwitched>> {
    Ok(Json(
        market::chat_switch(&app.write().await?, me.user, listing, is_on).await?,
    ))
}

/// I have read what was said beneath my listing: the next message is told me again.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/chat/read", tag = "chats",
    responses((status = 204, description = "It is noted.")))]
async fn chat_read(State(app): State<App>, Write(me): Write, At(listing): At<ListingId>) -> Result {
    market::chat_read(&app.write().await?, me.user, listing).await?;
    Ok(done())
}
