//! Advertising for a listing: what was ordered, what it came to, and the invoice in Stars of Telegram.

use chrono::{TimeDelta, Utc};
use kardan_schema::ListingId;
use kardan_schema::market::{self, Promotion, PromotionCreate, StarsQuote};
use serde_json::{Value, json};

use super::{Card, asked, data, page};
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::text::cut;
use crate::updates::Answer;

/// What may be ordered, and for how many days; a post is one post, whose time comes within them.
const CHOICES: [(&str, &[i64]); 2] = [("insertion", &[7, 14, 30]), ("post", &[7])];
/// Units of the title and of the words of an invoice.
const TITLE: usize = 32;
const WORDS: usize = 255;

/// What the payload of an invoice begins with; `market.star_payment_take` reads the same.
const PAYLOAD: &str = "promotion:";

/// The order that an invoice was for.
pub fn order_of(payload: &str) -> Option<i64> {
    payload.strip_prefix(PAYLOAD)?.parse().ok()
}

/// What a tap asks for: `word:number` and perhaps something more.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let Some(number) = parts.next().and_then(|text| text.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let more: Vec<_> = parts.collect();
    let listing = ListingId(number);
    match (word, more.as_slice()) {
        ("list", after) => {
            let after = after.first().and_then(|text| text.parse().ok());
            visit
                .act(async |room| list(room, listing, after).await)
                .await
        }
        ("new", _) => visit.act(async |room| choices(room, listing)).await,
        ("words", [kind, days]) => {
            let known = CHOICES.iter().find(|(name, _)| name == kind);
            let days = known.and_then(|(_, all)| all.iter().find(|one| one.to_string() == **days));
            match days {
                Some(days) => {
                    let (kind, days) = ((*kind).to_owned(), *days);
                    visit
                        .ask_for(Words::Promotion {
                            listing,
                            kind,
                            days,
                        })
                        .await
                }
                None => Ok(None),
            }
        }
        ("pay", _) => visit.act(async |room| invoice(room, number).await).await,
        (step, _) => {
            visit
                .act(async |room| {
                    go(room, number, step).await?;
                    card(room, number).await
                })
                .await
        }
    }
}

/// Stops an order, lets it run again, or ends it.
async fn go(room: &Room<'_>, promotion: i64, step: &str) -> Result<(), Failure> {
    let actor = room.person.user_id;
    match step {
        "pause" => market::promotion_pause(room.db, actor, promotion).await?,
        "resume" => market::promotion_resume(room.db, actor, promotion).await?,
        "cancel" => market::promotion_cancel(room.db, actor, promotion).await?,
        _ => return Ok(()),
    };
    Ok(())
}

/// The orders for a listing, the latest first.
async fn list(room: &Room<'_>, listing: ListingId, after: Option<i64>) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let found = market::promotion_list_of_listing(room.db, actor, listing, asked(), after).await?;
    let (shown, last) = page(&found);
    let mut card = Card::new(room.say("promo.list", json!({ "count": shown.len() }))?);
    for one in shown {
        let open = format!("promo:card:{}", one.promotion_id);
        card.push(vec![room.entry("promo.line", data(one), open)?]);
    }
    if let Some(last) = last {
        let next = format!("promo:list:{listing}:{}", last.promotion_id);
        card.row(room, "find.more", next)?;
    }
    card.row(room, "promo.new", format!("promo:new:{listing}"))?;
    card.row(room, "talk.back", format!("my:card:{listing}"))?;
    Ok(card.done())
}

/// What may be ordered.
fn choices(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("promo.what", ())?);
    for (kind, all) in CHOICES {
        for days in all {
            let (name, about) = (format!("promo.{kind}"), json!({ "days": days }));
            let words = format!("promo:words:{listing}:{kind}:{days}");
            card.push(vec![room.entry(&name, about, words)?]);
        }
    }
    card.row(room, "talk.back", format!("promo:list:{listing}"))?;
    Ok(card.done())
}

