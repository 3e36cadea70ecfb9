//! A person's own listings, and a shop's for its people.

use kardan_schema::market::{self, ListingListMine, ShopListingList};
use kardan_schema::{ListingId, ShopId, Status};
use serde_json::{Value, json};

use super::{Card, asked, data, page, titled};
use crate::error::Failure;
use crate::talk::{Change, Field, Room, Visit, Words};
use crate::updates::Answer;

/// What a tap asks for: `word:number` and perhaps something more.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let Some(number) = parts.next().and_then(|text| text.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let (listing, more) = (ListingId(number), parts.next());
    match word {
        "list" => {
            let after = Some(listing).filter(|one| one.0 != 0);
            visit.act(async |room| list(room, after).await).await
        }
        "shop" => {
            let after = more.and_then(|text| text.parse().ok()).map(ListingId);
            visit
                .act(async |room| shop(room, ShopId(number), after).await)
                .await
        }
        "card" => visit.act(async |room| card(room, listing).await).await,
        "edit" => visit.act(async |room| fields(room, listing)).await,
        "field" => match more.and_then(Field::of) {
            Some(field) => {
                visit
                    .begin(async |room| Change::begin(room, listing, field).await)
                    .await
            }
            None => Ok(None),
        },
        "chart" => {
            visit
                .act(async |room| super::chart::listing(room, listing).await)
                .await
        }
        "promote" => super::promotion::tapped(visit, &format!("list:{listing}")).await,
        "notify" => visit.ask_for(Words::Notify { listing }).await,
        step => {
            visit
                .act(async |room| {
                    go(room, listing, step).await?;
                    card(room, listing).await
                })
                .await
        }
    }
}

/// Takes a step in the life of a listing.
async fn go(room: &Room<'_>, listing: ListingId, step: &str) -> Result<(), Failure> {
    let actor = room.person.user_id;
    match step {
        "submit" => {
            market::listing_submit(room.db, actor, listing, None).await?;
        }
        "withdraw" => {
            market::listing_withdraw(room.db, actor, listing, None).await?;
        }
        "restore" => {
            market::listing_restore(room.db, actor, listing, None).await?;
        }
        "bump" => {
            market::listing_bump(room.db, actor, listing, None).await?;
        }
        "renew" => {
            market::listing_renew(room.db, actor, listing, None).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The person's own listings, and their shops.
pub async fn list(room: &Room<'_>, after: Option<ListingId>) -> Result<Answer, Failure> {
    let wish = ListingListMine {
        actor: room.person.user_id,
        status: None,
        limit: asked(),
        after,
    };
    let found = market::listing_list_mine(room.db, &wish).await?;
    let rows: Vec<_> = found
        .iter()
        .map(|one| (one.listing_id, data(one)))
        .collect();
    let mut card = lines(room, &rows, "my:list")?;
    if after.is_none() {
        let shops = market::shop_list_mine(room.db, room.person.user_id, Some(20), None).await?;
        for shop in shops {
            let name = format!("🏪 {}", shop.name);
            card.push(vec![titled(&name, format!("my:shop:{}", shop.shop_id))]);
        }
    }
    Ok(card.done())
}

/// The goods of a shop.
async fn shop(room: &Room<'_>, shop: ShopId, after: Option<ListingId>) -> Result<Answer, Failure> {
    let wish = ShopListingList {
        actor: room.person.user_id,
        shop,
        status: None,
        limit: asked(),
        after,
    };
    let found = market::shop_listing_list(room.db, &wish).await?;
    let rows: Vec<_> = found
        .iter()
        .map(|one| (one.listing_id, data(one)))
        .collect();
    let mut card = lines(room, &rows, &format!("my:shop:{shop}"))?;
    card.row(room, "talk.back", "my:list:0".to_owned())?;
    Ok(card.done())
}

/// A page of listings, each a button; `more` is what the button for the next page begins with.
fn lines(room: &Room<'_>, found: &[(ListingId, Value)], more: &str) -> Result<Card, Failure> {
    let (shown, last) = page(found);
    let name = if shown.is_empty() {
        "mine.none"
    } else {
        "mine.list"
    };
    let mut card = Card::new(room.say(name, ())?);
    for (listing, data) in shown {
        card.push(vec![room.entry(
            "mine.line",
            data,
            format!("my:card:{listing}"),
        )?]);
    }
    if let Some((listing, _)) = last {
        card.row(room, "find.more", format!("{more}:{listing}"))?;
    }
    Ok(card)
}

/// A listing for its people, with what can be done with it.
pub async fn card(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let Some(inside) = market::listing_view(room.db, actor, listing).await? else {
        return Ok(Answer::plain(room.say("contact.gone", ())?));
    };
    let (mut stats, mut schedule) = (None, None);
    if matches!(inside.status, Status::Published | Status::Reserved) {
        stats = Some(market::listing_contact_stats(room.db, actor, listing, Some(30)).await?);
        schedule = market::listing_schedule_get(room.db, actor, listing).await?;
    }
    let missing = match inside.status {
        Status::Draft | Status::Rejected => {
            market::listing_missing_list(room.db, actor, listing).await?
        }
        _ => Vec::new(),
    };
    let missing: Vec<_> = missing
        .iter()
        .map(|field| room.of(&field.label_ru, &field.label_en))
        .collect();
    let reason = match &inside.rejection_reason {
        Some(code) => Some(super::moderation::reason(room.db, room.person.language, code).await?),
        None => None,
    };
    let mut card = Card::new(room.say(
        "mine.card",
        json!({ "it": inside, "stats": stats, "schedule": schedule, "missing": missing, "reason": reason }),
    )?);
    for row in steps(inside.status) {
        let mut buttons = Vec::new();
        for step in *row {
            buttons.push(room.button(&format!("mine.{step}"), format!("my:{step}:{listing}"))?);
        }
        card.push(buttons);
    }
    card.row(room, "mine.back", "my:list:0".to_owned())?;
    Ok(card.done())
}

/// The buttons of a listing in this state.
const fn steps(status: Status) -> &'static [&'static [&'static str]] {
    match status {
        Status::Draft | Status::Rejected => &[&["submit"], &["edit", "withdraw"]],
        Status::Pending => &[&["withdraw"]],
        Status::Published => &[
            &["edit", "bump"],
            &["renew", "notify"],
            &["promote", "chart"],
            &["withdraw"],
        ],
        Status::Reserved => &[&["edit"], &["withdraw"]],
        Status::Sold | Status::Archived => &[&["renew", "restore"]],
    }
}

/// What of a listing can be changed.
fn fields(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("change.what", ())?);
    for pair in Field::ALL.chunks(2) {
        let mut buttons = Vec::new();
        for field in pair {
            let word = field.word();
            let data = format!("my:field:{listing}:{word}");
            buttons.push(room.button(&format!("field.{word}"), data)?);
        }
        card.push(buttons);
    }
    card.row(room, "talk.back", format!("my:card:{listing}"))?;
    Ok(card.done())
}
