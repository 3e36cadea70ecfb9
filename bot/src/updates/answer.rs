//! What the bot answers.

use kardan_schema::people::Started;
use serde_json::{Value, json};
use teloxide_core::types::{InlineKeyboardButton, InlineKeyboardMarkup};

use crate::desk::Desk;
use crate::error::Failure;
use crate::sender;
use crate::telegram::{Attachment, Refusal, with};

/// Something to say, with buttons or without.
pub struct Answer {
    pub text: String,
    /// Further parameters of the message, such as its buttons.
    pub more: Value,
    /// What is shown above it, in a message of its own.
    pub pictures: Option<Pictures>,
    /// A picture as PNG beneath which it is told.
    pub chart: Option<Vec<u8>>,
    /// An invoice in its place, as parameters of `sendInvoice`; the text is said when Telegram does not take it.
    pub invoice: Option<Value>,
    /// Whether it is told above the chat, and the message with the button stays.
    pub is_alert: bool,
}

/// A text beneath its photos.
pub struct Pictures {
    pub text: String,
    /// Keys of photos in the store.
    pub keys: Vec<String>,
}

impl Answer {
    /// A text alone.
    pub const fn plain(text: String) -> Self {
        Self {
            text,
            more: Value::Null,
            pictures: None,
            chart: None,
            invoice: None,
            is_alert: false,
        }
    }

    /// A text above the chat.
    pub fn alert(text: String) -> Self {
        Self {
            is_alert: true,
            ..Self::plain(text)
        }
    }

    /// Whether it is no text that could take the place of another one.
    pub const fn is_apart(&self) -> bool {
        self.pictures.is_some() || self.chart.is_some() || self.invoice.is_some()
    }

    /// The same below these words.
    pub fn after(mut self, words: &str) -> Self {
        self.text = format!("{words}\n\n{}", self.text);
        self
    }

    /// Sends it as a message of its own.
    pub async fn send(self, desk: &Desk, chat: i64) -> Result<(), Failure> {
        if let Some(invoice) = self.invoice {
            let params = with(invoice, json!({ "chat_id": chat }));
            match desk.telegram.call("sendInvoice", &params).await {
                Err(refusal @ Refusal::Said { .. }) => {
                    tracing::error!(%refusal, "Telegram takes no invoice");
                }
                sent => return sent.map(drop).map_err(Failure::Telegram),
            }
        }
        if let Some(bytes) = self.chart {
            let params = json!({
                "chat_id": chat, "photo": "attach://chart", "caption": self.text, "parse_mode": "HTML",
            });
            let params = with(params, self.more.clone());
            let name = "chart".to_owned();
            let file = vec![Attachment { name, bytes }];
            match desk.telegram.upload("sendPhoto", &params, file).await {
                // The figures are told without their picture.
                Err(refusal @ Refusal::Said { .. }) => {
                    tracing::error!(%refusal, "Telegram takes no chart");
                }
                sent => return sent.map(drop).map_err(Failure::Telegram),
            }
        }
        if let Some(pictures) = self.pictures {
            let files = sender::photos(desk, pictures.keys.iter().map(String::as_str)).await;
            sender::show(desk, chat, &pictures.text, files, None)
                .await
                .map_err(Failure::Telegram)?;
        }
        sender::say(desk, chat, &self.text, self.more)
            .await
            .map(drop)
            .map_err(Failure::Telegram)
    }
}

/// A sentence by its name.
pub fn plain(desk: &Desk, person: &Started, name: &str, data: Value) -> Result<Answer, Failure> {
    let text = desk.texts.say(person.language, name, data)?;
    Ok(Answer::plain(text))
}

/// What a function refused, in the person's words; what is wrong with the program stays a failure.
pub fn refused(person: &Started, failure: Failure) -> Result<Answer, Failure> {
    match &failure {
        Failure::Database(error) => match error.reason() {
            Some(reason) => Ok(Answer::plain(reason.sentence(person.language).to_owned())),
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
