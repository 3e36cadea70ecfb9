//! A tap on a button. Whose it is and whether it still holds, the functions say: a keyboard may be forwarded, forged or old.

use kardan_schema::Reason;
use kardan_schema::people::{self, Started};
use serde_json::json;

use super::answer::{Answer, plain, reason_is, refused};
use super::find;
use super::incoming::{Tap, Tapped};
use super::private::{hash, start};
use crate::cards;
use crate::desk::Desk;
use crate::error::Failure;
use crate::talk::{Input, Seek, Visit};
use crate::telegram::{Refusal, with};
use crate::text::cut;

/// Units of what is told above a chat.
const ALERT: usize = 200;

pub async fn hear(desk: &Desk, update: i64, tap: &Tap) -> Result<(), Failure> {
    let person = start(desk, &tap.from).await?;
    let visit = Visit {
        desk,
        person: &person,
        from: &tap.from,
        update,
    };
    let outcome = outcome(visit, tap).await;
    // A refusal is told above the card, which stays.
    let (answer, alert) = match outcome {
        Err(failure) if failure.is_refusal() => (Ok(None), Some(refused(&person, failure)?.text)),
        Ok(Some(answer)) if answer.is_alert => (Ok(None), Some(answer.text)),
        outcome => (outcome, None),
    };
    stop_turning(desk, tap, alert).await;
    let answer = match answer {
        Err(Failure::Answered) => return Ok(()),
        answer => answer?,
    };
    if let (Some(answer), Some(message)) = (answer, &tap.message) {
        show(desk, answer, message).await?;
    }
    visit.answered().await;
    Ok(())
}

async fn outcome(visit: Visit<'_>, tap: &Tap) -> Result<Option<Answer>, Failure> {
    let Visit { desk, person, .. } = visit;
    let data = tap.data.as_deref().unwrap_or_default();
    match data.split_once(':') {
        Some(("d", answer)) => {
            let (question, answer) = answer.split_once(':').unwrap_or((answer, ""));
            match visit.hear(Input::Tap(question, answer)).await? {
                Some(answer) => Ok(Some(answer)),
                // A question of last week.
                None => plain(desk, person, "talk.over", json!({})).map(Some),
            }
        }
        Some(("save", _)) => save(visit, tap).await,
        Some(("seek", _)) => match query(tap) {
            Some(query) => {
                visit
                    .begin(async |_| Ok(Some(Seek::of(query, None).begin())))
                    .await
            }
            None => Ok(None),
        },
        Some(("car", data)) => cards::garage::tapped(visit, data).await,
        Some(("l", data)) => cards::listing::tapped(visit, data).await,
        Some(("my", data)) => cards::mine::tapped(visit, data).await,
        Some(("deal", data)) => cards::deal::tapped(visit, data).await,
        Some(("mod", data)) => cards::moderation::tapped(visit, data).await,
        Some(("shop", data)) => cards::shop::tapped(visit, data).await,
        Some(("set", data)) => cards::settings::tapped(visit, data).await,
        Some(("o", data)) => cards::office::tapped(visit, data).await,
        Some(("user", data)) => cards::people::tapped(visit, data).await,
        Some(("promo", data)) => cards::promotion::tapped(visit, data).await,
        Some(("pay", data)) => cards::payments::tapped(visit, data).await,
        Some(("cast", data)) => cards::broadcast::tapped(visit, data).await,
        Some(("language", code)) => match code.parse() {
            Ok(language) => {
                visit
                    .act(async |room| cards::settings::speak(room, language).await)
                    .await
            }
            Err(_) => Ok(None),
        },
        Some(("in", answer)) => sign_in(desk, person, answer).await,
        Some(("more", place)) => more(desk, person, tap, place).await,
        _ => Ok(None),
    }
}

/// The button stops turning, whatever came of it.
async fn stop_turning(desk: &Desk, tap: &Tap, alert: Option<String>) {
    let more = alert.map(|alert| json!({ "text": cut(&alert, ALERT), "show_alert": true }));
    let params = json!({ "callback_query_id": tap.id });
    let params = with(params, more.unwrap_or_default());
    match desk.telegram.call("answerCallbackQuery", &params).await {
        // Too old: the person has gone on.
        Err(refusal) if !refusal.says("query is too old") => {
            tracing::warn!(%refusal, "a tap is not answered");
        }
        _ => {}
    }
}

/// Shows an answer in the place of the message with the button; with photos it is a message of its own.
async fn show(desk: &Desk, answer: Answer, message: &Tapped) -> Result<(), Failure> {
    // A message with photos has no text that could be another one.
    if answer.is_apart() || message.photo.is_some() {
        return answer.send(desk, message.chat.id).await;
    }
    let params = json!({
        "chat_id": message.chat.id, "message_id": message.message_id, "text": answer.text, "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    let params = with(params, answer.more);
    match desk.telegram.call("editMessageText", &params).await {
        Err(refusal @ (Refusal::Later { .. } | Refusal::Unheard(_))) => {
            Err(Failure::Telegram(refusal))
        }
        // The same text again, or a message that is gone.
        Err(_) | Ok(_) => Ok(()),
    }
}

/// What was asked on the page with the button.
fn query(tap: &Tap) -> Option<&str> {
    let message = tap.message.as_ref()?;
    find::query_of(message.text.as_deref()?)
}

/// Keeps the search of a page: new matches will be told.
async fn save(visit: Visit<'_>, tap: &Tap) -> Result<Option<Answer>, Failure> {
    let Some(query) = query(tap) else {
        return Ok(None);
    };
    visit.act(async |room| find::save(room, query).await).await
}

/// The next page of what was found, in the place of this one.
async fn more(
    desk: &Desk,
    person: &Started,
    tap: &Tap,
    place: &str,
) -> Result<Option<Answer>, Failure> {
    let (Some(query), Some(after)) = (query(tap), find::place_of(place)) else {
        return Ok(None);
    };
    find::page(desk, person, query, Some(after)).await.map(Some)
}

/// The number that the page shows, or none for a browser that is not theirs.
async fn sign_in(desk: &Desk, person: &Started, answer: &str) -> Result<Option<Answer>, Failure> {
    let Some((nonce, code)) = answer.split_once(':') else {
        return Ok(None);
    };
    let (link, code) = (hash(nonce), code.parse::<i32>().ok());
    let answered = desk
        .ask(async |db| people::sign_in_link_answer(db, person.user_id, link, code).await)
        .await;
    let name = match answered {
        Ok(answer) if answer.is_granted => "sign_in.granted",
        Ok(_) => "sign_in.refused",
        Err(failure) if reason_is(&failure, Reason::SignInLinkUnknown) => "sign_in.unknown",
        Err(failure) => return Err(failure),
    };
    plain(desk, person, name, json!({})).map(Some)
}
