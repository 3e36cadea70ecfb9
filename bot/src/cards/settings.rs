//! What a person wants to hear of, in which language, and the way out.

use kardan_schema::market;
use kardan_schema::people::{self, UserUpdate};
use kardan_schema::{Language, SavedSearchId, notify};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::{Card, titled};
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::Answer;

/// What a tap asks for: `word:value`.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, value) = data.split_once(':').unwrap_or((data, ""));
    match word {
        "on" | "off" => {
            visit
                .act(async |room| {
                    let actor = room.person.user_id;
                    notify::topic_set(room.db, actor, value, word == "on").await?;
                    card(room).await
                })
                .await
        }
        "search" => match value.parse().map(SavedSearchId) {
            Ok(search) => {
                visit
                    .act(async |room| {
                        let actor = room.person.user_id;
                        market::saved_search_delete(room.db, actor, search).await?;
                        searches(room).await
                    })
                    .await
            }
            Err(_) => visit.act(searches).await,
        },
        "platform" => match value.parse() {
            Ok(stars) => visit.ask_for(Words::Platform { stars }).await,
            Err(_) => visit.act(async |room| platform(room)).await,
        },
        "erase" => visit.ask_for(Words::Erase {}).await,
        _ => visit.act(card).await,
    }
}

/// Another language, in which the rest goes on.
pub async fn speak(room: &Room<'_>, language: Language) -> Result<Answer, Failure> {
    let wish = UserUpdate {
        actor: room.person.user_id,
        display_name: None,
        language: Some(language),
        version: None,
    };
    people::user_update(room.db, &wish).await?;
    Ok(Answer::plain(room.desk.texts.say(
        language,
        "settings.changed",
        (),
    )?))
}

/// Everything that can be set.
pub async fn card(room: &Room<'_>) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("settings.card", ())?);
    let button =
        |text: &str, code: &str| InlineKeyboardButton::callback(text, format!("language:{code}"));
    card.push(vec![button("Русский", "ru"), button("English", "en")]);
    for topic in notify::topic_list(room.db, room.person.user_id).await? {
        let (sign, next) = if topic.is_on {
            ("🔔", "off")
        } else {
            ("🔕", "on")
        };
        let title = format!("{sign} {}", room.of(&topic.title_ru, &topic.title_en));
        card.push(vec![titled(&title, format!("set:{next}:{}", topic.topic))]);
    }
    card.row(room, "settings.searches", "set:search:".to_owned())?;
    card.row(room, "settings.platform", "set:platform:".to_owned())?;
    card.row(room, "settings.erase", "set:erase:".to_owned())?;
    Ok(card.done())
}

/// Saved searches; a tap ends one.
async fn searches(room: &Room<'_>) -> Result<Answer, Failure> {
    let all = market::saved_search_list(room.db, room.person.user_id).await?;
    let data = json!({ "count": all.len() });
    let mut card = Card::new(room.say("settings.saved", data)?);
    for one in all {
        let name = format!("✖ {}", one.name);
        card.push(vec![titled(
            &name,
            format!("set:search:{}", one.saved_search_id),
        )]);
    }
    card.row(room, "talk.back", "set:card:".to_owned())?;
    Ok(card.done())
}

fn platform(room: &Room<'_>) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("settings.stars", ())?);
    let stars = (1..=5).map(|stars| {
        InlineKeyboardButton::callback(format!("{stars} ⭐"), format!("set:platform:{stars}"))
    });
    card.push(stars.collect());
    card.row(room, "talk.back", "set:card:".to_owned())?;
    Ok(card.done())
}
