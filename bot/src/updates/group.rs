//! What happens in the groups where posts are talked about.

use chrono::DateTime;
use kardan_schema::market::{self, ChannelForwardSeen, MessageTake};

use super::incoming::Message;
use super::order::{self, Order};
use crate::desk::Desk;
use crate::error::Failure;

pub async fn hear(desk: &Desk, message: &Message) -> Result<(), Failure> {
    if let Some(to) = message.migrate_to_chat_id {
        return moved(desk, message.chat.id, to).await;
    }
    if message.is_automatic_forward {
        return forward(desk, message).await;
    }
    let text = message.text.as_deref().unwrap_or_default();
    match Order::of(text, &desk.name) {
        Some(order) => order::hear(desk, message, order).await,
        None => talk(desk, message).await,
    }
}

/// The group is a supergroup now, under another number.
async fn moved(desk: &Desk, from: i64, to: i64) -> Result<(), Failure> {
    let moved = desk
        .ask(async |db| market::group_move(db, from, to).await)
        .await?;
    tracing::info!(
        from,
        to,
        messages = moved.moved_count,
        "a group has another number"
    );
    Ok(())
}

/// Telegram's own copy of a post: by its link it is known which post that is, although its sender may be dead.
async fn forward(desk: &Desk, message: &Message) -> Result<(), Failure> {
    let origin = message.forward_origin.as_ref();
    let chat = origin.and_then(|origin| Some((origin.chat.as_ref()?.id, origin.message_id?)));
    let (Some((chat, number)), Some(post)) = (chat, message.links().find_map(post_of)) else {
        return Ok(());
    };
    let seen = ChannelForwardSeen {
        chat,
        message: number,
        root_chat: message.chat.id,
        root_message: message.message_id,
        post,
    };
    let seen = desk
        .ask(async |db| market::channel_forward_seen(db, &seen).await)
        .await?;
    if let Some(seen) = seen {
        tracing::debug!(post, outcome = ?seen.outcome, "a forward was seen");
    }
    Ok(())
}

/// The post that a link names: `…?start=c_42-7` is the 7th.
fn post_of(link: &str) -> Option<i64> {
    let (_, start) = link.split_once("?start=c_")?;
    start.split_once('-')?.1.parse().ok()
}

/// Somebody says something beneath a post.
async fn talk(desk: &Desk, message: &Message) -> Result<(), Failure> {
    let Some(from) = message.from.as_ref().filter(|from| !from.is_bot) else {
        return Ok(());
    };
    let answered = message.reply_to_message.as_ref();
    let root = message
        .message_thread_id
        .or_else(|| answered.map(|answered| answered.message_id));
    let (Some(root), Some(at)) = (root, DateTime::from_timestamp(message.date, 0)) else {
        return Ok(());
    };
    let name = match &from.last_name {
        Some(last) => format!("{} {last}", from.first_name),
        None => from.first_name.clone(),
    };
    let take = MessageTake {
        chat: message.chat.id,
        message: message.message_id,
        root_message: root,
        telegram_id: from.id,
        name,
        text: message.text.clone().or_else(|| message.caption.clone()),
        at,
        reply_message: answered.map(|answered| answered.message_id),
        reply_at: answered.and_then(|answered| DateTime::from_timestamp(answered.date, 0)),
    };
    desk.ask(async |db| market::message_take(db, &take).await)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::post_of;

    #[test]
    fn a_post_is_known_by_its_link_and_other_links_are_none() {
        assert_eq!(post_of("https://t.me/kardan_bot?start=c_42-7"), Some(7));
        for other in [
            "https://example.org",
            "https://t.me/kardan_bot?start=c_42",
            "https://t.me/kardan_bot?start=login_x-7",
        ] {
            assert_eq!(post_of(other), None, "{other}");
        }
    }
}
