//! What people flagged and no moderator has decided on: listings, and messages of chats.

use kardan_schema::ListingId;
use kardan_schema::market::{self, ModerationFlagList, ModerationMessageFlagList};
use serde_json::json;
use uuid::Uuid;

use super::chats;
use crate::cards::{Card, asked, page};
use crate::error::Failure;
use crate::talk::{Room, Visit};
use crate::updates::Answer;

/// What a tap asks for: a page behind a flag, `fine:message`, `well:listing` or `recall:listing`; nothing is the first page.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, rest) = data.split_once(':').unwrap_or((data, ""));
    let after = rest.parse().ok();
    match (word, rest.parse::<Uuid>()) {
        ("messages", _) => visit.act(async |room| messages(room, after).await).await,
        ("fine", Ok(message)) => {
            visit
                .act(async |room| {
                    let actor = room.person.user_id;
                    market::moderation_message_flags_dismiss(room.db, actor, message).await?;
                    messages(room, None).await
                })
                .await
        }
        _ => match (word, after.map(ListingId)) {
            ("well", Some(listing)) => {
                visit
                    .act(async |room| {
                        let actor = room.person.user_id;
                        market::moderation_flags_dismiss(room.db, actor, listing).await?;
                        listings(room, None).await
                    })
                    .await
            }
            ("recall", Some(listing)) => {
                visit
                    .act(async |room| {
                        let actor = room.person.user_id;
                        market::moderation_recall(room.db, actor, listing).await?;
                        let said = room.say("flags.recalled", ())?;
                        Ok(listings(room, None).await?.after(&said))
                    })
                    .await
            }
            _ => visit.act(async |room| listings(room, after).await).await,
        },
    }
}

/// Listings that people flagged.
async fn listings(room: &Room<'_>, after: Option<i64>) -> Result<Answer, Failure> {
    let wish = ModerationFlagList {
        actor: room.person.user_id,
        listing: None,
        is_open: Some(true),
        limit: asked(),
        after,
    };
    let found = market::moderation_flag_list(room.db, &wish).await?;
    let (shown, last) = page(&found);
    let mut card = Card::new(room.say("flags.listings", json!({ "count": shown.len() }))?);
    for (place, it) in (1..).zip(shown) {
        let link = room.desk.link(&format!("l_{}", it.listing_id));
        let why = room.say(&format!("flag.{}", it.reason), ())?;
        let about = json!({ "place": place, "it": it, "link": link, "why": why });
        card.add("\n\n");
        card.add(&room.say("flags.listing", about)?);
        let mut row = Vec::new();
        for (step, name) in [("well", "flags.fine"), ("recall", "flags.recall")] {
            let data = format!("o:flag:{step}:{}", it.listing_id);
            row.push(room.entry(name, json!({ "place": place }), data)?);
        }
        card.push(row);
    }
    if let Some(last) = last {
        card.row(
            room,
            "find.more",
            format!("o:flag:listings:{}", last.flag_id),
        )?;
    }
    card.push(vec![
        room.button("flags.to_messages", "o:flag:messages")?,
        room.button("moderation.next", "mod:next")?,
    ]);
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

/// Messages that people flagged, each with what can be done about it.
async fn messages(room: &Room<'_>, after: Option<i64>) -> Result<Answer, Failure> {
    let wish = ModerationMessageFlagList {
        actor: room.person.user_id,
        message: None,
        is_open: Some(true),
        limit: asked(),
        after,
    };
    let found = market::moderation_message_flag_list(room.db, &wish).await?;
    let (shown, last) = page(&found);
    let mut card = Card::new(room.say("flags.messages", json!({ "count": shown.len() }))?);
    for (place, it) in (1..).zip(shown) {
        let link = room.desk.link(&format!("l_{}", it.listing_id));
        let about = json!({ "place": place, "it": it, "link": link });
        card.add("\n\n");
        card.add(&room.say("flags.message", about)?);
        let fine = format!("o:flag:fine:{}", it.message_id.simple());
        let mut row = vec![room.entry("flags.fine", json!({ "place": place }), fine)?];
        row.extend(chats::steps(room, place, it.message_id)?);
        card.push(row);
    }
    if let Some(last) = last {
        card.row(
            room,
            "find.more",
            format!("o:flag:messages:{}", last.flag_id),
        )?;
    }
    card.push(vec![
        room.button("flags.to_listings", "o:flag:")?,
        room.button("office.back", "o:menu:")?,
    ]);
    Ok(card.done())
}
