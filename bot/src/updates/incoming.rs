//! The parts of an update that are looked at, and no others: whatever Telegram adds next year does not cost the text of a message.

use serde::Deserialize;

/// Something that happened.
#[derive(Debug, Deserialize)]
pub struct Update {
    pub update_id: i64,
    #[serde(flatten)]
    pub happened: Happened,
}

/// What happened.
#[derive(Debug, Deserialize)]
pub enum Happened {
    #[serde(rename = "message")]
    Message(Box<Message>),
    #[serde(rename = "callback_query")]
    Tap(Box<Tap>),
    /// An invoice is to be paid, and Telegram asks whether it may.
    #[serde(rename = "pre_checkout_query")]
    Checkout(Box<Checkout>),
    #[serde(untagged)]
    Other {},
}

#[derive(Debug, Deserialize)]
pub struct Message {
    pub message_id: i64,
    /// Seconds since 1970.
    pub date: i64,
    pub chat: Chat,
    pub from: Option<Person>,
    pub text: Option<String>,
    pub caption: Option<String>,
    #[serde(default)]
    pub entities: Vec<Entity>,
    #[serde(default)]
    pub caption_entities: Vec<Entity>,
    pub message_thread_id: Option<i64>,
    #[serde(default)]
    pub is_automatic_forward: bool,
    /// The group has become a supergroup with this number.
    pub migrate_to_chat_id: Option<i64>,
    pub forward_origin: Option<Origin>,
    pub reply_to_message: Option<Box<Answered>>,
    /// Sizes of one photo, the smallest first.
    #[serde(default)]
    pub photo: Vec<File>,
    /// A file, which may be a photo as well.
    pub document: Option<File>,
    /// The same for all photos of an album.
    pub media_group_id: Option<String>,
    pub contact: Option<Contact>,
    /// An invoice was paid.
    pub successful_payment: Option<Paid>,
    /// A payment went back.
    pub refunded_payment: Option<WentBack>,
}

/// An invoice that is to be paid.
#[derive(Debug, Deserialize)]
pub struct Checkout {
    pub id: String,
    pub from: Person,
    pub currency: String,
    pub total_amount: i32,
    pub invoice_payload: String,
}

/// An invoice that was paid.
#[derive(Debug, Deserialize)]
pub struct Paid {
    pub total_amount: i32,
    pub invoice_payload: String,
    pub telegram_payment_charge_id: String,
}

/// A payment that went back.
#[derive(Debug, Deserialize)]
pub struct WentBack {
    pub telegram_payment_charge_id: String,
}

/// A file that was sent.
#[derive(Debug, Deserialize)]
pub struct File {
    pub file_id: String,
    pub mime_type: Option<String>,
}

/// A person's phone.
#[derive(Debug, Deserialize)]
pub struct Contact {
    pub phone_number: String,
}

/// The message that another one answers.
#[derive(Debug, Deserialize)]
pub struct Answered {
    pub message_id: i64,
    pub date: i64,
}

#[derive(Debug, Deserialize)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: i64,
    #[serde(default)]
    pub is_bot: bool,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

/// A part of a text that is more than text.
#[derive(Debug, Deserialize)]
pub struct Entity {
    pub url: Option<String>,
}

/// Where a forwarded message is from.
#[derive(Debug, Deserialize)]
pub struct Origin {
    pub chat: Option<Chat>,
    pub message_id: Option<i64>,
}

/// A tap on a button beneath a message.
#[derive(Debug, Deserialize)]
pub struct Tap {
    pub id: String,
    pub from: Person,
    pub data: Option<String>,
    pub message: Option<Tapped>,
}

/// The message beneath which the button is.
#[derive(Debug, Deserialize)]
pub struct Tapped {
    pub message_id: i64,
    pub chat: Chat,
    pub text: Option<String>,
    /// Sizes of its photo, when it is one.
    pub photo: Option<Vec<File>>,
}

impl Update {
    /// What it must not overtake.
    pub fn chat(&self) -> i64 {
        match &self.happened {
            Happened::Message(message) => message.chat.id,
            Happened::Tap(tap) => tap.from.id,
            // Waits for nothing of the person's: there are ten seconds.
            Happened::Checkout(_) => i64::MIN.saturating_add(self.update_id),
            Happened::Other {} => 0,
        }
    }
}

impl Update {
    /// The album that it is a photo of.
    pub fn album(&self) -> Option<&str> {
        match &self.happened {
            Happened::Message(message) => message.media_group_id.as_deref(),
            Happened::Tap(_) | Happened::Checkout(_) | Happened::Other {} => None,
        }
    }

    /// Whether it tells of money that was taken, or that went back.
    pub fn is_paid(&self) -> bool {
        match &self.happened {
            Happened::Message(message) => {
                message.successful_payment.is_some() || message.refunded_payment.is_some()
            }
            _ => false,
        }
    }
}

impl Happened {
    /// Its name in metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message(message) if message.chat.is_private() => "private",
            Self::Message(_) => "group",
            Self::Tap(_) => "tap",
            Self::Checkout(_) => "checkout",
            Self::Other {} => "other",
        }
    }
}

impl Chat {
    pub fn is_private(&self) -> bool {
        self.kind == "private"
    }
}

impl Message {
    /// The photo in it, whichever way it was sent.
    pub fn picture(&self) -> Option<&File> {
        let is_picture = |file: &&File| {
            let kind = file.mime_type.as_deref().unwrap_or_default();
            kind.starts_with("image/")
        };
        self.photo
            .last()
            .or_else(|| self.document.as_ref().filter(is_picture))
    }

    /// The links in it.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let all = self.entities.iter().chain(&self.caption_entities);
        all.filter_map(|entity| entity.url.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_telegram_adds_does_not_cost_the_text() {
        let update: Update = serde_json::from_str(
            r#"{"update_id": 1, "message": {"message_id": 2, "date": 3, "chat": {"id": 4, "type": "private", "new": 1}, "text": "hello",
                "entities": [{"type": "of next year", "offset": 0, "length": 5}], "from": {"id": 4, "first_name": "A", "is_bot": false}}}"#,
        )
        .expect("an update");
        let Happened::Message(message) = update.happened else {
            panic!("a message");
        };
        assert_eq!(message.text.as_deref(), Some("hello"));
    }

    #[test]
    fn an_update_of_an_unknown_kind_is_read_and_left() {
        let update: Update =
            serde_json::from_str(r#"{"update_id": 7, "purple": {"x": 1}}"#).expect("an update");
        assert!(matches!(update.happened, Happened::Other {}));
    }
}
