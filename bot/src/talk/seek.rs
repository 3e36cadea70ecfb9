//! A search with filters: what was asked, what is filtered by, and the page that is shown, kept as any other conversation. Words
//! that are written while a page is shown are the next search, and the filters stay.

mod filter;
mod page;

use std::collections::BTreeMap;

use kardan_schema::market::{self, SavedSearchCreate};
use kardan_schema::{Condition, ListingId};
use serde::{Deserialize, Serialize};

use super::{Input, Next, Question, Room, Talk};
use crate::error::Failure;

pub use filter::Filter;

/// A search as far as it was narrowed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Seek {
    query: String,
    /// What is asked about now; none while a page is shown.
    open: Option<Filter>,
    /// What was written to find a choice.
    wanted: Option<String>,
    /// What was chosen of each filter: its number and its name.
    picked: BTreeMap<Filter, (i64, String)>,
    /// The least and the highest price in hundredths of a rouble.
    price: Option<(Option<i64>, Option<i64>)>,
    /// Behind what the page begins.
    after: Option<(i64, ListingId)>,
}

impl Seek {
    /// These words, which may be none, behind a place.
    pub fn of(query: &str, after: Option<(i64, ListingId)>) -> Self {
        Self {
            // One line, as a page shows it.
            query: query.split_whitespace().collect::<Vec<_>>().join(" "),
            after,
            ..Self::default()
        }
    }

    /// Begins with it.
    pub fn begin(self) -> Talk {
        Talk::Seek(Box::new(self))
    }

    /// The words, unless there are none.
    fn query(&self) -> Option<String> {
        Some(self.query.clone()).filter(|query| !query.is_empty())
    }

    /// Begins with a vehicle of the garage.
    pub async fn fitting(room: &Room<'_>, vehicle: i64) -> Result<Option<Talk>, Failure> {
        let mut seek = Self {
            open: Some(Filter::Vehicle),
            ..Self::default()
        };
        let is_theirs = seek.pick(room, Filter::Vehicle, vehicle).await?;
        Ok(is_theirs.then(|| seek.begin()))
    }

    /// What was chosen of a filter.
    fn of_filter<T>(&self, filter: Filter, make: impl FnOnce(i64) -> T) -> Option<T> {
        self.picked.get(&filter).map(|(id, _)| make(*id))
    }

    fn condition(&self) -> Option<Condition> {
        let place = self.of_filter(Filter::Condition, usize::try_from)?.ok()?;
        Condition::ALL.get(place).copied()
    }

    pub async fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        match self.open {
            Some(filter) => self.ask_filter(room, filter).await,
            None => self.page(room).await,
        }
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        match (input, self.open) {
            (Input::Text(text), None) => {
                self.query = Self::of(text, None).query;
                self.after = None;
            }
            (Input::Text(text), Some(Filter::Price)) => match filter::prices(text) {
                Some(price) => {
                    self.price = Some(price);
                    self.shown();
                }
                None => return Ok(Next::Again(room.say("seek.no_price", ())?)),
            },
            (Input::Text(text), Some(_)) => self.wanted = Some(text.trim().to_lowercase()),
            (Input::Tap("filter", name), None) => {
                self.open = Filter::of(name);
                self.wanted = None;
            }
            (Input::Tap("pick", id), Some(filter)) => {
                let is_known = match id.parse() {
                    Ok(id) => self.pick(room, filter, id).await?,
                    Err(_) => false,
                };
                if !is_known {
                    return Ok(Next::Again(room.say("talk.stale", ())?));
                }
            }
            (Input::Tap("any", _), Some(filter)) => {
                self.drop_filter(filter);
                self.shown();
            }
            (Input::Tap("more", place), None) => {
                self.after = crate::updates::place_of(place);
            }
            (Input::Tap("clear", _), None) => {
                *self = Self {
                    query: std::mem::take(&mut self.query),
                    ..Self::default()
                };
            }
            (Input::Tap("save", _), None) => {
                self.save(room).await?;
                return Ok(Next::Again(room.say("find.saved", ())?));
            }
            _ => return Ok(Next::Again(room.say("talk.stale", ())?)),
        }
        Ok(Next::Ask)
    }

    /// The first page is shown again.
    fn shown(&mut self) {
        self.open = None;
        self.wanted = None;
        self.after = None;
    }

    fn drop_filter(&mut self, filter: Filter) {
        self.picked.remove(&filter);
        match filter {
            Filter::Category => drop(self.picked.remove(&Filter::Subcategory)),
            Filter::Price => self.price = None,
            _ => {}
        }
    }

    /// Chooses one of what was offered; whether it was.
    async fn pick(&mut self, room: &Room<'_>, filter: Filter, id: i64) -> Result<bool, Failure> {
        let offered = self.choices(room, filter).await?;
        let Some(one) = offered.into_iter().find(|(one, _)| *one == id) else {
            return Ok(false);
        };
        self.drop_filter(filter);
        self.picked.insert(filter, one);
        self.shown();
        Ok(true)
    }

    /// Keeps the search with its filters: what is published from now on and matches is told.
    pub async fn save(&self, room: &Room<'_>) -> Result<(), Failure> {
        let search = self.search();
        let wish = SavedSearchCreate {
            actor: room.person.user_id,
            query: search.query,
            name: None,
            frequency: None,
            kind: search.kind,
            category: search.category,
            subcategory: search.subcategory,
            brand: search.brand,
            place: search.place,
            condition: search.condition,
            price_min: search.price_min,
            price_max: search.price_max,
            currency: search.currency,
            in_stock: search.in_stock,
            generation: search.generation,
            year: search.year,
            attributes: search.attributes,
            vehicle: self.of_filter(Filter::Vehicle, |id| id),
        };
        market::saved_search_create(room.db, &wish).await?;
        Ok(())
    }
}
