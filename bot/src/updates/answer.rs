//! What the bot answers.

use kardan_schema::people::Started;
use serde_json::{Value, json};
use teloxide_core::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::desk::Desk;
use crate::error::Failure;

/// Something to say, with buttons or without.
pub struct Answer {
    pub text: String,
    /// Further parameters of the message, such as its buttons.
    pub more: Value,
}

impl Answer {
    /// Sends it as a message of its own.
    pub async fn send(self, desk: &Desk, chat: i64) -> Result<(), Failure> {
        crate::sender::say(desk, chat, &self.text, self.more)
            .await
            .map(drop)
            .map_err(Failure::Telegram)
    }
}

/// A sentence by its name.
pub fn plain(desk: &Desk, person: &Started, name: &str, data: Value) -> Result<Answer, Failure> {
    Ok(Answer {
        text: desk.texts.say(person.language, name, data)?,
        more: json!({}),
    })
}

/// What a function refused, in the person's words; what is wrong with the program stays a failure.
pub fn refused(person: &Started, failure: Failure) -> Result<Answer, Failure> {
    match &failure {
        Failure::Database(error) => match error.reason() {
            Some(reason) => Ok(Answer {
                text: reason.sentence(person.language).to_owned(),
                more: json!({}),
            }),
            None => Err(failure),
        },
        _ => Err(failure),
    }
}

/// Buttons beneath a message.
pub fn keyboard(rows: impl IntoIterator<Item = Vec<InlineKeyboardButton>>) -> Value {
    json!({ "reply_markup": InlineKeyboardMarkup::new(rows) })
}

/// Whether a function refused for this reason.
pub fn reason_is(failure: &Failure, wanted: kardan_schema::Reason) -> bool {
    matches!(failure, Failure::Database(error) if error.reason() == Some(wanted))
}
