//! Where a step of a conversation happens: in one transaction, for one person.

use deadpool_postgres::Transaction;
use kardan_schema::Language;
use kardan_schema::people::Started;
use serde::Serialize;
use teloxide_core::types::InlineKeyboardButton;

use crate::cards::titled;
use crate::desk::Desk;
use crate::error::Failure;
use crate::updates::Person;

/// The desk, the transaction, and whom it is for.
pub struct Room<'a> {
    pub desk: &'a Desk,
    pub db: &'a Transaction<'a>,
    pub person: &'a Started,
    /// The person as Telegram tells them.
    pub from: &'a Person,
}

impl Room<'_> {
    /// A sentence by its name.
    pub fn say(&self, name: &str, data: impl Serialize) -> Result<String, Failure> {
        Ok(self.desk.texts.say(self.person.language, name, data)?)
    }

    /// A button with a sentence about a thing, as long as a button is wide. A button is no HTML.
    pub fn entry(
        &self,
        name: &str,
        about: impl Serialize,
        data: String,
    ) -> Result<InlineKeyboardButton, Failure> {
        let said = crate::text::plain(&self.say(name, about)?);
        Ok(titled(&said, data))
    }

    /// A button that says this and means that.
    pub fn button(
        &self,
        name: &str,
        data: impl Into<String>,
    ) -> Result<InlineKeyboardButton, Failure> {
        Ok(InlineKeyboardButton::callback(self.say(name, ())?, data))
    }

    /// What is said in the person's language.
    pub fn of<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        match self.person.language {
            Language::Ru => ru,
            Language::En => en,
        }
    }

    /// Labels in the person's language.
    pub fn of_lists<'t>(&self, ru: &'t [String], en: &'t [String]) -> &'t [String] {
        match self.person.language {
            Language::Ru => ru,
            Language::En => en,
        }
    }
}

/// A question with buttons.
pub struct Question {
    pub text: String,
    pub rows: Vec<Vec<InlineKeyboardButton>>,
}

impl Question {
    pub fn new(text: String) -> Self {
        Self {
            text,
            rows: Vec::new(),
        }
    }

    /// Buttons, so many in a row.
    pub fn add(&mut self, buttons: Vec<InlineKeyboardButton>, in_row: usize) {
        let rows = buttons.chunks(in_row).map(<[_]>::to_vec);
        self.rows.extend(rows);
    }

    /// One more row of a single button.
    pub fn last(&mut self, button: InlineKeyboardButton) {
        self.rows.push(vec![button]);
    }
}
