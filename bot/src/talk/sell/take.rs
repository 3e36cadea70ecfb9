//! What an answer about a new listing is taken for.

use kardan_schema::catalog;
use kardan_schema::market;
use kardan_schema::{BrandId, CategoryId, PlaceId, ShopId};
use serde_json::json;

use super::super::fields::{Taken, form};
use super::super::{Input, amounts};
use super::{Room, Sell, Step};
use crate::error::Failure;
use crate::updates::{Answer, photo_wish};

/// What an answer is taken for.
pub enum Said {
    /// The answer: the next question.
    Answer,
    /// A part of it: the same question, or the next part of it.
    Partly,
    /// Words to look for.
    Wanted(String),
    /// No answer, because of this.
    Wrong(String),
    /// Nothing that belongs here.
    Nothing,
    /// The end.
    Over(Answer),
}

impl Sell {
    pub(super) async fn take(
        &mut self,
        room: &Room<'_>,
        step: Step,
        input: Input<'_>,
    ) -> Result<Said, Failure> {
        match step {
            Step::Fields => return self.take_field(room, input).await,
            Step::Photos | Step::Fits | Step::Confirm => {
                return self.take_of_draft(room, step, input).await;
            }
            _ => {}
        }
        match input {
            Input::Tap(name, answer) => Ok(self.take_tap(room, step, name, answer)),
            Input::Text(text) => self.take_text(room, step, text.trim()).await,
            Input::Photo(_) => Ok(Said::Nothing),
        }
    }

    fn take_tap(&mut self, room: &Room<'_>, step: Step, name: &str, answer: &str) -> Said {
        fn id<T>(answer: &str, make: impl FnOnce(i64) -> T) -> Option<T> {
            answer.parse().ok().map(make)
        }
        let is_taken = match (step, name) {
            (Step::Seller, "seller") => {
                self.shop = id(answer, ShopId).filter(|shop| shop.0 != 0);
                true
            }
            (Step::Kind, "kind") => {
                self.kind = answer.parse().ok();
                self.kind.is_some()
            }
            (Step::Category, "category") => {
                self.category = id(answer, CategoryId);
                self.category.is_some()
            }
            // Found by words: both levels at once.
            (Step::Category, "both") => {
                let both = answer.split_once(':');
                self.category = both.and_then(|(top, _)| id(top, CategoryId));
                self.subcategory = both.and_then(|(_, sub)| id(sub, CategoryId));
                let is_both = self.category.is_some() && self.subcategory.is_some();
                if is_both {
                    self.done.push(Step::Subcategory);
                }
                is_both
            }
            (Step::Subcategory, "subcategory") => {
                self.subcategory = id(answer, CategoryId);
                self.subcategory.is_some()
            }
            (Step::Brand, "brand") => {
                self.brand = id(answer, BrandId).filter(|brand| brand.0 != 0);
                true
            }
            (Step::Condition, "condition") => {
                self.condition = answer.parse().ok();
                self.condition.is_some()
            }
            (Step::Place, "place") => {
                self.place = id(answer, PlaceId);
                self.place.is_some()
            }
            (Step::Contact, "contact") => match &room.from.username {
                Some(name) => {
                    self.contact_telegram.clone_from(name);
                    true
                }
                None => false,
            },
            (Step::Stock, "stock") => match answer.parse() {
                Ok(pieces) => {
                    self.stock = pieces;
                    true
                }
                Err(_) => false,
            },
            (Step::Number, "number") => {
                self.part_number.clear();
                true
            }
            (Step::Description, "description") => {
                self.description.clear();
                true
            }
            (Step::Wholesale, "wholesale") => {
                self.wholesale = None;
                true
            }
            _ => false,
        };
        if is_taken {
            Said::Answer
        } else {
            Said::Nothing
        }
    }

