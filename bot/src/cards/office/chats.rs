//! What people say beneath all listings, the latest first, and who is to say nothing.

use chrono::{DateTime, Duration, Utc};
use kardan_schema::market::{
    self, ModerationChatMute, ModerationChatMuteList, ModerationChatWatch,
};
use serde_json::json;
use uuid::Uuid;

use crate::cards::{Card, asked, data, page};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

/// How long somebody may be made to say nothing: where, for how many days, and the name of that in sentences.
const MUTES: [(&str, &str, &str); 4] = [
    ("here", "1", "watch.here_day"),
    ("here", "30", "watch.here_month"),
    ("all", "1", "watch.all_day"),
    ("all", "", "watch.all"),
];

/// What a tap asks for: `word:message` and perhaps something more; nothing is the latest page.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, rest) = data.split_once(':').unwrap_or((data, ""));
    let (first, more) = rest.split_once(':').unwrap_or((rest, ""));
    match (word, first.parse::<Uuid>()) {
        ("more", _) => {
            let at = first.parse().ok().and_then(DateTime::from_timestamp_micros);
            let after = at.zip(more.parse().ok());
            visit.act(async |room| list(room, after).await).await
        }
        ("mutes", _) => visit.act(mutes).await,
        ("speak", _) => match first.parse() {
            Ok(mute) => visit.act(async |room| unmute(room, mute).await).await,
            Err(_) => Ok(None),
        },
        ("delete", Ok(message)) => {
            visit
                .act(async |room| {
                    let actor = room.person.user_id;
                    market::moderation_message_delete(room.db, actor, message, None).await?;
                    list(room, None).await
                })
                .await
        }
        ("warn", Ok(message)) => visit.fill_in(Task::Warn { message }).await,
        ("mute", Ok(message)) => visit.act(async |room| how_long(room, message)).await,
        ("for", Ok(message)) => {
            let (place, days) = more.split_once(':').unwrap_or((more, ""));
            let task = Task::Mute {
                message,
                is_everywhere: place == "all",
                days: days.parse().ok(),
            };
            visit.fill_in(task).await
        }
        _ => visit.act(async |room| list(room, None).await).await,
    }
}

/// A page of messages, each with what can be done about it.
async fn list(room: &Room<'_>, after: Option<(DateTime<Utc>, Uuid)>) -> Result<Answer, Failure> {
    let wish = ModerationChatWatch {
        actor: room.person.user_id,
        limit: asked(),
        after_at: after.map(|(at, _)| at),
        after_id: after.map(|(_, message)| message),
    };
    let found = market::moderation_chat_watch(room.db, &wish).await?;
    let (shown, last) = page(&found);
    let mut card = Card::new(room.say("watch.page", json!({ "count": shown.len() }))?);
    for (place, it) in (1..).zip(shown) {
        let link = room.desk.link(&format!("l_{}", it.listing_id));
        let about = json!({ "place": place, "it": it, "link": link });
        card.add("\n\n");
        card.add(&room.say("watch.line", about)?);
        card.push(steps(room, place, it.message_id)?);
    }
    if let Some(last) = last {
        let (at, id) = (last.sent_at.timestamp_micros(), last.message_id.simple());
        card.row(room, "find.more", format!("o:chat:more:{at}:{id}"))?;
    }
    card.push(vec![
        room.button("office.mutes", "o:chat:mutes")?,
        room.button("office.back", "o:menu:")?,
    ]);
    Ok(card.done())
}

/// The buttons of a message in a list, by its place there.
pub fn steps(
    room: &Room<'_>,
    place: usize,
    message: Uuid,
) -> Result<Vec<teloxide_core::types::InlineKeyboardButton>, Failure> {
    let message = message.simple();
    let mut row = Vec::new();
    for step in ["delete", "warn", "mute"] {
        let (name, about) = (format!("watch.{step}"), json!({ "place": place }));
        row.push(room.entry(&name, about, format!("o:chat:{step}:{message}"))?);
    }
    Ok(row)
}

fn how_long(room: &Room<'_>, message: Uuid) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("watch.how_long", ())?);
    let message = message.simple();
    for (place, days, name) in MUTES {
        card.row(room, name, format!("o:chat:for:{message}:{place}:{days}"))?;
    }
    card.row(room, "talk.back", "o:chat:".to_owned())?;
    Ok(card.done())
}

/// Warns whoever wrote it.
pub async fn warn(room: &Room<'_>, message: Uuid, why: String) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let warned = market::moderation_chat_warn(room.db, actor, message, why).await?;
    let said = room.say("order.warned", data(&warned))?;
    Ok(list(room, None).await?.after(&said))
}

/// Has whoever wrote it say nothing for so many days.
pub async fn mute(
    room: &Room<'_>,
    message: Uuid,
    everywhere: bool,
    days: Option<i64>,
    reason: String,
) -> Result<Answer, Failure> {
    let wish = ModerationChatMute {
        actor: room.person.user_id,
        message,
        everywhere,
        until: days.map(|days| Utc::now() + Duration::days(days)),
        reason,
    };
    let mute = market::moderation_chat_mute(room.db, &wish).await?;
    let said = room.say("order.muted", data(&mute))?;
    Ok(list(room, None).await?.after(&said))
}

/// Who is to say nothing; a tap lets somebody talk again.
async fn mutes(room: &Room<'_>) -> Result<Answer, Failure> {
    let wish = ModerationChatMuteList {
        actor: room.person.user_id,
        user: None,
        is_open: Some(true),
        limit: Some(30),
        after: None,
    };
    let found = market::moderation_chat_mute_list(room.db, &wish).await?;
    let count = json!({ "count": found.len() });
    let mut card = Card::new(room.say("watch.mutes", count)?);
    for one in found {
        let speak = format!("o:chat:speak:{}", one.mute_id);
        card.push(vec![room.entry("watch.muted", data(&one), speak)?]);
    }
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

async fn unmute(room: &Room<'_>, mute: i64) -> Result<Answer, Failure> {
    market::moderation_chat_unmute(room.db, room.person.user_id, mute).await?;
    mutes(room).await
}
