//! What a search can be narrowed by, and the choices of each.

use kardan_schema::market;
use kardan_schema::{CategoryId, Condition, Kind, catalog};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::{Question, Room, amounts};
use super::Seek;
use crate::cards::titled;
use crate::error::Failure;

/// Buttons of a question; what is not among them is found by writing.
const MOST: usize = 24;

/// What a search can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    Category,
    Subcategory,
    Condition,
    Price,
    Place,
    Vehicle,
}

impl Filter {
    /// All of them, as they stand beneath a page.
    pub const ALL: [Self; 6] = [
        Self::Category,
        Self::Subcategory,
        Self::Condition,
        Self::Price,
        Self::Place,
        Self::Vehicle,
    ];

    /// Its name on a button and in sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Subcategory => "subcategory",
            Self::Condition => "condition",
            Self::Price => "price",
            Self::Place => "place",
            Self::Vehicle => "vehicle",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

impl Seek {
    /// What may be chosen: numbers and names.
    pub(super) async fn choices(
        &self,
        room: &Room<'_>,
        filter: Filter,
    ) -> Result<Vec<(i64, String)>, Failure> {
        let parent = match filter {
            Filter::Category => None,
            Filter::Subcategory => self.of_filter(Filter::Category, CategoryId),
            Filter::Condition => {
                let all = Condition::ALL.iter().zip(0..);
                return all
                    .map(|(one, place)| Ok((place, room.say(&format!("condition.{one}"), ())?)))
                    .collect();
            }
            Filter::Place => {
                let wanted = self.wanted.as_deref();
                let found = catalog::place_list(room.db, wanted, Some(8)).await?;
                let named = found.iter().map(|one| {
                    (
                        one.place_id.0,
                        room.of(&one.name_ru, &one.name_en).to_owned(),
                    )
                });
                return Ok(named.collect());
            }
            Filter::Vehicle => {
                let all = market::garage_list(room.db, room.person.user_id).await?;
                return Ok(all
                    .into_iter()
                    .map(|one| (one.vehicle_id, one.name))
                    .collect());
            }
            Filter::Price => return Ok(Vec::new()),
        };
        let all = catalog::category_list(room.db, Kind::Part).await?;
        let wanted = self.wanted.as_deref().unwrap_or_default();
        let named = all
            .iter()
            .filter(|one| {
                one.parent_id == parent && (parent.is_some() || filter == Filter::Category)
            })
            .map(|one| {
                (
                    one.category_id.0,
                    room.of(&one.name_ru, &one.name_en).to_owned(),
                )
            });
        Ok(named
            .filter(|(_, name)| name.to_lowercase().contains(wanted))
            .take(MOST)
            .collect())
    }

    pub(super) async fn ask_filter(
        &self,
        room: &Room<'_>,
        filter: Filter,
    ) -> Result<Question, Failure> {
        let word = filter.word();
        let data = json!({ "wanted": self.wanted });
        let mut question = Question::new(room.say(&format!("seek.which_{word}"), data)?);
        let buttons = self.choices(room, filter).await?.into_iter();
        let buttons = buttons.map(|(id, name)| titled(&name, format!("d:pick:{id}")));
        question.add(buttons.collect(), 2);
        question.last(room.button("seek.any", "d:any:")?);
        Ok(question)
    }
}

/// Prices from and to, in hundredths: `1000-5000`, `от 1000`, `from 1000`, `до 5000`, `5000`; one alone is the highest.
pub fn prices(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let text = text.trim().to_lowercase();
    let amount = |text: &str| amounts::price(text).map(|(minor, _)| minor);
    let without = |words: [&str; 2]| words.into_iter().find_map(|word| text.strip_prefix(word));
    if let Some((least, most)) = text.split_once(['-', '–', '—']) {
        let (least, most) = (amount(least)?, amount(most)?);
        return (least <= most).then_some((Some(least), Some(most)));
    }
    if let Some(least) = without(["от ", "from "]) {
        return Some((Some(amount(least)?), None));
    }
    let most = without(["до ", "up to "]).unwrap_or(&text);
    Some((None, Some(amount(most)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_from_and_to_and_nonsense_is_none() {
        for (text, wanted) in [
            ("1 000 - 5 000", Some((Some(100_000), Some(500_000)))),
            ("1000–5000", Some((Some(100_000), Some(500_000)))),
            ("От 1000", Some((Some(100_000), None))),
            ("from 1000", Some((Some(100_000), None))),
            ("up to 99,90", Some((None, Some(9_990)))),
            ("5000 руб", Some((None, Some(500_000)))),
            ("5000-1000", None),
            ("дорого", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(prices(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_filter_is_known_by_its_word_and_fits_on_a_button() {
        for filter in Filter::ALL {
            assert_eq!(Filter::of(filter.word()), Some(filter));
        }
        assert_eq!(Filter::of("owner"), None);
    }
}
