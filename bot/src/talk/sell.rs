//! A new listing: what is asked in which order, and what an answer is taken for. The draft lives in the dialog until everything that
//! a listing must have is said; from then on it is a draft of the market, with photos and vehicles.

mod ask;
mod take;

pub use ask::nothing_to_fill_in;
use take::Said;
pub use take::contact;

use kardan_schema::market::{self, ListingCreate};
use kardan_schema::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, ShopId};
use serde::{Deserialize, Serialize};

use super::fields::Fields;
use super::fits::Fits;
use super::{Input, Next, Question, Room, Talk};
use crate::cards;
use crate::error::Failure;
use crate::updates::Pictures;

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
    pub async fn begin(room: &Room<'_>) -> Result<Option<Talk>, Failure> {
        let shops = market::shop_list_mine(room.db, room.person.user_id, Some(1), None).await?;
        let mut sell = Self {
            currency: "RUB".to_owned(),
            stock: 1,
            ..Self::default()
        };
        if shops.is_empty() {
            sell.done.push(Step::Seller);
        }
        Ok(Some(Talk::Sell(Box::new(sell))))
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

impl Sell {
    pub async fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        match (self.step(), self.listing) {
            (Step::Fits, Some(listing)) => self.fits.ask(room, listing).await,
            (Step::Fields, _) => match self.fields.open(&self.form(room).await?) {
                Some(field) => self.fields.ask(room, field),
                None => nothing_to_fill_in(room),
            },
            (step, _) => self.ask_plain(room, step).await,
        }
    }

    /// How it will look, when that is what is asked about.
    pub async fn preview(&self, room: &Room<'_>) -> Result<Option<Pictures>, Failure> {
        match (self.step(), self.listing) {
            (Step::Confirm, Some(listing)) => cards::post::preview(room, listing).await,
            _ => Ok(None),
        }
    }
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
}
