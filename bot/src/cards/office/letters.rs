//! What could not be delivered: counted by lane and reason, delivered again, given up.

use chrono::{DateTime, Utc};
use kardan_schema::NoticeId;
use kardan_schema::notify::{self, DeadLetterList};
use serde_json::json;

use crate::cards::{Card, asked, data, page, sure, titled};
use crate::error::Failure;
use crate::talk::{Room, Visit};
use crate::updates::Answer;

/// What a tap asks for: `word:kind` and perhaps a letter or a place in the list; nothing is the count.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let (word, kind) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let mut number = || parts.next().and_then(|text| text.parse::<i64>().ok());
    let (first, second) = (number(), number());
    visit
        .act(async |room| {
            let actor = room.person.user_id;
            match (word, first.map(NoticeId)) {
                ("kind", _) => {
                    let at = first.and_then(DateTime::from_timestamp_micros);
                    list(room, kind, at.zip(second.map(NoticeId))).await
                }
                ("again", Some(letter)) => {
                    notify::dead_letter_replay(room.db, actor, letter).await?;
                    list(room, kind, None).await
                }
                ("drop", Some(letter)) => {
                    notify::dead_letter_purge(room.db, actor, letter).await?;
                    list(room, kind, None).await
                }
                ("replay", _) => {
                    let done = notify::dead_letter_replay_all(room.db, actor, Some(kind)).await?;
                    let said = json!({ "count": done.replayed_count });
                    Ok(counts(room)
                        .await?
                        .after(&room.say("letter.replayed", said)?))
                }
                ("sure", _) => sure(
                    room,
                    &room.say("letter.sure", json!({ "kind": kind }))?,
                    format!("o:letter:purge:{kind}"),
                    format!("o:letter:kind:{kind}"),
                ),
                ("purge", _) => {
                    let done = notify::dead_letter_purge_all(room.db, actor, Some(kind)).await?;
                    let said = json!({ "count": done.purged_count });
                    Ok(counts(room).await?.after(&room.say("letter.purged", said)?))
                }
                _ => counts(room).await,
            }
        })
        .await
}

/// How many there are, by lane, kind and reason.
async fn counts(room: &Room<'_>) -> Result<Answer, Failure> {
    let found = notify::dead_letter_count(room.db, room.person.user_id).await?;
    let shown = found.get(..found.len().min(15)).unwrap_or_default();
    let mut card = Card::new(room.say("letter.counts", json!({ "count": found.len() }))?);
    let mut kinds: Vec<&str> = Vec::new();
    for it in shown {
        card.add("\n");
        card.add(&room.say("letter.count", data(it))?);
        if !kinds.contains(&it.kind.as_str()) {
            kinds.push(&it.kind);
        }
    }
    for kind in kinds {
        card.push(vec![titled(kind, format!("o:letter:kind:{kind}"))]);
    }
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

/// Letters of a kind, each with what can be done with it.
async fn list(
    room: &Room<'_>,
    kind: &str,
    after: Option<(DateTime<Utc>, NoticeId)>,
) -> Result<Answer, Failure> {
    let wish = DeadLetterList {
        actor: room.person.user_id,
        kind: Some(kind.to_owned()),
        limit: asked(),
        after_at: after.map(|(at, _)| at),
        after_id: after.map(|(_, letter)| letter),
    };
    let found = notify::dead_letter_list(room.db, &wish).await?;
    let (shown, last) = page(&found);
    let about = json!({ "kind": kind, "count": shown.len() });
    let mut card = Card::new(room.say("letter.list", about)?);
    for (place, it) in (1..).zip(shown) {
        card.add("\n");
        card.add(&room.say("letter.line", json!({ "place": place, "it": it }))?);
        let mut row = Vec::new();
        for step in ["again", "drop"] {
            let (name, about) = (format!("letter.{step}"), json!({ "place": place }));
            let data = format!("o:letter:{step}:{kind}:{}", it.notice_id);
            row.push(room.entry(&name, about, data)?);
        }
        card.push(row);
    }
    if let Some(last) = last {
        let at = last.event_at.timestamp_micros();
        let data = format!("o:letter:kind:{kind}:{at}:{}", last.notice_id);
        card.row(room, "find.more", data)?;
    }
    if !shown.is_empty() {
        card.push(vec![
            room.button("letter.again_all", format!("o:letter:replay:{kind}"))?,
            room.button("letter.drop_all", format!("o:letter:sure:{kind}"))?,
        ]);
    }
    card.row(room, "talk.back", "o:letter:".to_owned())?;
    Ok(card.done())
}
