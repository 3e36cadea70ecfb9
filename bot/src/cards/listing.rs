//! A listing as anybody may see it.

use chrono::{DateTime, Utc};
use kardan_schema::market::{self, ListingContactsShow};
use kardan_schema::{ContactSource, FlagReason, ListingId};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::Card;
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::{Answer, Pictures};

/// What a tap on the card asks for: `word:listing` and perhaps something more.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let (word, listing) = (parts.next().unwrap_or_default(), parts.next());
    let Some(listing) = listing.and_then(|id| id.parse().ok()).map(ListingId) else {
        return Ok(None);
    };
    let more = parts.next().unwrap_or_default();
    match word {
        "open" => visit.act(async |room| card(room, listing).await).await,
        "contact" => visit.act(async |room| contacts(room, listing).await).await,
        "keep" => visit.act(async |room| keep(room, listing).await).await,
        "drop" => visit.act(async |room| drop_it(room, listing).await).await,
        "buy" => visit.act(async |room| how_many(room, listing).await).await,
        "ask" => {
            let pieces = more.parse().unwrap_or(1);
            visit
                .act(async |room| {
                    let actor = room.person.user_id;
                    let deal = market::deal_request(room.db, actor, listing, pieces).await?;
                    super::deal::card(room, deal.deal_id).await
                })
                .await
        }
        "favs" => {
            let after = place_of(more, listing);
            visit.act(async |room| favourites(room, after).await).await
        }
        "flag" => visit.act(async |room| why(room, listing)).await,
        "why" => match more.parse::<FlagReason>() {
            Ok(reason) => visit.ask_for(Words::Flag { listing, reason }).await,
            Err(_) => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The card, with photos where there are some.
pub async fn card(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let Some(page) = market::listing_get(room.db, listing).await? else {
        return Ok(Answer::plain(room.say("contact.gone", ())?));
    };
    let photos = market::listing_photo_list(room.db, listing).await?;
    let rating = market::rating_get(room.db, page.seller_user_id, page.seller_shop_id).await?;
    let post = super::post::text(room, listing, page.status.word(), &page)?;
    let about = room.say("card.seller", json!({ "it": page, "rating": rating }))?;
    let (text, pictures) = if photos.is_empty() {
        (format!("{post}\n\n{about}"), None)
    } else {
        let keys = photos.into_iter().map(|photo| photo.storage_key).collect();
        (about, Some(Pictures { text: post, keys }))
    };
    let mut card = Card::new(text);
    card.push(vec![
        room.button("card.contact", format!("l:contact:{listing}"))?,
        room.button("card.buy", format!("l:buy:{listing}"))?,
    ]);
    card.push(vec![
        room.button("card.keep", format!("l:keep:{listing}"))?,
        room.button("card.flag", format!("l:flag:{listing}"))?,
    ]);
    let mut answer = card.done();
    answer.pictures = pictures;
    Ok(answer)
}

/// The contacts; the look is counted.
pub async fn contacts(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let Some(page) = market::listing_get(room.db, listing).await? else {
        return Ok(Answer::plain(room.say("contact.gone", ())?));
    };
    let ask = ListingContactsShow {
        actor: Some(room.person.user_id),
        visitor: None,
        listing,
        source: ContactSource::Bot,
    };
    let contacts = market::listing_contacts_show(room.db, &ask).await?;
    let mut card = Card::new(room.say(
        "contact.shown",
        json!({
            "title": page.title, "price_minor": page.price_minor, "currency": page.currency,
            "contact_name": contacts.contact_name, "contact_phone": contacts.contact_phone,
            "contact_telegram": contacts.contact_telegram.trim_start_matches('@'),
        }),
    )?);
    card.push(vec![
        room.button("card.open", format!("l:open:{listing}"))?,
        room.button("card.buy", format!("l:buy:{listing}"))?,
        room.button("card.keep", format!("l:keep:{listing}"))?,
    ]);
    Ok(card.done())
}

async fn keep(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    market::favourite_add(room.db, room.person.user_id, listing).await?;
    Ok(Answer::alert(room.say("card.kept", ())?))
}

async fn drop_it(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    market::favourite_remove(room.db, room.person.user_id, listing).await?;
    favourites(room, None).await
}

async fn how_many(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let Some(page) = market::listing_get(room.db, listing).await? else {
        return Ok(Answer::plain(room.say("contact.gone", ())?));
    };
    let mut card = Card::new(room.say("card.how_many", super::data(&page))?);
    let choices = [1, 2, 4, 10, 20, 50];
    let buttons = choices
        .iter()
        .filter(|pieces| **pieces <= page.stock_quantity.max(1));
    card.push(
        buttons
            .map(|pieces| {
                InlineKeyboardButton::callback(
                    pieces.to_string(),
                    format!("l:ask:{listing}:{pieces}"),
                )
            })
            .collect(),
    );
    card.row(room, "talk.back", format!("l:open:{listing}"))?;
    Ok(card.done())
}

fn why(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("card.why", ())?);
    for reason in FlagReason::ALL {
        card.row(
            room,
            &format!("flag.{reason}"),
            format!("l:why:{listing}:{reason}"),
        )?;
    }
    card.row(room, "talk.back", format!("l:open:{listing}"))?;
    Ok(card.done())
}

/// A place in the favourites: when one was put aside, in microseconds, and which.
fn place_of(micros: &str, listing: ListingId) -> Option<(DateTime<Utc>, ListingId)> {
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    Some((at, listing))
}

/// What a person put aside, the page behind a place.
pub async fn favourites(
    room: &Room<'_>,
    after: Option<(DateTime<Utc>, ListingId)>,
) -> Result<Answer, Failure> {
    let wish = market::FavouriteList {
        actor: room.person.user_id,
        limit: super::asked(),
        after_at: after.map(|(at, _)| at),
        after_listing: after.map(|(_, listing)| listing),
    };
    let found = market::favourite_list(room.db, &wish).await?;
    let (all, last) = super::page(&found);
    let name = if all.is_empty() {
        "card.no_favourites"
    } else {
        "card.favourites"
    };
    let mut card = Card::new(room.say(name, ())?);
    for one in all {
        let listing = one.listing_id;
        card.push(vec![
            room.entry("card.line", super::data(one), format!("l:open:{listing}"))?,
            InlineKeyboardButton::callback("✖", format!("l:drop:{listing}")),
        ]);
    }
    if let Some(last) = last {
        let micros = last.added_at.timestamp_micros();
        card.row(
            room,
            "find.more",
            format!("l:favs:{}:{micros}", last.listing_id),
        )?;
    }
    Ok(card.done())
}
