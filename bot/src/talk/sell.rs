//! A new listing: what is asked in which order, and what an answer is taken for. The draft lives in the dialog until everything that
//! a listing must have is said; from then on it is a draft of the market, with photos and vehicles.

mod ask;
mod show;

pub use ask::nothing_to_fill_in;

use kardan_schema::catalog;
use kardan_schema::market::{self, ListingCreate};
use kardan_schema::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, ShopId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fields::{Fields, Taken};
use super::fits::Fits;
use super::{Input, Next, Question, Room, Talk, amounts};
use crate::error::Failure;
use crate::updates::{Answer, Pictures, photo_wish};

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// In whose name.
    Seller,
    Kind,
    Category,
    Subcategory,
    Title,
    Number,
    Brand,
    Condition,
    /// The extra fields of the category.
    Fields,
    Description,
    Place,
    Price,
    Wholesale,
    Stock,
    Contact,
    Photos,
    Fits,
    /// Everything once more, as it will look.
    Confirm,
}

/// The questions in their order.
const ORDER: [Step; 18] = [
    Step::Seller,
    Step::Kind,
    Step::Category,
    Step::Subcategory,
    Step::Title,
    Step::Number,
    Step::Brand,
    Step::Condition,
    Step::Fields,
    Step::Description,
    Step::Place,
    Step::Price,
    Step::Wholesale,
    Step::Stock,
    Step::Contact,
    Step::Photos,
    Step::Fits,
    Step::Confirm,
];

/// What was said of a listing so far.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sell {
    /// What was answered, in that order.
    done: Vec<Step>,
    /// What was written to find one of many.
    wanted: Option<String>,
    shop: Option<ShopId>,
    kind: Option<Kind>,
    category: Option<CategoryId>,
    subcategory: Option<CategoryId>,
    title: String,
    part_number: String,
    brand: Option<BrandId>,
    condition: Option<Condition>,
    fields: Fields,
    description: String,
    place: Option<PlaceId>,
    currency: String,
    price_minor: i64,
    wholesale: Option<(i64, i32)>,
    stock: i32,
    contact_phone: String,
    contact_telegram: String,
    /// The draft, once there is one.
    listing: Option<ListingId>,
    photos: usize,
    fits: Fits,
}

impl Sell {
    /// Begins; whoever has no shop is not asked for one.
    pub async fn begin(room: &Room<'_>) -> Result<Talk, Failure> {
        let shops = market::shop_list_mine(room.db, room.person.user_id, Some(1), None).await?;
        let mut sell = Self {
            currency: "RUB".to_owned(),
            stock: 1,
            ..Self::default()
        };
        if shops.is_empty() {
            sell.done.push(Step::Seller);
        }
        Ok(Talk::Sell(Box::new(sell)))
    }

    /// The question that is open: the first that applies and is not answered.
    fn step(&self) -> Step {
        let is_open = |step: &&Step| self.applies(**step) && !self.done.contains(step);
        ORDER.iter().find(is_open).copied().unwrap_or(Step::Confirm)
    }

    fn applies(&self, step: Step) -> bool {
        let kind = self.kind;
        match step {
            Step::Number | Step::Fits => kind == Some(Kind::Part),
            Step::Brand | Step::Condition => kind != Some(Kind::Service),
            Step::Wholesale | Step::Stock => kind == Some(Kind::Part),
            _ => true,
        }
    }

    /// The draft, while photos of it are asked for.
    pub fn wants_photo(&self) -> Option<ListingId> {
        self.listing.filter(|_| self.step() == Step::Photos)
    }

    /// What was said can be taken back until the draft is made.
    pub fn can_go_back(&self) -> bool {
        self.listing.is_none() && self.done.iter().any(|step| *step != Step::Seller)
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        if let Input::Tap("back", _) = input {
            self.back();
            return Ok(Next::Ask);
        }
        let step = self.step();
        match self.take(room, step, input).await? {
            Said::Answer => {
                self.wanted = None;
                self.done.push(step);
            }
            Said::Partly => {}
            Said::Wanted(text) => self.wanted = Some(text),
            Said::Wrong(why) => return Ok(Next::Again(why)),
            // A button of another question, or a photo where none is asked for.
            Said::Nothing => return Ok(Next::Again(room.say("talk.stale", ())?)),
            Said::Over(answer) => return Ok(Next::Over(answer)),
        }
        if self.listing.is_none() && self.step() == Step::Photos {
            self.create(room).await?;
        }
        Ok(Next::Ask)
    }

