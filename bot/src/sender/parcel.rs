//! One parcel: which calls it becomes.

use kardan_schema::Language;
use kardan_schema::market;
use kardan_schema::notify::{Outcome, Parcel};
use serde_json::{Value, json};
use teloxide_core::types::InlineKeyboardButton;

use super::{channel, outcome, stars};
use crate::cards::moderation;
use crate::desk::Desk;
use crate::error::Failure;
use crate::telegram::{Refusal, with};
use crate::updates::keyboard;

/// What Telegram takes in one message, in units of UTF-16.
const MOST: usize = 4096;

/// Sends it, and says what came of it.
pub async fn send(desk: &Desk, parcel: &Parcel) -> Outcome {
    let sent = match parcel.kind.as_str() {
        "raw" => raw(desk, parcel).await,
        "channel.post" => channel::post(desk, parcel).await,
        "channel.edit" | "channel.mark" => channel::edit(desk, parcel).await,
        "channel.delete" | "chat.delete" => channel::delete(desk, parcel).await,
        "channel.promotion" => channel::promotion(desk, parcel).await,
        "stars.refund" => stars::give_back(desk, parcel).await,
        "chat.mirror" => channel::mirror(desk, parcel).await,
        _ => notice(desk, parcel).await,
    };
    let sent = match sent {
        Err(Failure::Telegram(Refusal::Moved { to })) => return moved(desk, parcel, to).await,
        sent => sent,
    };
    sent.unwrap_or_else(|failure| match failure {
        Failure::Telegram(refusal) => outcome::refused(parcel.chat_id, refusal),
        // A kind without a sentence, or data without a field: nothing that waiting mends.
        Failure::Text(error) => {
            tracing::error!(kind = parcel.kind, %error, "a notice cannot be said");
            Outcome::Refused {
                error: format!("no sentence: {error}"),
            }
        }
        other => Outcome::Failed {
            error: kardan_schema::chain(&other),
        },
    })
}

/// A group has another number: everything is told, and this goes back, to go out there.
async fn moved(desk: &Desk, parcel: &Parcel, to: i64) -> Outcome {
    let from = parcel.chat_id;
    match desk
        .ask(async |db| market::group_move(db, from, to).await)
        .await
    {
        Ok(_) => {
            tracing::info!(from, to, "a group has another number");
            Outcome::Postponed { seconds: 1 }
        }
        Err(failure) => Outcome::Failed {
            error: kardan_schema::chain(&failure),
        },
    }
}

/// The language of whoever reads it.
pub fn language(parcel: &Parcel) -> Language {
    let named = parcel.data.get("language").and_then(Value::as_str);
    parcel.language.unwrap_or(match named {
        Some("en") => Language::En,
        _ => Language::Ru,
    })
}

/// A call of the Bot API as it is.
async fn raw(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let method = parcel.data.get("method").and_then(Value::as_str);
    let params = parcel.data.get("params").cloned().unwrap_or_default();
    let Some(method) = method else {
        return Ok(Outcome::Refused {
            error: "it names no method".to_owned(),
        });
    };
    let answer = desk.telegram.call(method, &params).await;
    outcome::of(parcel.chat_id, answer)
}

/// A sentence to a person.
async fn notice(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let language = language(parcel);
    let mut data = parcel.data.clone();
    if parcel.kind == "listing.rejected" {
        explain(desk, language, &mut data).await?;
    }
    let name = if parcel.kind.contains('.') {
        parcel.kind.clone()
    } else {
        format!("{}.text", parcel.kind)
    };
    let text = desk.texts.say(language, &name, &data)?;
    let more = buttons(desk, language, parcel)?;
    let answer = say(desk, parcel.chat_id, &text, more).await;
    outcome::of(parcel.chat_id, answer)
}

/// What can be done at once with what is told.
fn buttons(desk: &Desk, language: Language, parcel: &Parcel) -> Result<Value, Failure> {
    let field = |name: &str| parcel.data.get(name).map(|value| value.to_string());
    let id = |name: &str| field(name).unwrap_or_default().trim_matches('"').to_owned();
    let (deal, listing) = (id("deal_id"), id("listing_id"));
    let wanted: Vec<(&str, String)> = match parcel.kind.as_str() {
        "deal.requested" => vec![
            ("deals.confirm", format!("deal:confirm:{deal}")),
            ("deals.cancel", format!("deal:cancel:{deal}")),
        ],
        "deal.handed_over" => vec![("deals.complete", format!("deal:complete:{deal}"))],
        "deal.confirmed" | "deal.completed" | "review.asked" => {
            vec![("deals.open", format!("deal:card:{deal}"))]
        }
        "listing.rejected" | "listing.approved" | "listing.edited" => {
            vec![("card.open", format!("my:card:{listing}"))]
        }
        "promotion.approved" => vec![("promo.pay", format!("promo:pay:{}", id("promotion_id")))],
        "stars.stray" => vec![("payments.open", format!("pay:card:{}", id("payment_id")))],
        "favourite.cheaper" => vec![("card.open", format!("l:open:{listing}"))],
        _ => return Ok(json!({})),
    };
    let mut row = Vec::new();
    for (name, data) in wanted {
        let text = desk.texts.say(language, name, ())?;
        row.push(InlineKeyboardButton::callback(text, data));
    }
    Ok(keyboard([row]))
}

/// The ready reason of a rejection, as authors read it.
async fn explain(desk: &Desk, language: Language, data: &mut Value) -> Result<(), Failure> {
    let code = data
        .get("reason")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let title = desk
        .ask(async |db| moderation::reason(db, language, code).await)
        .await?;
    if let Some(fields) = data.as_object_mut() {
        fields.insert("reason_title".to_owned(), title.into());
    }
    Ok(())
}

/// Sends a text. What Telegram cannot read as HTML is sent as it stands, which is ugly and arrives.
pub async fn say(desk: &Desk, chat: i64, text: &str, more: Value) -> Result<Value, Refusal> {
    let params = json!({
        "chat_id": chat, "text": text, "parse_mode": "HTML", "link_preview_options": { "is_disabled": true },
    });
    let mut params = with(params, more);
    let answer = desk.telegram.call("sendMessage", &params).await;
    match answer {
        Err(refusal)
            if refusal.says("can't parse entities") || refusal.says("message is too long") =>
        {
            tracing::error!(%refusal, text, "a text is not what Telegram reads");
            if let Some(all) = params.as_object_mut() {
                all.remove("parse_mode");
                all.insert("text".to_owned(), crate::text::cut(text, MOST).into());
            }
            desk.telegram.call("sendMessage", &params).await
        }
        other => other,
    }
}
