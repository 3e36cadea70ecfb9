//! Order in a group: a message there is answered with `/delete`, `/warn why` or `/mute 7d why`. The command itself goes at once,
//! and whatever is to be said of it is said to whoever wrote it, in private.

use chrono::{DateTime, Duration, Utc};
use kardan_schema::Role;
use kardan_schema::market::{self, ModerationChatMute};
use kardan_schema::people::{self, TelegramUser};
use serde_json::{Value, json};
use uuid::Uuid;

use super::command;
use super::incoming::Message;
use crate::desk::Desk;
use crate::error::Failure;
use crate::sender;
use crate::telegram::Refusal;

/// For how long somebody is mute when nothing is said of it.
const DAY: Duration = Duration::days(1);

/// What is to become of the message that is answered, or of its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'a> {
    /// It goes, perhaps for a reason.
    Delete(&'a str),
    /// Its author is warned, for a reason.
    Warn(&'a str),
    /// Its author says nothing for so long, here or everywhere.
    Mute {
        /// None: until somebody lifts it.
        time: Option<Duration>,
        is_everywhere: bool,
        why: &'a str,
    },
}

impl<'a> Order<'a> {
    /// A text that begins with such a command, to this bot where it names one.
    pub fn of(text: &'a str, bot: &str) -> Option<Self> {
        let (name, rest) = command::split(text, bot)?;
        match name.as_str() {
            "delete" => Some(Self::Delete(rest)),
            "warn" => Some(Self::Warn(rest)),
            "mute" => Some(Self::mute(rest)),
            _ => None,
        }
    }

    /// `all`, a time and a reason, each of which may be left out.
    fn mute(rest: &'a str) -> Self {
        let (mut time, mut is_everywhere, mut why) = (Some(DAY), false, rest);
        while let Some(word) = why.split_whitespace().next() {
            match word.to_lowercase().as_str() {
                "all" | "everywhere" | "везде" => is_everywhere = true,
                "forever" | "навсегда" => time = None,
                word => match length(word) {
                    Some(length) => time = Some(length),
                    None => break,
                },
            }
            why = why.get(word.len()..).unwrap_or_default().trim_start();
        }
        Self::Mute {
            time,
            is_everywhere,
            why,
        }
    }
}

/// `30m`, `2h`, `7d`, and the same in Russian.
fn length(word: &str) -> Option<Duration> {
    let unit = word.chars().last()?;
    let count = word.strip_suffix(unit)?.parse::<u16>().ok()?;
    let count = i64::from(count);
    match unit {
        'm' | 'м' => Some(Duration::minutes(count)),
        'h' | 'ч' => Some(Duration::hours(count)),
        'd' | 'д' => Some(Duration::days(count)),
        _ => None,
    }
}

/// Does it. Told twice, it changes nothing more: each function says the same of the same message.
pub async fn hear(desk: &Desk, message: &Message, order: Order<'_>) -> Result<(), Failure> {
    let Some(from) = message.from.as_ref() else {
        return Ok(());
    };
    let person = desk
        .ask(async |db| people::telegram_user_get(db, from.id).await)
        .await?;
    let Some(person) = person else {
        return take_away(desk, message).await;
    };
    let said = match carry_out(desk, message, &person, order).await {
        Err(Failure::Database(error)) => match error.reason() {
            Some(reason) => Some(reason.sentence(person.language).to_owned()),
            None => return Err(Failure::Database(error)),
        },
        said => said?,
    };
    take_away(desk, message).await?;
    if let Some(said) = said.filter(|_| person.is_reachable)
        // One try: what happened in the group does not wait for it.
        && let Err(refusal) = sender::say(desk, from.id, &said, Value::Null).await
    {
        tracing::debug!(%refusal, "what became of a command is not told");
    }
    Ok(())
}

/// What is to be told of it, if anything.
async fn carry_out(
    desk: &Desk,
    message: &Message,
    person: &TelegramUser,
    order: Order<'_>,
) -> Result<Option<String>, Failure> {
    let say = |name: &str, data: Value| desk.texts.say(person.language, name, data);
    let Some(meant) = meant(desk, message).await? else {
        return Ok(Some(say("order.which", json!({}))?));
    };
    let reason = |why: &str| match why {
        "" => say("order.reason", json!({})),
        why => Ok(why.to_owned()),
    };
    let actor = person.user_id;
    match order {
        Order::Delete(why) => {
            let why = Some(why.to_owned()).filter(|why| !why.is_empty());
            let is_moderator = person.role != Role::User;
            desk.ask(async |db| match is_moderator {
                true => market::moderation_message_delete(db, actor, meant, why).await,
                false => market::message_delete(db, actor, meant, why).await,
            })
            .await?;
            Ok(None)
        }
        Order::Warn(why) => {
            let why = reason(why)?;
            let warned = desk
                .ask(async |db| market::moderation_chat_warn(db, actor, meant, why).await)
                .await?;
            Ok(Some(say("order.warned", json!({ "it": warned }))?))
        }
        Order::Mute {
            time,
            is_everywhere,
            why,
        } => {
            // From when it was said: told again, it is the same time.
            let since = DateTime::from_timestamp(message.date, 0).unwrap_or_else(Utc::now);
            let wish = ModerationChatMute {
                actor,
                message: meant,
                everywhere: is_everywhere,
                until: time.map(|time| since + time),
                reason: reason(why)?,
            };
            let mute = desk
                .ask(async |db| market::moderation_chat_mute(db, &wish).await)
                .await?;
            Ok(Some(say("order.muted", json!({ "it": mute }))?))
        }
    }
}

/// The message of ours that is answered.
async fn meant(desk: &Desk, message: &Message) -> Result<Option<Uuid>, Failure> {
    let Some(answered) = &message.reply_to_message else {
        return Ok(None);
    };
    let Some(at) = DateTime::from_timestamp(answered.date, 0) else {
        return Ok(None);
    };
    let (chat, number) = (message.chat.id, answered.message_id);
    let found = desk
        .ask(async |db| market::message_find(db, chat, number, at).await)
        .await?;
    Ok(found.map(|found| found.message_id))
}

/// The command goes from the group: it is nothing that people say beneath a post.
async fn take_away(desk: &Desk, message: &Message) -> Result<(), Failure> {
    let params = json!({ "chat_id": message.chat.id, "message_id": message.message_id });
    match desk.telegram.call("deleteMessage", &params).await {
        Err(refusal @ (Refusal::Later { .. } | Refusal::Unheard(_))) => {
            Err(Failure::Telegram(refusal))
        }
        Err(refusal) => {
            if !refusal.says("not found") {
                tracing::warn!(%refusal, "a command in a group stays");
            }
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_with_its_time_and_reason_in_any_order_of_what_may_be_left_out() {
        let of = |text| Order::of(text, "kardan_bot");
        let mute = |time, is_everywhere, why| {
            Some(Order::Mute {
                time,
                is_everywhere,
                why,
            })
        };
        assert_eq!(of("/delete"), Some(Order::Delete("")));
        assert_eq!(of("/warn@kardan_bot be kind"), Some(Order::Warn("be kind")));
        assert_eq!(of("/mute"), mute(Some(DAY), false, ""));
        let week = Some(Duration::days(7));
        assert_eq!(of("/mute 7d all  spam 2h"), mute(week, true, "spam 2h"));
        assert_eq!(of("/mute ВЕЗДЕ 7д реклама"), mute(week, true, "реклама"));
        assert_eq!(of("/mute forever"), mute(None, false, ""));
        for none in ["/delete@other_bot", "delete", "/ban", "/mutes"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
