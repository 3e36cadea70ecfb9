//! A tap on a button. Whose it is and whether it still holds, the functions say: a keyboard may be forwarded, forged or old.

use kardan_schema::people::{self, Started, UserUpdate};
use kardan_schema::{Language, Reason};
use serde_json::json;

use super::incoming::Tap;
use super::private::{hash, reason_is, start};
use crate::desk::Desk;
use crate::error::Failure;
use crate::telegram::Refusal;

pub async fn hear(desk: &Desk, tap: &Tap) -> Result<(), Failure> {
    let person = start(desk, &tap.from).await?;
    let data = tap.data.as_deref().unwrap_or_default();
    let outcome = match data.split_once(':') {
        Some(("language", code)) => language(desk, &person, code).await,
        Some(("in", answer)) => sign_in(desk, &person, answer).await,
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
    let (Some(text), Some(message)) = (outcome?, &tap.message) else {
        return Ok(());
    };
    let params = json!({
        "chat_id": message.chat.id, "message_id": message.message_id, "text": text, "parse_mode": "HTML",
    });
    match desk.telegram.call("editMessageText", &params).await {
        Err(refusal @ (Refusal::Later { .. } | Refusal::Unheard(_))) => {
            Err(Failure::Telegram(refusal))
        }
        // The same text again, or a message that is gone.
        Err(_) | Ok(_) => Ok(()),
    }
}

async fn language(desk: &Desk, person: &Started, code: &str) -> Result<Option<String>, Failure> {
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
    Ok(Some(desk.texts.say(language, "settings.changed", ())?))
}

/// The number that the page shows, or none for a browser that is not theirs.
async fn sign_in(desk: &Desk, person: &Started, answer: &str) -> Result<Option<String>, Failure> {
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
    Ok(Some(desk.texts.say(person.language, name, ())?))
}
