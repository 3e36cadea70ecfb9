//! What an administrator tells many people: to whom, how many they are, and how far it has come.

use kardan_schema::notify::{self, Broadcast, BroadcastUpdate};
use kardan_schema::{BroadcastId, BroadcastState, Language};
use serde_json::json;

use super::Card;
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::Answer;

/// What a tap asks for: `word:broadcast` and perhaps a part of the people.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let number = parts.next().and_then(|text| text.parse().ok());
    if word == "new" {
        return visit.ask_for(Words::BroadcastRu {}).await;
    }
    let Some(broadcast) = number.map(BroadcastId) else {
        return Ok(None);
    };
    let part = parts.next().unwrap_or_default();
    visit
        .act(async |room| {
            let actor = room.person.user_id;
            match word {
                "start" => notify::broadcast_start(room.db, actor, broadcast).await?,
                "pause" => notify::broadcast_pause(room.db, actor, broadcast).await?,
                "resume" => notify::broadcast_resume(room.db, actor, broadcast).await?,
                "cancel" => notify::broadcast_cancel(room.db, actor, broadcast).await?,
                "to" => aim(room, broadcast, part).await?,
                _ => notify::broadcast_get(room.db, actor, broadcast).await?,
            };
            card(room, broadcast).await
        })
        .await
}

/// The latest ones.
pub async fn list(room: &Room<'_>) -> Result<Answer, Failure> {
    let all = notify::broadcast_list(room.db, room.person.user_id, Some(10), None).await?;
    let mut card = Card::new(room.say("broadcast.list", ())?);
    for one in all {
        let open = format!("cast:card:{}", one.broadcast_id);
        card.push(vec![room.entry(
            "broadcast.line",
            super::data(&one),
            open,
        )?]);
    }
    card.row(room, "broadcast.new", "cast:new:".to_owned())?;
    Ok(card.done())
}

/// Says whom a draft is for.
async fn aim(room: &Room<'_>, broadcast: BroadcastId, part: &str) -> Result<Broadcast, Failure> {
    let actor = room.person.user_id;
    let it = notify::broadcast_get(room.db, actor, broadcast).await?;
    let wish = BroadcastUpdate {
        actor,
        broadcast,
        version: Some(it.version),
        text_ru: it.text_ru,
        text_en: it.text_en,
        role: None,
        language: part.parse::<Language>().ok(),
        has_telegram: None,
        in_shop: (part == "shops").then_some(true),
        is_selling: (part == "sellers").then_some(true),
        place: None,
        seen_since: None,
    };
    Ok(notify::broadcast_update(room.db, &wish).await?)
}

/// A broadcast with its figures.
pub async fn card(room: &Room<'_>, broadcast: BroadcastId) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let it = notify::broadcast_get(room.db, actor, broadcast).await?;
    let state = it.state;
    let audience = match state {
        BroadcastState::Draft => {
            Some(notify::broadcast_audience_count(room.db, actor, broadcast).await?)
        }
        _ => None,
    };
    let mut card =
        Card::new(room.say("broadcast.card", json!({ "it": it, "audience": audience }))?);
    let steps: &[&str] = match state {
        BroadcastState::Draft => &["start", "cancel"],
        BroadcastState::Running => &["pause", "card", "cancel"],
        BroadcastState::Paused => &["resume", "cancel"],
        BroadcastState::Done | BroadcastState::Cancelled => &[],
    };
    if state == BroadcastState::Draft {
        let mut row = Vec::new();
        for part in ["everybody", "sellers", "shops", "ru", "en"] {
            row.push(room.button(
                &format!("broadcast.{part}"),
                format!("cast:to:{broadcast}:{part}"),
            )?);
        }
        card.push(row);
    }
    for step in steps {
        card.row(
            room,
            &format!("broadcast.{step}_it"),
            format!("cast:{step}:{broadcast}"),
        )?;
    }
    Ok(card.done())
}
