//! A rule of a channel is put together: a category, then a town, its region, or anywhere.

use kardan_schema::catalog;
use kardan_schema::{CategoryId, ChannelId};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::{Rule, card, categories, update};
use crate::cards::{Card, titled};
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// Rules out of the three lists in which a channel keeps them.
pub fn of(categories: &[i64], places: &[i64], regions: &[i64]) -> Vec<Rule> {
    let places = places.iter().zip(regions);
    categories
        .iter()
        .zip(places)
        .map(|(category, (place, region))| (*category, *place, *region))
        .collect()
}

/// The categories of the first level, for a rule.
pub async fn top_categories(room: &Room<'_>, channel: ChannelId) -> Result<Answer, Failure> {
    let any = room.button(
        "channel.any_category",
        format!("o:channel:town:{channel}:0"),
    )?;
    let back = format!("o:channel:card:{channel}");
    below(
        room,
        None,
        any,
        (&format!("o:channel:part:{channel}"), back),
    )
    .await
}

/// What is in one of them.
pub async fn subcategories(
    room: &Room<'_>,
    channel: ChannelId,
    top: i64,
) -> Result<Answer, Failure> {
    let town = format!("o:channel:town:{channel}");
    let whole = room.button("channel.whole_category", format!("{town}:{top}"))?;
    let back = format!("o:channel:rule:{channel}");
    below(room, Some(CategoryId(top)), whole, (&town, back)).await
}

/// The categories below one, behind the button for all of them; what a tap on one begins with, and the way back.
async fn below(
    room: &Room<'_>,
    parent: Option<CategoryId>,
    all: InlineKeyboardButton,
    (next, back): (&str, String),
) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("channel.which_category", ())?);
    card.push(vec![all]);
    let known = categories(room).await?;
    let shown: Vec<_> = known.iter().filter(|one| one.parent_id == parent).collect();
    for row in shown.chunks(2) {
        let buttons = row.iter().map(|one| {
            let data = format!("{next}:{}", one.category_id);
            titled(room.of(&one.name_ru, &one.name_en), data)
        });
        card.push(buttons.collect());
    }
    card.row(room, "talk.back", back)?;
    Ok(card.done())
}

/// Towns of this name, for a rule; without a name, the rule holds anywhere.
pub async fn towns(
    room: &Room<'_>,
    channel: ChannelId,
    category: i64,
    name: &str,
) -> Result<Answer, Failure> {
    if name.is_empty() {
        change(room, channel, |all| all.push((category, 0, 0))).await?;
        return card(room, channel).await;
    }
    let found = catalog::place_list(room.db, Some(name), Some(8)).await?;
    let mut card = Card::new(room.say("channel.towns", json!({ "count": found.len() }))?);
    for one in found {
        let line = format!(
            "{}, {}",
            room.of(&one.name_ru, &one.name_en),
            room.of(&one.region_ru, &one.region_en)
        );
        let data = format!("o:channel:place:{channel}:{category}:{}", one.place_id);
        card.push(vec![titled(&line, data)]);
    }
    card.row(
        room,
        "talk.back",
        format!("o:channel:town:{channel}:{category}"),
    )?;
    Ok(card.done())
}

/// How much of the country a rule is for, once its town is known.
pub async fn whole_region(
    room: &Room<'_>,
    channel: ChannelId,
    (category, place, _): Rule,
) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("channel.how_wide", ())?);
    let rule = format!("o:channel:add:{channel}:{category}");
    card.row(room, "channel.town", format!("{rule}:{place}:0"))?;
    card.row(room, "channel.region", format!("{rule}:0:{place}"))?;
    card.row(room, "talk.back", format!("o:channel:card:{channel}"))?;
    Ok(card.done())
}

/// Changes the rules of a channel and leaves the rest.
pub async fn change(
    room: &Room<'_>,
    channel: ChannelId,
    change: impl FnOnce(&mut Vec<Rule>),
) -> Result<(), Failure> {
    update(room, channel, |it| {
        let mut all = of(&it.categories, &it.places, &it.regions);
        change(&mut all);
        it.categories = all.iter().map(|rule| rule.0).collect();
        it.places = all.iter().map(|rule| rule.1).collect();
        it.regions = all.iter().map(|rule| rule.2).collect();
    })
    .await
}
