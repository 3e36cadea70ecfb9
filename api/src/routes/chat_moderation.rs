//! What moderators and administrators do in chats.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, ChatMute, ChatMuteEntry, ChatRight, ChatRightGrant, ChatRightList, ChatSwitched,
    ChatWarned, ChatWarning, MessageChanged, ModerationChatMute, ModerationChatMuteList,
    ModerationChatWarningList, ModerationChatWatch, ModerationMessageFlag,
    ModerationMessageFlagList, WatchedMessage,
};
use kardan_schema::{ListingId, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::chat::{DeleteAsk, SwitchWish};
use crate::answer::{Json, Page, Result, done};
use crate::app::App;
use crate::auth::{Administer, Moderate};
use crate::extract::{Ask, At, Body, PageAsk, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        moderation_chat_watch => "market.moderation_chat_watch";
        moderation_chat_switch => "market.moderation_chat_switch";
        moderation_message_delete => "market.moderation_message_delete";
        moderation_chat_warn => "market.moderation_chat_warn";
        moderation_chat_warning_list => "market.moderation_chat_warning_list";
        moderation_chat_mute => "market.moderation_chat_mute";
        moderation_chat_unmute => "market.moderation_chat_unmute";
        moderation_chat_mute_list => "market.moderation_chat_mute_list";
        moderation_message_flag_list => "market.moderation_message_flag_list";
        moderation_message_flags_dismiss => "market.moderation_message_flags_dismiss";
        chat_right_grant => "market.chat_right_grant";
        chat_right_revoke => "market.chat_right_revoke";
        chat_right_list => "market.chat_right_list";
    );
}

/// What is said in all chats, the latest first.
#[utoipa::path(get, path = "/v1/moderation/messages", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<WatchedMessage>)))]
async fn moderation_chat_watch(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<WatchedMessage>> {
    let (limit, after) = ask.read::<(DateTime<Utc>, Uuid)>()?;
    let list = ModerationChatWatch {
        actor: me.user,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| key.1),
    };
    let rows = market::moderation_chat_watch(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.sent_at, row.message_id)))
}

/// Switch the chat of a listing on or off. What a moderator switched off its people do not switch on.
#[utoipa::path(put, path = "/v1/moderation/listings/{listing_id}/chat", tag = "moderation",
    responses((status = 200, description = "The chat.", body = ChatSwitched)))]
async fn moderation_chat_switch(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(listing): At<ListingId>,
    Body(SwitchWish { is_on }): Body<SwitchWish>,
) -> Result<Json<ChatSwitched>> {
    Ok(Json(
        market::moderation_chat_switch(&app.write().await?, me.user, listing, is_on).await?,
    ))
}

/// Delete a message.
#[utoipa::path(delete, path = "/v1/moderation/messages/{message_id}", tag = "moderation",
    responses((status = 200, description = "It is deleted.", body = MessageChanged)))]
async fn moderation_message_delete(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(message): At<Uuid>,
    Ask(DeleteAsk { reason }): Ask<DeleteAsk>,
) -> Result<Json<MessageChanged>> {
    Ok(Json(
        market::moderation_message_delete(&app.write().await?, me.user, message, reason).await?,
    ))
}

/// A warning.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WarningWish {
    /// Why, 3 to 500 characters.
    reason: String,
}

/// Warn the author of a message, once. Doing it again answers the same.
#[utoipa::path(put, path = "/v1/moderation/messages/{message_id}/warning", tag = "moderation",
    responses((status = 200, description = "The warning.", body = ChatWarned)))]
async fn moderation_chat_warn(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(message): At<Uuid>,
    Body(WarningWish { reason }): Body<WarningWish>,
) -> Result<Json<ChatWarned>> {
    Ok(Json(
        market::moderation_chat_warn(&app.write().await?, me.user, message, reason).await?,
    ))
}

/// Whose to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfPerson {
    /// Only of this person.
    user_id: Option<UserId>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Warnings, the newest first.
#[utoipa::path(get, path = "/v1/moderation/warnings", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ChatWarning>)))]
async fn moderation_chat_warning_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<OfPerson>,
) -> Result<Page<ChatWarning>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ModerationChatWarningList {
        actor: me.user,
        user: ask.user_id,
        limit: Some(limit),
        after,
    };
    let rows = market::moderation_chat_warning_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.warning_id))
}

/// How long somebody is to say nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MuteWish {
    /// Beneath all listings, not only this one.
    #[serde(default)]
    everywhere: bool,
    /// Until when; null: until it is lifted.
    until: Option<DateTime<Utc>>,
    /// Why, 3 to 500 characters.
    reason: String,
}

