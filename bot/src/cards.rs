//! What is shown of a thing, with the buttons of what can be done with it. A button carries the thing's number and nothing else:
//! whether the person may and whether it still holds, the function says at the tap.

pub mod broadcast;
pub mod cabinet;
pub mod chart;
pub mod deal;
pub mod garage;
pub mod listing;
pub mod mine;
pub mod moderation;
pub mod office;
pub mod payments;
pub mod people;
pub mod post;
pub mod promotion;
pub mod settings;
pub mod shop;

use serde_json::{Value, json};
use teloxide_core::types::InlineKeyboardButton;

use crate::talk::Room;
use crate::updates::{Answer, keyboard};

/// Things of a page.
const PAGE: usize = 5;

/// A card in the making.
pub struct Card {
    text: String,
    rows: Vec<Vec<InlineKeyboardButton>>,
}

impl Card {
    pub const fn new(text: String) -> Self {
        Self {
            text,
            rows: Vec::new(),
        }
    }

    /// A button in a row of its own, by the name of what it says.
    pub fn row(
        &mut self,
        room: &Room<'_>,
        name: &str,
        data: String,
    ) -> Result<(), crate::error::Failure> {
        self.rows.push(vec![room.button(name, data)?]);
        Ok(())
    }

    /// Says something more.
    pub fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Buttons of one row.
    pub fn push(&mut self, buttons: Vec<InlineKeyboardButton>) {
        self.rows.push(buttons);
    }

    pub fn done(self) -> Answer {
        Answer {
            more: keyboard(self.rows),
            ..Answer::plain(self.text)
        }
    }
}

/// The page of a list, and what the next one begins behind: one more was asked for than is shown.
pub fn page<T>(found: &[T]) -> (&[T], Option<&T>) {
    page_of(found, PAGE)
}

/// A page of so many things.
pub fn page_of<T>(found: &[T], size: usize) -> (&[T], Option<&T>) {
    let shown = found.get(..found.len().min(size)).unwrap_or_default();
    let last = shown.last().filter(|_| found.len() > size);
    (shown, last)
}

/// How many to ask for.
pub fn asked() -> Option<i32> {
    asked_of(PAGE)
}

/// How many to ask for, for a page of so many.
pub fn asked_of(size: usize) -> Option<i32> {
    i32::try_from(size + 1).ok()
}

/// A button with a text that is nobody's sentence, such as a title, as long as a button is wide.
pub fn titled(text: &str, data: String) -> InlineKeyboardButton {
    InlineKeyboardButton::callback(crate::text::cut(text, 48), data)
}

/// Whether somebody is sure, before what cannot be undone: yes does it, no goes back.
pub fn sure(
    room: &Room<'_>,
    question: &str,
    yes: String,
    no: String,
) -> Result<Answer, crate::error::Failure> {
    let mut card = Card::new(question.to_owned());
    card.push(vec![
        room.button("field.yes", yes)?,
        room.button("field.no", no)?,
    ]);
    Ok(card.done())
}

/// The data of a thing for a sentence.
pub fn data(thing: impl serde::Serialize) -> Value {
    json!({ "it": thing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_more() {
        assert_eq!(page::<i32>(&[]), (&[][..], None));
        assert_eq!(page(&[1, 2, 3, 4, 5]), (&[1, 2, 3, 4, 5][..], None));
        assert_eq!(page(&[1, 2, 3, 4, 5, 6]), (&[1, 2, 3, 4, 5][..], Some(&5)));
    }
}