/// Orders it, from tomorrow on: a moderator looks at it first, and it is paid.
pub async fn order(
    room: &Room<'_>,
    listing: ListingId,
    kind: &str,
    days: i64,
    text: String,
) -> Result<Answer, Failure> {
    let begins_at = Utc::now() + TimeDelta::days(1);
    let wish = PromotionCreate {
        actor: room.person.user_id,
        listing,
        kind: kind.to_owned(),
        text,
        wanted_categories: Vec::new(),
        excluded_categories: Vec::new(),
        begins_at,
        ends_at: begins_at + TimeDelta::days(days),
        impressions: None,
    };
    let made = market::promotion_create(room.db, &wish).await?;
    Ok(shown(room, &made)?.after(&room.say("promo.ordered", ())?))
}

/// An order for the people of its listing.
pub async fn card(room: &Room<'_>, promotion: i64) -> Result<Answer, Failure> {
    let it = market::promotion_get(room.db, room.person.user_id, promotion).await?;
    shown(room, &it)
}

fn shown(room: &Room<'_>, it: &Promotion) -> Result<Answer, Failure> {
    let mut card = Card::new(room.say("promo.card", data(it))?);
    let promotion = it.promotion_id;
    for step in steps(it) {
        card.row(
            room,
            &format!("promo.{step}"),
            format!("promo:{step}:{promotion}"),
        )?;
    }
    card.row(room, "talk.back", format!("promo:list:{}", it.listing_id))?;
    Ok(card.done())
}

/// The buttons of an order; whether each still holds, the function says.
fn steps(it: &Promotion) -> Vec<&'static str> {
    let mut steps = Vec::new();
    if it.state == "approved" && it.payment == "unpaid" {
        steps.push("pay");
    }
    if it.state == "approved" && it.payment == "paid" && it.ended_at.is_none() {
        steps.push(if it.paused_at.is_some() {
            "resume"
        } else {
            "pause"
        });
    }
    if ["requested", "approved"].contains(&it.state.as_str()) && it.ended_at.is_none() {
        steps.push("cancel");
    }
    steps
}

/// An invoice in Stars.
async fn invoice(room: &Room<'_>, promotion: i64) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let quote = market::promotion_stars_quote(room.db, actor, promotion, None).await?;
    let params = params(&room.say("promo.invoice", ())?, &quote);
    let mut answer = Answer::plain(room.say("promo.no_invoice", ())?);
    answer.invoice = Some(params);
    Ok(answer)
}

/// The parameters of `sendInvoice`. They are no HTML, and there is no provider: Telegram takes the Stars itself.
fn params(name: &str, quote: &StarsQuote) -> Value {
    json!({
        "title": cut(name, TITLE),
        "description": cut(&format!("{}: {}", quote.title, quote.text), WORDS),
        "payload": format!("{PAYLOAD}{}", quote.promotion_id),
        "currency": "XTR",
        "prices": [{ "label": cut(name, TITLE), "amount": quote.stars }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_keeps_within_telegrams_lengths_and_names_its_order() {
        let quote = StarsQuote {
            promotion_id: 7,
            listing_id: ListingId(1),
            title: "т".repeat(150),
            text: "<b>&".repeat(75),
            currency: "RUB".to_owned(),
            price_minor: 100,
            stars: 1,
        };
        let params = params(&"Реклама ".repeat(9), &quote);
        let units = |field: &str| {
            let text = params.get(field).and_then(Value::as_str);
            text.map(|text| text.encode_utf16().count())
        };
        assert_eq!(units("title"), Some(TITLE));
        assert_eq!(units("description"), Some(WORDS));
        let payload = params.get("payload").and_then(Value::as_str);
        assert_eq!(order_of(payload.unwrap_or_default()), Some(7));
        for forged in ["", "promotion:", "promotion:x", "7", "deal:7"] {
            assert_eq!(order_of(forged), None, "{forged}");
        }
    }
}
