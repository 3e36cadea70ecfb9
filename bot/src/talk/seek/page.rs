//! The page that a narrowed search shows.

use kardan_schema::market::{self, FoundListing, GarageSearch, ListingSearch};
use kardan_schema::{CategoryId, PlaceId};
use serde_json::json;

use super::super::{Question, Room};
use super::{Filter, Seek};
use crate::cards;
use crate::error::Failure;

impl Seek {
    async fn found(&self, room: &Room<'_>) -> Result<Vec<FoundListing>, Failure> {
        let wish = self.search();
        let vehicle = self.of_filter(Filter::Vehicle, |id| id);
        if vehicle.is_none() {
            return Ok(market::listing_search(room.db, &wish).await?);
        }
        let wish = GarageSearch {
            actor: room.person.user_id,
            vehicle,
            query: wish.query,
            kind: wish.kind,
            category: wish.category,
            subcategory: wish.subcategory,
            brand: wish.brand,
            place: wish.place,
            condition: wish.condition,
            price_min: wish.price_min,
            price_max: wish.price_max,
            currency: wish.currency,
            in_stock: wish.in_stock,
            attributes: wish.attributes,
            sort: wish.sort,
            limit: wish.limit,
            after_key: wish.after_key,
            after_id: wish.after_id,
        };
        Ok(market::garage_search(room.db, &wish).await?)
    }

    /// What the market is asked for a page, but for the vehicle.
    pub fn search(&self) -> ListingSearch {
        let (price_min, price_max) = self.price.unwrap_or_default();
        ListingSearch {
            query: self.query(),
            kind: None,
            category: self.of_filter(Filter::Category, CategoryId),
            subcategory: self.of_filter(Filter::Subcategory, CategoryId),
            brand: None,
            place: self.of_filter(Filter::Place, PlaceId),
            condition: self.condition(),
            price_min,
            price_max,
            currency: None,
            in_stock: None,
            generation: None,
            year: None,
            attributes: None,
            sort: None,
            limit: cards::asked(),
            after_key: self.after.map(|(key, _)| key),
            after_id: self.after.map(|(_, listing)| listing),
            min_rating: None,
        }
    }

    pub(super) async fn page(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let found = self.found(room).await?;
        let (shown, last) = cards::page(&found);
        let shown: Vec<_> = shown
            .iter()
            .map(|one| {
                let link = room.desk.link(&format!("l_{}", one.listing_id));
                json!({ "it": one, "link": link })
            })
            .collect();
        let picked: Vec<_> = self.picked.values().map(|(_, name)| name).collect();
        let (least, most) = self.price.unwrap_or_default();
        let data = json!({
            "query": self.query, "picked": picked, "least": least, "most": most, "listings": shown,
        });
        let mut question = Question::new(room.say("seek.page", data)?);
        let mut filters = Vec::new();
        for filter in Filter::ALL {
            let is_of_category = filter == Filter::Subcategory;
            if is_of_category && !self.picked.contains_key(&Filter::Category) {
                continue;
            }
            let word = filter.word();
            filters.push(room.button(&format!("seek.{word}"), format!("d:filter:{word}"))?);
        }
        question.add(filters, 3);
        let mut row = Vec::new();
        if !self.picked.is_empty() || self.price.is_some() {
            row.push(room.button("seek.clear", "d:clear:")?);
        }
        row.push(room.button("find.save", "d:save:")?);
        if let Some(last) = last {
            let place = format!("d:more:{}:{}", last.page_key, last.listing_id);
            row.push(room.button("find.more", place)?);
        }
        question.rows.push(row);
        Ok(question)
    }
}
