//! A tap on a button. Whose it is and whether it still holds, the functions say: a keyboard may be forwarded, forged or old.

use kardan_schema::people::{self, Started, UserUpdate};
use kardan_schema::{Language, Reason};
use serde_json::{Value, json};

use super::answer::{Answer, reason_is};
use super::find;
use super::incoming::Tap;
use super::private::{hash, start};
use crate::desk::Desk;
use crate::error::Failure;
use crate::telegram::Refusal;

pub async fn hear(desk: &Desk, tap: &Tap) -> Result<(), Failure> {
    let person = start(desk, &tap.from).await?;
    let data = tap.data.as_deref().unwrap_or_default();
    let outcome = match data.split_once(':') {
        Some(("language", code)) => language(desk, &person, code).await,
        Some(("in", answer)) => sign_in(desk, &person, answer).await,
        Some(("more", place)) => more(desk, &person, tap, place).await,
        _ => Ok(None),
    };
    // The button stops turning whatever came of it.
    let answered = desk
        .telegram
        .call(
            "answerCallbackQuery",
            &json!({ "callback_query_id": tap.id }),
        )
        .await;
    match answered {
        // Too old: the person has gone on.
        Err(refusal) if !refusal.says("query is too old") => {
            tracing::warn!(%refusal, "a tap is not answered");
        }
        _ => {}
    }
    let (Some(answer), Some(message)) = (outcome?, &tap.message) else {
        return Ok(());
    };
    let mut params = json!({
        "chat_id": message.chat.id, "message_id": message.message_id, "text": answer.text, "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    if let (Some(all), Value::Object(more)) = (params.as_object_mut(), answer.more) {
        all.extend(more);
    }
    match desk.telegram.call("editMessageText", &params).await {
        Err(refusal @ (Refusal::Later { .. } | Refusal::Unheard(_))) => {
            Err(Failure::Telegram(refusal))
        }
        // The same text again, or a message that is gone.
        Err(_) | Ok(_) => Ok(()),
    }
}

/// A sentence without buttons, which takes those of the question away.
fn said(desk: &Desk, language: Language, name: &str) -> Result<Option<Answer>, Failure> {
    Ok(Some(Answer {
        text: desk.texts.say(language, name, ())?,
        more: json!({}),
    }))
}

/// The next page of what was found, in the place of this one.
async fn more(
    desk: &Desk,
    person: &Started,
    tap: &Tap,
    place: &str,
) -> Result<Option<Answer>, Failure> {
    let page = tap
        .message
        .as_ref()
        .and_then(|message| message.text.as_deref());
    let query = page.and_then(find::query_of);
    let (Some(query), Some(after)) = (query, find::place_of(place)) else {
        return Ok(None);
    };
    find::page(desk, person, query, Some(after)).await.map(Some)
}

async fn language(desk: &Desk, person: &Started, code: &str) -> Result<Option<Answer>, Failure> {
    let language = match code {
        "ru" => Language::Ru,
        "en" => Language::En,
        _ => return Ok(None),
    };
    let wish = UserUpdate {
        actor: person.user_id,
        display_name: None,
        language: Some(language),
        version: None,
    };
    desk.ask(async |db| people::user_update(db, &wish).await)
        .await?;
    said(desk, language, "settings.changed")
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
    said(desk, person.language, name)
}
