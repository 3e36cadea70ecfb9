//! The moderators' queue, one listing after the other.

use kardan_schema::market;
use kardan_schema::{Db, Language, ModerationItemId};
use serde_json::json;

use super::{Card, titled};
use crate::error::Failure;
use crate::talk::{Change, Field, Room, Task, Visit, Words};
use crate::updates::{Answer, Pictures};

/// What a tap asks for: `word:item:version`, and the reason of a rejection or a field behind it.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    if word == "next" {
        return visit
            .act(async |room| next(room, "moderation.next").await)
            .await;
    }
    let item = parts.next().and_then(|text| text.parse().ok());
    let version = parts.next().and_then(|text| text.parse().ok());
    let (Some(item), Some(version)) = (item.map(ModerationItemId), version) else {
        return Ok(None);
    };
    match (word, parts.next()) {
        ("approve", _) => {
            visit
                .act(async |room| {
                    let actor = room.person.user_id;
                    market::moderation_approve(room.db, actor, item, Some(version)).await?;
                    next(room, "moderation.approved").await
                })
                .await
        }
        ("reject", None) => {
            visit
                .act(async |room| reasons(room, item, version).await)
                .await
        }
        ("reject", Some(reason)) => {
            let reason = reason.to_owned();
            visit
                .ask_for(Words::Reject {
                    item,
                    version,
                    reason,
                })
                .await
        }
        ("edit", None) => visit.act(async |room| fields(room, item, version)).await,
        ("edit", Some(field)) => match Field::of(field) {
            Some(field) => {
                visit
                    .begin(async |room| Change::moderate(room, item, field).await)
                    .await
            }
            None => Ok(None),
        },
        ("ad", _) => {
            visit
                .begin(async |room| {
                    let held = market::moderation_card(room.db, room.person.user_id, item).await?;
                    Ok(Some(
                        Task::Ad {
                            listing: Some(held.listing_id),
                        }
                        .begin(),
                    ))
                })
                .await
        }
        ("leave", _) => {
            visit
                .act(async |room| {
                    market::moderation_release(room.db, room.person.user_id, item).await?;
                    Ok(Answer::plain(room.say("moderation.left", ())?))
                })
                .await
        }
        _ => Ok(None),
    }
}

/// The longest waiting listing that nobody else holds, below what has just happened.
pub async fn next(room: &Room<'_>, said: &str) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let claimed = market::moderation_claim(room.db, actor, Some(1)).await?;
    let Some(claimed) = claimed.first() else {
        let text = room.say("moderation.empty", ())?;
        return Ok(Answer::plain(text).after(&room.say(said, ())?));
    };
    let item = claimed.item_id;
    let it = market::moderation_card(room.db, actor, item).await?;
    let hints = market::moderation_hint_list(room.db, actor, item).await?;
    let usual = market::moderation_price_get(room.db, actor, item).await?;
    let text = room.say(
        "moderation.card",
        json!({
            "it": it, "hints": hints, "usual": usual, "waiting_minutes": claimed.waiting_seconds / 60,
        }),
    )?;
    let mut card = Card::new(text);
    let version = it.version;
    card.push(vec![
        room.button(
            "moderation.approve",
            format!("mod:approve:{item}:{version}"),
        )?,
        room.button("moderation.reject", format!("mod:reject:{item}:{version}"))?,
    ]);
    card.push(vec![
        room.button("mine.edit", format!("mod:edit:{item}:{version}"))?,
        room.button("office.ad", format!("mod:ad:{item}:{version}"))?,
    ]);
    card.push(vec![
        room.button("moderation.leave", format!("mod:leave:{item}:{version}"))?,
        room.button("office.back", "o:menu:")?,
    ]);
    let mut answer = card.done();
    if it.photo_keys.is_empty() {
        return Ok(answer.after(&room.say(said, ())?));
    }
    answer.pictures = Some(Pictures {
        text: room.say(said, ())?,
        keys: it.photo_keys,
    });
    Ok(answer)
}

/// What a moderator may change of a listing.
fn fields(room: &Room<'_>, item: ModerationItemId, version: i32) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("change.what", ())?);
    for field in Field::MODERATED {
        let word = field.word();
        card.row(
            room,
            &format!("field.{word}"),
            format!("mod:edit:{item}:{version}:{word}"),
        )?;
    }
    card.row(room, "talk.back", "mod:next".to_owned())?;
    Ok(card.done())
}

async fn reasons(room: &Room<'_>, item: ModerationItemId, version: i32) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("moderation.why", ())?);
    for reason in market::moderation_reason_list(room.db).await? {
        let title = room.of(&reason.title_ru, &reason.title_en);
        let data = format!("mod:reject:{item}:{version}:{}", reason.code);
        card.push(vec![titled(title, data)]);
    }
    card.row(room, "talk.back", "mod:next".to_owned())?;
    Ok(card.done())
}

/// A ready reason as people read it, by its code.
pub async fn reason(
    db: &impl Db,
    language: Language,
    code: &str,
) -> Result<String, kardan_schema::Error> {
    let all = market::moderation_reason_list(db).await?;
    let found = all.iter().find(|reason| reason.code == code);
    let title = found.map_or(code, |reason| match language {
        Language::Ru => &reason.title_ru,
        Language::En => &reason.title_en,
    });
    Ok(title.to_owned())
}
