//! Deals of a person, as a buyer and as a seller.

use kardan_schema::DealState;
use kardan_schema::market::{self, Deal, DealListBought, DealListSold};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;
use uuid::Uuid;

use super::{Card, asked, page};
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::Answer;

/// What a tap asks for: `word:deal`, or `list:bought:deal`.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let Some((word, rest)) = data.split_once(':') else {
        return Ok(None);
    };
    if let ("bought" | "sold", after) = (word, Uuid::parse_str(rest).ok()) {
        let is_bought = word == "bought";
        return visit
            .act(async |room| list(room, is_bought, after).await)
            .await;
    }
    let Ok(deal) = Uuid::parse_str(rest) else {
        return Ok(None);
    };
    match word {
        "card" => visit.act(async |room| card(room, deal).await).await,
        "cancel" => visit.ask_for(Words::Cancel { deal }).await,
        "1" | "2" | "3" | "4" | "5" => {
            let stars = word.parse().unwrap_or(5);
            visit.ask_for(Words::Review { deal, stars }).await
        }
        step => {
            visit
                .act(async |room| {
                    go(room, deal, step).await?;
                    card(room, deal).await
                })
                .await
        }
    }
}

async fn go(room: &Room<'_>, deal: Uuid, step: &str) -> Result<(), Failure> {
    let actor = room.person.user_id;
    match step {
        "confirm" => {
            market::deal_confirm(room.db, actor, deal).await?;
        }
        "hand_over" => {
            market::deal_hand_over(room.db, actor, deal).await?;
        }
        "complete" => {
            market::deal_complete(room.db, actor, deal).await?;
        }
        "ask" => {
            market::deal_review_ask(room.db, actor, deal).await?;
        }
        _ => {}
    }
    Ok(())
}

/// What a person buys, or sells in their own name.
pub async fn list(
    room: &Room<'_>,
    is_bought: bool,
    after: Option<Uuid>,
) -> Result<Answer, Failure> {
    let (actor, limit, state) = (room.person.user_id, asked(), None);
    let found = if is_bought {
        let wish = DealListBought {
            actor,
            state,
            limit,
            after,
        };
        market::deal_list_bought(room.db, &wish).await?
    } else {
        let wish = DealListSold {
            actor,
            state,
            limit,
            after,
        };
        market::deal_list_sold(room.db, &wish).await?
    };
    let (shown, last) = page(&found);
    let side = if is_bought { "bought" } else { "sold" };
    let data = json!({ "side": side, "count": shown.len() });
    let mut card = Card::new(room.say("deals.list", data)?);
    for deal in shown {
        let open = format!("deal:card:{}", deal.deal_id);
        card.push(vec![room.entry("deals.line", super::data(deal), open)?]);
    }
    if let Some(last) = last {
        card.row(room, "find.more", format!("deal:{side}:{}", last.deal_id))?;
    }
    card.push(vec![
        room.button("deals.bought", "deal:bought:")?,
        room.button("deals.sold", "deal:sold:")?,
    ]);
    Ok(card.done())
}

/// A deal, with the steps that its side can take.
pub async fn card(room: &Room<'_>, deal: Uuid) -> Result<Answer, Failure> {
    let Some(it) = market::deal_get(room.db, room.person.user_id, deal).await? else {
        return Ok(Answer::plain(room.say("deals.gone", ())?));
    };
    let is_buyer = it.buyer_id == room.person.user_id;
    let data = json!({ "it": it, "is_buyer": is_buyer });
    let mut card = Card::new(room.say("deals.card", data)?);
    for step in steps(&it, is_buyer) {
        card.row(
            room,
            &format!("deals.{step}"),
            format!("deal:{step}:{deal}"),
        )?;
    }
    if it.state == DealState::Completed {
        card.push(stars(deal));
    }
    Ok(card.done())
}

/// Five buttons for a review.
fn stars(deal: Uuid) -> Vec<InlineKeyboardButton> {
    let button = |stars: u8| {
        InlineKeyboardButton::callback(format!("{stars} ⭐"), format!("deal:{stars}:{deal}"))
    };
    (1..=5).map(button).collect()
}

const fn steps(deal: &Deal, is_buyer: bool) -> &'static [&'static str] {
    match (deal.state, is_buyer) {
        (DealState::Requested, false) => &["confirm", "cancel"],
        (DealState::Requested | DealState::Confirmed, true) => &["cancel"],
        (DealState::Confirmed, false) => &["hand_over", "cancel"],
        (DealState::HandedOver, true) => &["complete"],
        (DealState::Completed, false) => &["ask"],
        _ => &[],
    }
}
