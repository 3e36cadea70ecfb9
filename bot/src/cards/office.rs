//! What moderators and administrators do besides the queue, each in a card of its own. The menu shows what a role is for; whether
//! somebody may, the functions say.

pub mod channels;
pub mod chats;
pub mod fields;
pub mod flags;
pub mod letters;
pub mod options;
pub mod rights;
pub mod words;

use chrono::{Duration, Utc};
use kardan_schema::market::{self, ModerationAdPlace};
use kardan_schema::{ListingId, Role};
use serde_json::json;

use super::Card;
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

/// The days that are summed up at first.
const DAYS: i64 = 7;

/// What the menu offers: what the button says, and what it asks for.
type Rows = &'static [&'static [(&'static str, &'static str)]];
const MODERATORS: Rows = &[
    &[("moderation.next", "mod:next"), ("office.flags", "o:flag:")],
    &[
        ("office.chats", "o:chat:"),
        ("office.mutes", "o:chat:mutes"),
    ],
    &[("office.ad", "o:ad")],
];
const ADMINISTRATORS: Rows = &[
    &[
        ("office.channels", "o:channel:"),
        ("office.fields", "o:field:"),
    ],
    &[("office.words", "o:word:"), ("office.letters", "o:letter:")],
    &[("office.options", "o:option:")],
];

/// What a tap asks for: `card:word` and whatever the card reads.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (card, data) = data.split_once(':').unwrap_or((data, ""));
    match card {
        "menu" => {
            let days = data.parse().unwrap_or(DAYS);
            visit.act(async |room| days_of(room, days).await).await
        }
        "ad" => visit.fill_in(Task::Ad { listing: None }).await,
        "no_ad" => match data.parse().map(ListingId) {
            Ok(listing) => visit.act(async |room| drop_ad(room, listing).await).await,
            Err(_) => Ok(None),
        },
        "chat" => chats::tapped(visit, data).await,
        "flag" => flags::tapped(visit, data).await,
        "right" => rights::tapped(visit, data).await,
        "channel" => channels::tapped(visit, data).await,
        "field" => fields::tapped(visit, data).await,
        "word" => words::tapped(visit, data).await,
        "letter" => letters::tapped(visit, data).await,
        "option" => options::tapped(visit, data).await,
        _ => Ok(None),
    }
}

/// How the queue fares, and everything else there is to do.
pub async fn menu(room: &Room<'_>) -> Result<Answer, Failure> {
    days_of(room, DAYS).await
}

async fn days_of(room: &Room<'_>, days: i64) -> Result<Answer, Failure> {
    let (actor, now) = (room.person.user_id, Utc::now());
    let since = now - Duration::days(days.clamp(1, 366));
    let stats = market::moderation_stats(room.db, actor, since, now).await?;
    let mut card = Card::new(room.say("office.menu", json!({ "it": stats, "days": days }))?);
    card.push(vec![
        room.button("office.day", "o:menu:1")?,
        room.button("office.week", "o:menu:7")?,
        room.button("office.month", "o:menu:30")?,
    ]);
    let is_administrator = room.person.role == Role::Admin;
    let administrators = ADMINISTRATORS.iter().filter(|_| is_administrator);
    for row in MODERATORS.iter().chain(administrators) {
        let mut buttons = Vec::new();
        for (name, data) in *row {
            buttons.push(room.button(name, *data)?);
        }
        card.push(buttons);
    }
    Ok(card.done())
}

/// Puts an advertisement beneath a listing, from now on for so many days.
pub async fn place_ad(
    room: &Room<'_>,
    listing: ListingId,
    text: String,
    url: String,
    days: i64,
) -> Result<Answer, Failure> {
    let now = Utc::now();
    let wish = ModerationAdPlace {
        actor: room.person.user_id,
        listing,
        text,
        url,
        begins_at: now,
        ends_at: now + Duration::days(days.clamp(0, 366)),
    };
    let ad = market::moderation_ad_place(room.db, &wish).await?;
    let mut card = Card::new(room.say("ad.placed", super::data(&ad))?);
    card.row(room, "ad.remove", format!("o:no_ad:{listing}"))?;
    back(room, &mut card)?;
    Ok(card.done())
}

async fn drop_ad(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    market::moderation_ad_remove(room.db, room.person.user_id, listing).await?;
    let mut card = Card::new(room.say("ad.removed", ())?);
    back(room, &mut card)?;
    Ok(card.done())
}

/// The way back to the queue and to the menu.
fn back(room: &Room<'_>, card: &mut Card) -> Result<(), Failure> {
    card.push(vec![
        room.button("moderation.next", "mod:next")?,
        room.button("office.back", "o:menu:")?,
    ]);
    Ok(())
}
