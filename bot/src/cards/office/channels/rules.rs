//! A rule of a channel is put together: a category, then a town, its region, or anywhere.

use kardan_schema::ChannelId;
use kardan_schema::catalog;
use serde_json::json;

use super::{Rule, card, categories, update};
use crate::cards::{Card, titled};
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// The categories of the first level, for a rule.
pub async fn top_categories(room: &Room<'_>, channel: ChannelId) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("channel.which_category", ())?);
    let any = format!("o:channel:town:{channel}:0");
    card.row(room, "channel.any_category", any)?;
    let all = categories(room).await?;
    let tops: Vec<_> = all.iter().filter(|one| one.parent_id.is_none()).collect();
    for row in tops.chunks(2) {
        let buttons = row.iter().map(|one| {
            let data = format!("o:channel:part:{channel}:{}", one.category_id);
            titled(room.of(&one.name_ru, &one.name_en), data)
        });
        card.push(buttons.collect());
    }
    card.row(room, "talk.back", format!("o:channel:card:{channel}"))?;
    Ok(card.done())
}

/// What is in one of them.
pub async fn subcategories(
    room: &Room<'_>,
    channel: ChannelId,
    top: i64,
) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("channel.which_category", ())?);
    let whole = format!("o:channel:town:{channel}:{top}");
    card.row(room, "channel.whole_category", whole)?;
    let all = categories(room).await?;
    let subs: Vec<_> = all
        .iter()
        .filter(|one| one.parent_id.is_some_and(|parent| parent.0 == top))
        .collect();
    for row in subs.chunks(2) {
        let buttons = row.iter().map(|one| {
            let data = format!("o:channel:town:{channel}:{}", one.category_id);
            titled(room.of(&one.name_ru, &one.name_en), data)
        });
        card.push(buttons.collect());
    }
    card.row(room, "talk.back", format!("o:channel:rule:{channel}"))?;
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
        let places = it.places.iter().zip(&it.regions);
        let mut all: Vec<_> = it
            .categories
            .iter()
            .zip(places)
            .map(|(category, (place, region))| (*category, *place, *region))
            .collect();
        change(&mut all);
        it.categories = all.iter().map(|rule| rule.0).collect();
        it.places = all.iter().map(|rule| rule.1).collect();
        it.regions = all.iter().map(|rule| rule.2).collect();
    })
    .await
}
