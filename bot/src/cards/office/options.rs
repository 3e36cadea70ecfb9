//! Settings of the platform, by the first word of their keys.

use kardan_schema::ops::{self, Setting};
use serde_json::Value;

use crate::cards::{Card, data, titled};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

/// What a tap asks for: `of:group`, `card:key`, `change:key`; nothing is all groups.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, key) = data.split_once(':').unwrap_or((data, ""));
    match word {
        "of" => visit.act(async |room| group(room, key).await).await,
        "card" => visit.act(async |room| card(room, key).await).await,
        "change" => {
            let key = key.to_owned();
            visit.fill_in(Task::Setting { key }).await
        }
        _ => visit.act(groups).await,
    }
}

async fn all(room: &Room<'_>) -> Result<Vec<Setting>, Failure> {
    Ok(ops::setting_list(room.db, room.person.user_id).await?)
}

/// The group that a key belongs to.
fn group_of(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

async fn groups(room: &Room<'_>) -> Result<Answer, Failure> {
    let all = all(room).await?;
    let mut names: Vec<_> = all.iter().map(|one| group_of(&one.key)).collect();
    names.dedup();
    let mut card = Card::new(room.say("option.groups", ())?);
    for row in names.chunks(2) {
        let buttons = row
            .iter()
            .map(|name| titled(name, format!("o:option:of:{name}")));
        card.push(buttons.collect());
    }
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

async fn group(room: &Room<'_>, name: &str) -> Result<Answer, Failure> {
    let mut all = all(room).await?;
    all.retain(|one| group_of(&one.key) == name);
    let mut card = Card::new(room.say("option.group", data(name))?);
    for one in all {
        let open = format!("o:option:card:{}", one.key);
        card.push(vec![room.entry("option.line", data(&one), open)?]);
    }
    card.row(room, "talk.back", "o:option:".to_owned())?;
    Ok(card.done())
}

/// A setting with what it does.
async fn card(room: &Room<'_>, key: &str) -> Result<Answer, Failure> {
    let all = all(room).await?;
    let Some(it) = all.iter().find(|one| one.key == key) else {
        return groups(room).await;
    };
    let mut card = Card::new(room.say("option.card", data(it))?);
    card.row(room, "mine.edit", format!("o:option:change:{key}"))?;
    card.row(room, "talk.back", format!("o:option:of:{}", group_of(key)))?;
    Ok(card.done())
}

/// Sets it. What was written is a number, a list and the like where it reads as one, and a text otherwise.
pub async fn set(room: &Room<'_>, key: &str, text: &str) -> Result<Answer, Failure> {
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    ops::setting_set(room.db, room.person.user_id, key, &value).await?;
    Ok(card(room, key).await?.after(&room.say("change.done", ())?))
}
