//! The questions about a new listing.

use kardan_schema::catalog::{self, Category};
use kardan_schema::market;
use kardan_schema::{CategoryId, Condition, Kind};
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::{Question, Room, Sell, Step};
use crate::error::Failure;

/// Buttons of a question.
const MOST: usize = 24;

/// A category without extra fields, after they were taken away while somebody filled them in.
pub fn nothing_to_fill_in(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.fields", ())?);
    question.last(room.button("talk.next", "d:field:next")?);
    Ok(question)
}

impl Sell {
    /// A question that needs nothing of the draft.
    pub(super) async fn ask_plain(&self, room: &Room<'_>, step: Step) -> Result<Question, Failure> {
        match step {
            Step::Seller => self.ask_seller(room).await,
            Step::Kind => ask_kind(room),
            Step::Category => self.ask_category(room).await,
            Step::Subcategory => self.ask_subcategory(room).await,
            Step::Brand => self.ask_brand(room).await,
            Step::Condition => ask_condition(room),
            Step::Place => self.ask_place(room).await,
            Step::Stock => ask_stock(room),
            Step::Contact => ask_contact(room),
            Step::Photos => self.ask_photos(room),
            Step::Confirm => ask_confirm(room),
            Step::Number => skippable(room, "sell.number", "d:number:skip"),
            Step::Description => skippable(room, "sell.description", "d:description:skip"),
            Step::Wholesale => skippable(room, "sell.wholesale", "d:wholesale:skip"),
            Step::Title => Ok(Question::new(room.say("sell.title", ())?)),
            Step::Price => Ok(Question::new(room.say("sell.price", ())?)),
            Step::Fields | Step::Fits => nothing_to_fill_in(room),
        }
    }

    async fn ask_seller(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let mut question = Question::new(room.say("sell.seller", ())?);
        question.last(room.button("sell.myself", "d:seller:0")?);
        let shops = market::shop_list_mine(room.db, room.person.user_id, Some(20), None).await?;
        for shop in shops {
            let data = format!("d:seller:{}", shop.shop_id);
            question.last(InlineKeyboardButton::callback(shop.name, data));
        }
        Ok(question)
    }

    async fn ask_category(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let all = catalog::category_list(room.db, self.kind.unwrap_or(Kind::Part)).await?;
        let data = json!({ "wanted": self.wanted });
        let mut question = Question::new(room.say("sell.category", data)?);
        let buttons: Vec<_> = match &self.wanted {
            None => tops(&all)
                .map(|top| category(room, top, format!("d:category:{}", top.category_id)))
                .collect(),
            Some(wanted) => found(&all, wanted)
                .map(|(top, sub)| category(room, sub, format!("d:both:{top}:{}", sub.category_id)))
                .collect(),
        };
        question.add(buttons.into_iter().take(MOST).collect(), 2);
        Ok(question)
    }

    async fn ask_subcategory(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let all = catalog::category_list(room.db, self.kind.unwrap_or(Kind::Part)).await?;
        let mut question = Question::new(room.say("sell.subcategory", ())?);
        let buttons = all
            .iter()
            .filter(|one| one.parent_id.is_some() && one.parent_id == self.category)
            .filter(|one| {
                self.wanted
                    .as_deref()
                    .is_none_or(|wanted| is_named(one, wanted))
            })
            .take(MOST)
            .map(|sub| category(room, sub, format!("d:subcategory:{}", sub.category_id)));
        question.add(buttons.collect(), 2);
        Ok(question)
    }

    async fn ask_brand(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let data = json!({ "wanted": self.wanted });
        let mut question = Question::new(room.say("sell.brand", data)?);
        if let Some(wanted) = &self.wanted {
            let found = catalog::brand_search(room.db, Some(wanted), Some(8)).await?;
            let buttons = found.into_iter().map(|brand| {
                InlineKeyboardButton::callback(brand.name, format!("d:brand:{}", brand.brand_id))
            });
            question.add(buttons.collect(), 2);
        }
        question.last(room.button("sell.no_brand", "d:brand:0")?);
        Ok(question)
    }

    async fn ask_place(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let data = json!({ "wanted": self.wanted });
        let mut question = Question::new(room.say("sell.place", data)?);
        let found = catalog::place_list(room.db, self.wanted.as_deref(), Some(8)).await?;
        let buttons = found.iter().map(|place| {
            let name = room.of(&place.name_ru, &place.name_en);
            InlineKeyboardButton::callback(name, format!("d:place:{}", place.place_id))
        });
        question.add(buttons.collect(), 2);
        Ok(question)
    }

    fn ask_photos(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let data = json!({ "count": self.photos });
        let mut question = Question::new(room.say("sell.photos", data)?);
        let done = if self.photos == 0 {
            "talk.skip"
        } else {
            "talk.done"
        };
        question.last(room.button(done, "d:photos:done")?);
        Ok(question)
    }
}

fn ask_kind(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.kind", ())?);
    for kind in [Kind::Part, Kind::Car, Kind::Service] {
        let name = format!("kind.{kind}");
        question.last(room.button(&name, format!("d:kind:{kind}"))?);
    }
    Ok(question)
}

fn ask_condition(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.condition", ())?);
    for condition in Condition::ALL {
        let name = format!("condition.{condition}");
        question.last(room.button(&name, format!("d:condition:{condition}"))?);
    }
    Ok(question)
}

fn ask_stock(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.stock", ())?);
    let buttons = [1, 2, 4, 10]
        .map(|pieces: i32| {
            InlineKeyboardButton::callback(pieces.to_string(), format!("d:stock:{pieces}"))
        })
        .to_vec();
    question.add(buttons, 4);
    Ok(question)
}

fn ask_contact(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.contact", ())?);
    if let Some(name) = &room.from.username {
        question.last(InlineKeyboardButton::callback(
            format!("@{name}"),
            "d:contact:me",
        ));
    }
    Ok(question)
}

fn ask_confirm(room: &Room<'_>) -> Result<Question, Failure> {
    let mut question = Question::new(room.say("sell.confirm", ())?);
    question.last(room.button("sell.submit", "d:confirm:submit")?);
    question.last(room.button("sell.keep", "d:confirm:keep")?);
    Ok(question)
}

fn skippable(room: &Room<'_>, name: &str, data: &str) -> Result<Question, Failure> {
    let mut question = Question::new(room.say(name, ())?);
    question.last(room.button("talk.skip", data)?);
    Ok(question)
}

fn category(room: &Room<'_>, one: &Category, data: String) -> InlineKeyboardButton {
    InlineKeyboardButton::callback(room.of(&one.name_ru, &one.name_en), data)
}

fn tops(all: &[Category]) -> impl Iterator<Item = &Category> {
    all.iter().filter(|one| one.parent_id.is_none())
}

/// Subcategories by words in their own name or their category's, each with its category.
fn found<'a>(
    all: &'a [Category],
    wanted: &'a str,
) -> impl Iterator<Item = (CategoryId, &'a Category)> {
    all.iter().filter_map(move |sub| {
        let top = sub.parent_id?;
        let is_of_top = tops(all).any(|one| one.category_id == top && is_named(one, wanted));
        (is_named(sub, wanted) || is_of_top).then_some((top, sub))
    })
}

fn is_named(one: &Category, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    [&one.name_ru, &one.name_en]
        .iter()
        .any(|name| name.to_lowercase().contains(&wanted))
}