    async fn take_text(
        &mut self,
        room: &Room<'_>,
        step: Step,
        text: &str,
    ) -> Result<Said, Failure> {
        let wanted = || Said::Wanted(text.chars().take(60).collect());
        Ok(match step {
            Step::Category | Step::Subcategory | Step::Brand => wanted(),
            Step::Place => {
                let found = catalog::place_list(room.db, Some(text), Some(2)).await?;
                match found.as_slice() {
                    [one] => {
                        self.place = Some(one.place_id);
                        Said::Answer
                    }
                    _ => wanted(),
                }
            }
            Step::Title => {
                let length = text.chars().count();
                if !(3..=150).contains(&length) {
                    return Ok(Said::Wrong(room.say("sell.title_length", ())?));
                }
                self.title = text.to_owned();
                Said::Answer
            }
            Step::Number => {
                self.part_number = text.to_owned();
                Said::Answer
            }
            Step::Description => {
                self.description = text.to_owned();
                Said::Answer
            }
            Step::Price => match amounts::price(text) {
                Some((minor, currency)) => {
                    self.price_minor = minor;
                    self.currency = currency.unwrap_or("RUB").to_owned();
                    Said::Answer
                }
                None => Said::Wrong(room.say("sell.no_price", ())?),
            },
            Step::Wholesale => match amounts::wholesale(text) {
                Some(pair) if pair.0 <= self.price_minor => {
                    self.wholesale = Some(pair);
                    Said::Answer
                }
                Some(_) => Said::Wrong(room.say("sell.wholesale_above", ())?),
                None => Said::Wrong(room.say("sell.no_wholesale", ())?),
            },
            Step::Stock => match amounts::pieces(text) {
                Some(pieces) => {
                    self.stock = pieces;
                    Said::Answer
                }
                None => Said::Wrong(room.say("sell.no_pieces", ())?),
            },
            Step::Contact => match contact(text) {
                Some((phone, telegram)) => {
                    (self.contact_phone, self.contact_telegram) = (phone, telegram);
                    Said::Answer
                }
                None => Said::Wrong(room.say("sell.no_contact", ())?),
            },
            _ => Said::Wrong(room.say("talk.tap", ())?),
        })
    }

    async fn take_field(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Said, Failure> {
        let form = self.form(room).await?;
        let Some(field) = self.fields.open(&form) else {
            return Ok(Said::Answer);
        };
        if let Taken::Wrong(why) = self.fields.take(room, field, input)? {
            return Ok(Said::Wrong(why));
        }
        Ok(match self.fields.open(&form) {
            Some(_) => Said::Partly,
            None => Said::Answer,
        })
    }

    pub(super) async fn form(&self, room: &Room<'_>) -> Result<Vec<catalog::Attribute>, Failure> {
        match (self.kind, self.subcategory) {
            (Some(kind), Some(category)) => form(room, kind, category).await,
            _ => Ok(Vec::new()),
        }
    }

    /// What comes after the draft was made.
    async fn take_of_draft(
        &mut self,
        room: &Room<'_>,
        step: Step,
        input: Input<'_>,
    ) -> Result<Said, Failure> {
        let Some(listing) = self.listing else {
            return Ok(Said::Nothing);
        };
        match (step, input) {
            (Step::Photos, Input::Photo(photo)) => {
                let wish = photo_wish(room.person.user_id, listing, photo);
                market::listing_photo_add(room.db, &wish).await?;
                self.photos += 1;
                Ok(Said::Partly)
            }
            (Step::Photos, Input::Tap("photos", _)) | (Step::Fits, Input::Tap("fits", _)) => {
                Ok(Said::Answer)
            }
            (Step::Photos, Input::Text(_)) => Ok(Said::Wrong(room.say("sell.photos_wanted", ())?)),
            (Step::Fits, input) => {
                self.fits.hear(room, listing, input).await?;
                Ok(Said::Partly)
            }
            (Step::Confirm, Input::Tap("confirm", "submit")) => {
                market::listing_submit(room.db, room.person.user_id, listing, None).await?;
                Ok(Said::Over(Answer::plain(room.say(
                    "sell.submitted",
                    json!({ "title": self.title, "listing_id": listing }),
                )?)))
            }
            (Step::Confirm, Input::Tap("confirm", _)) => Ok(Said::Over(Answer::plain(
                room.say("sell.kept", json!({ "title": self.title }))?,
            ))),
            _ => Ok(Said::Nothing),
        }
    }
}

/// A phone or a Telegram name: `(phone, name)`, one of them empty.
pub fn contact(text: &str) -> Option<(String, String)> {
    if let Some(name) = text.strip_prefix('@') {
        let is_name = (4..=32).contains(&name.len())
            && name
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || one == '_');
        return is_name.then(|| (String::new(), name.to_owned()));
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_phone = (7..=15).contains(&digits)
        && text.chars().count() <= 32
        && text
            .chars()
            .all(|one| one.is_ascii_digit() || "+-() ".contains(one));
    is_phone.then(|| (text.to_owned(), String::new()))
}

#[cfg(test)]
mod tests {
    use super::contact;

    #[test]
    fn a_contact_is_a_phone_or_a_name_and_nothing_else() {
        let phone = |text: &str| Some((text.to_owned(), String::new()));
        assert_eq!(contact("+7 (900) 123-45-67"), phone("+7 (900) 123-45-67"));
        assert_eq!(
            contact("@anna_parts"),
            Some((String::new(), "anna_parts".to_owned()))
        );
        for none in [
            "call me",
            "12345",
            "@a",
            "@имя_имя",
            "+7 900 1234567 добавочный",
        ] {
            assert_eq!(contact(none), None, "{none}");
        }
    }
}
