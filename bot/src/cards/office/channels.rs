//! Channels, and what is published in which: by category, and by town or region.

mod rules;

use kardan_schema::catalog::{self, Category, Place};
use kardan_schema::market::{self, ChannelCreate, ChannelUpdate};
use kardan_schema::{ChannelId, Kind, Language};
use serde_json::json;

use crate::cards::{Card, asked, data, page, sure};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

pub use rules::towns;

/// A rule as a channel keeps it: category, place, a place of the region; 0: any.
pub type Rule = (i64, i64, i64);

/// What a tap asks for: `word:channel` and perhaps parts of a rule; nothing is the list.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|text| text.parse::<i64>().ok());
    let channel = number().map(ChannelId);
    let rule = (
        number().unwrap_or_default(),
        number().unwrap_or_default(),
        number().unwrap_or_default(),
    );
    let Some(channel) = channel else {
        return match word {
            "new" => visit.fill_in(Task::Channel {}).await,
            _ => visit.act(async |room| list(room, None).await).await,
        };
    };
    let form = match word {
        "title" => Some(Task::ChannelTitle { channel }),
        "group" => Some(Task::ChannelGroup { channel }),
        "town" => Some(Task::ChannelTown {
            channel,
            category: rule.0,
        }),
        _ => None,
    };
    if let Some(form) = form {
        return visit.fill_in(form).await;
    }
    visit
        .act(async |room| {
            match word {
                "more" => return list(room, Some(channel)).await,
                "rule" => return rules::top_categories(room, channel).await,
                "part" => return rules::subcategories(room, channel, rule.0).await,
                "place" => return rules::whole_region(room, channel, rule).await,
                "end" => return end(room, channel).await,
                "gone" => {
                    market::channel_delete(room.db, room.person.user_id, channel).await?;
                    return list(room, None).await;
                }
                "on" => update(room, channel, |it| it.is_enabled = true).await?,
                "off" => update(room, channel, |it| it.is_enabled = false).await?,
                "drop" => {
                    rules::change(room, channel, |all| all.retain(|one| *one != rule)).await?
                }
                "add" => rules::change(room, channel, |all| all.push(rule)).await?,
                _ => {}
            }
            card(room, channel).await
        })
        .await
}

async fn list(room: &Room<'_>, after: Option<ChannelId>) -> Result<Answer, Failure> {
    let found = market::channel_list(room.db, room.person.user_id, asked(), after).await?;
    let (shown, last) = page(&found);
    let mut card = Card::new(room.say("channel.list", json!({ "count": shown.len() }))?);
    for it in shown {
        let open = format!("o:channel:card:{}", it.channel_id);
        card.push(vec![room.entry("channel.line", data(it), open)?]);
    }
    if let Some(last) = last {
        card.row(
            room,
            "find.more",
            format!("o:channel:more:{}", last.channel_id),
        )?;
    }
    card.row(room, "channel.new", "o:channel:new".to_owned())?;
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

/// A channel with its rules; a tap takes a rule away.
pub async fn card(room: &Room<'_>, channel: ChannelId) -> Result<Answer, Failure> {
    let it = market::channel_get(room.db, room.person.user_id, channel).await?;
    let (categories, places) = (categories(room).await?, places(room).await?);
    let mut card = Card::new(room.say("channel.card", data(&it))?);
    for rule in rules::of(&it.category_ids, &it.place_ids, &it.region_place_ids) {
        let named = json!({
            "category": categories.iter().find(|one| one.category_id.0 == rule.0).map_or_else(
                || number(rule.0), |one| room.of(&one.name_ru, &one.name_en).to_owned()),
            "place": places.iter().find(|one| one.place_id.0 == rule.1).map_or_else(
                || number(rule.1), |one| room.of(&one.name_ru, &one.name_en).to_owned()),
            "region": places.iter().find(|one| one.place_id.0 == rule.2).map_or_else(
                || number(rule.2), |one| room.of(&one.region_ru, &one.region_en).to_owned()),
        });
        let (category, place, region) = rule;
        let drop = format!("o:channel:drop:{channel}:{category}:{place}:{region}");
        card.push(vec![room.entry("channel.rule", named, drop)?]);
    }
    card.row(room, "channel.add", format!("o:channel:rule:{channel}"))?;
    card.push(vec![
        room.button("channel.title", format!("o:channel:title:{channel}"))?,
        room.button("channel.group", format!("o:channel:group:{channel}"))?,
    ]);
    let step = if it.is_enabled { "off" } else { "on" };
    card.push(vec![
        room.button(
            &format!("channel.{step}"),
            format!("o:channel:{step}:{channel}"),
        )?,
        room.button("channel.end", format!("o:channel:end:{channel}"))?,
    ]);
    card.row(room, "talk.back", "o:channel:".to_owned())?;
    Ok(card.done())
}

/// A number for what has no name here; nothing for any.
fn number(id: i64) -> String {
    match id {
        0 => String::new(),
        id => format!("№{id}"),
    }
}

async fn categories(room: &Room<'_>) -> Result<Vec<Category>, Failure> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.extend(catalog::category_list(room.db, *kind).await?);
    }
    Ok(all)
}

async fn places(room: &Room<'_>) -> Result<Vec<Place>, Failure> {
    Ok(catalog::place_list(room.db, None, Some(100)).await?)
}

async fn end(room: &Room<'_>, channel: ChannelId) -> Result<Answer, Failure> {
    let it = market::channel_get(room.db, room.person.user_id, channel).await?;
    sure(
        room,
        &room.say("channel.sure", data(&it))?,
        format!("o:channel:gone:{channel}"),
        format!("o:channel:card:{channel}"),
    )
}

/// Changes a part of a channel and leaves the rest.
pub async fn update(
    room: &Room<'_>,
    channel: ChannelId,
    change: impl FnOnce(&mut ChannelUpdate),
) -> Result<(), Failure> {
    let actor = room.person.user_id;
    let it = market::channel_get(room.db, actor, channel).await?;
    let mut wish = ChannelUpdate {
        actor,
        channel,
        version: Some(it.version),
        discussion_chat: it.discussion_chat_id,
        title: it.title,
        language: it.language,
        is_enabled: it.is_enabled,
        categories: it.category_ids,
        places: it.place_ids,
        regions: it.region_place_ids,
    };
    change(&mut wish);
    market::channel_update(room.db, &wish).await?;
    Ok(())
}

/// Has listings published in another channel, as soon as it has a rule.
pub async fn create(
    room: &Room<'_>,
    chat: i64,
    discussion_chat: Option<i64>,
    title: String,
    language: Language,
) -> Result<Answer, Failure> {
    let wish = ChannelCreate {
        actor: room.person.user_id,
        chat,
        discussion_chat,
        title,
        language,
        is_enabled: true,
        categories: Vec::new(),
        places: Vec::new(),
        regions: Vec::new(),
    };
    let made = market::channel_create(room.db, &wish).await?;
    card(room, made.channel_id).await
}