/// Let the author of a message say nothing. Doing it again changes until when and why.
#[utoipa::path(put, path = "/v1/moderation/messages/{message_id}/mute", tag = "moderation",
    responses((status = 200, description = "The mute.", body = ChatMute)))]
async fn moderation_chat_mute(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(message): At<Uuid>,
    Body(wish): Body<MuteWish>,
) -> Result<Json<ChatMute>> {
    let mute = ModerationChatMute {
        actor: me.user,
        message,
        everywhere: wish.everywhere,
        until: wish.until,
        reason: wish.reason,
    };
    Ok(Json(
        market::moderation_chat_mute(&app.write().await?, &mute).await?,
    ))
}

/// Let somebody talk again.
#[utoipa::path(delete, path = "/v1/moderation/mutes/{mute_id}", tag = "moderation",
    responses((status = 204, description = "They may talk.")))]
async fn moderation_chat_unmute(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(mute): At<i64>,
) -> Result {
    market::moderation_chat_unmute(&app.write().await?, me.user, mute).await?;
    Ok(done())
}

/// Which mutes to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MuteAsk {
    /// Only of this person.
    user_id: Option<UserId>,
    /// True: only what holds now.
    is_open: Option<bool>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Who is to say nothing, the newest first.
#[utoipa::path(get, path = "/v1/moderation/mutes", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ChatMuteEntry>)))]
async fn moderation_chat_mute_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<MuteAsk>,
) -> Result<Page<ChatMuteEntry>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ModerationChatMuteList {
        actor: me.user,
        user: ask.user_id,
        is_open: ask.is_open,
        limit: Some(limit),
        after,
    };
    let rows = market::moderation_chat_mute_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.mute_id))
}

/// Which flags to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MessageFlagAsk {
    /// Only those of this message.
    message_id: Option<Uuid>,
    /// True: only what nobody decided on.
    is_open: Option<bool>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What people flagged in chats, the newest first.
#[utoipa::path(get, path = "/v1/moderation/message-flags", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ModerationMessageFlag>)))]
async fn moderation_message_flag_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<MessageFlagAsk>,
) -> Result<Page<ModerationMessageFlag>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ModerationMessageFlagList {
        actor: me.user,
        message: ask.message_id,
        is_open: ask.is_open,
        limit: Some(limit),
        after,
    };
    let rows = market::moderation_message_flag_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.flag_id))
}

/// Find nothing wrong with a message that people flagged. Whoever thinks otherwise deletes it.
#[utoipa::path(delete, path = "/v1/moderation/messages/{message_id}/flags", tag = "moderation",
    responses((status = 200, description = "The message.", body = MessageChanged)))]
async fn moderation_message_flags_dismiss(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(message): At<Uuid>,
) -> Result<Json<MessageChanged>> {
    Ok(Json(
        market::moderation_message_flags_dismiss(&app.write().await?, me.user, message).await?,
    ))
}

/// Who may delete what others wrote.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RightWish {
    /// Who gets it.
    user_id: UserId,
    /// Beneath which listing; null: everywhere.
    listing_id: Option<ListingId>,
    /// Until when; null: until it is taken back.
    until: Option<DateTime<Utc>>,
}

/// Let a person delete what others wrote. Doing it again changes until when.
#[utoipa::path(put, path = "/v1/chat-rights", tag = "administration",
    responses((status = 200, description = "The right.", body = ChatRight)))]
async fn chat_right_grant(
    State(app): State<App>,
    Administer(me): Administer,
    Body(wish): Body<RightWish>,
) -> Result<Json<ChatRight>> {
    let right = ChatRightGrant {
        actor: me.user,
        user: wish.user_id,
        listing: wish.listing_id,
        until: wish.until,
    };
    Ok(Json(
        market::chat_right_grant(&app.write().await?, &right).await?,
    ))
}

/// Take the right back.
#[utoipa::path(delete, path = "/v1/chat-rights/{right_id}", tag = "administration",
    responses((status = 204, description = "It is taken back.")))]
async fn chat_right_revoke(
    State(app): State<App>,
    Administer(me): Administer,
    At(right): At<i64>,
) -> Result {
    market::chat_right_revoke(&app.write().await?, me.user, right).await?;
    Ok(done())
}

/// Who may delete what others wrote, the newest first.
#[utoipa::path(get, path = "/v1/chat-rights", tag = "administration",
    responses((status = 200, description = "A part of the list.", body = Page<ChatRight>)))]
async fn chat_right_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<OfPerson>,
) -> Result<Page<ChatRight>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ChatRightList {
        actor: me.user,
        user: ask.user_id,
        limit: Some(limit),
        after,
    };
    let rows = market::chat_right_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.right_id))
}