    fn back(&mut self) {
        self.wanted = None;
        if !self.can_go_back() || (self.step() == Step::Fields && self.fields.back()) {
            return;
        }
        if self.done.pop() == Some(Step::Fields) {
            self.fields.back();
        }
    }

    /// Makes the draft.
    async fn create(&mut self, room: &Room<'_>) -> Result<(), Failure> {
        // Each was answered, because the step is behind.
        let unanswered = || {
            Failure::Dialog(<serde_json::Error as serde::de::Error>::custom(
                "an answer is missing",
            ))
        };
        let wish = ListingCreate {
            actor: room.person.user_id,
            shop: self.shop,
            kind: self.kind.ok_or_else(unanswered)?,
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category.ok_or_else(unanswered)?,
            subcategory: self.subcategory.ok_or_else(unanswered)?,
            brand: self.brand,
            part_number: self.part_number.clone(),
            condition: self.condition.unwrap_or(Condition::New),
            place: self.place.ok_or_else(unanswered)?,
            attributes: self.fields.values.clone().into(),
            currency: self.currency.clone(),
            price_minor: self.price_minor,
            wholesale_price_minor: self.wholesale.map(|(price, _)| price),
            wholesale_min_quantity: self.wholesale.map(|(_, pieces)| pieces),
            stock_quantity: self.stock,
            contact_name: room.from.first_name.chars().take(100).collect(),
            contact_phone: self.contact_phone.clone(),
            contact_telegram: self.contact_telegram.clone(),
        };
        let made = market::listing_create(room.db, &wish).await?;
        self.listing = Some(made.listing_id);
        Ok(())
    }
}

/// What an answer is taken for.
enum Said {
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
    async fn take(
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
        let Some(field) = self.open_field(room).await? else {
            return Ok(Said::Answer);
        };
        if let Taken::Wrong(why) = self.fields.take(room, &field, input)? {
            return Ok(Said::Wrong(why));
        }
        Ok(match self.open_field(room).await? {
            Some(_) => Said::Partly,
            None => Said::Answer,
        })
    }

    async fn open_field(&self, room: &Room<'_>) -> Result<Option<catalog::Attribute>, Failure> {
        let (Some(kind), Some(category)) = (self.kind, self.subcategory) else {
            return Ok(None);
        };
        self.fields.open(room, kind, category).await
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

    pub async fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        match (self.step(), self.listing) {
            (Step::Fits, Some(listing)) => self.fits.ask(room, listing).await,
            (Step::Fields, _) => match self.open_field(room).await? {
                Some(field) => self.fields.ask(room, &field),
                None => nothing_to_fill_in(room),
            },
            (step, _) => self.ask_plain(room, step).await,
        }
    }

    /// How it will look, when that is what is asked about.
    pub async fn preview(&self, room: &Room<'_>) -> Result<Option<Pictures>, Failure> {
        match (self.step(), self.listing) {
            (Step::Confirm, Some(listing)) => show::post(room, listing).await,
            _ => Ok(None),
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
    use super::*;

    #[test]
    fn the_open_question_is_the_first_that_applies_and_going_back_takes_one_answer_back() {
        let mut sell = Sell {
            done: vec![Step::Seller],
            ..Sell::default()
        };
        assert_eq!(sell.step(), Step::Kind);
        assert!(!sell.can_go_back());
        sell.kind = Some(Kind::Service);
        sell.done
            .extend([Step::Kind, Step::Category, Step::Subcategory, Step::Title]);
        assert_eq!(
            sell.step(),
            Step::Fields,
            "a service has no number and brand"
        );
        sell.back();
        assert_eq!(sell.step(), Step::Title);
        sell.listing = Some(ListingId(1));
        assert!(!sell.can_go_back());
    }

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
