//! Search over what is for sale.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{self, FoundListing, ListingSearch};
use kardan_schema::{BrandId, CategoryId, Condition, GenerationId, Kind, ListingId, PlaceId, Sort};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::answer::{Page, Result};
use crate::app::App;
use crate::extract::{Ask, page};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table; listing_search => "market.listing_search";);
}

/// What to look for; what is left out does not matter.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SearchAsk {
    /// Words in Russian or English, or a part number in any spelling.
    query: Option<String>,
    /// What is for sale.
    kind: Option<Kind>,
    /// The category.
    category_id: Option<CategoryId>,
    /// The subcategory.
    subcategory_id: Option<CategoryId>,
    /// The brand.
    brand_id: Option<BrandId>,
    /// The place of sale.
    place_id: Option<PlaceId>,
    /// The state of the thing.
    condition: Option<Condition>,
    /// The least price of a piece in hundredths of the currency.
    price_min: Option<i64>,
    /// The highest price of a piece in hundredths of the currency.
    price_max: Option<i64>,
    /// The currency of these prices; without it, roubles.
    currency: Option<String>,
    /// True leaves out what cannot be bought now.
    in_stock: Option<bool>,
    /// The generation of vehicles that it must fit.
    generation_id: Option<GenerationId>,
    /// The year of that vehicle.
    year: Option<i32>,
    /// Extra fields and their values, as a JSON object.
    attributes: Option<String>,
    /// The order.
    sort: Option<Sort>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Find what is for sale.
#[utoipa::path(get, path = "/v1/listings", tag = "listings",
    responses((status = 200, description = "A part of what was found.", body = Page<FoundListing>)))]
async fn listing_search(State(app): State<App>, Ask(ask): Ask<SearchAsk>) -> Result<Response> {
    let (limit, after) = page::<(i64, i64)>(ask.limit, ask.cursor.as_deref())?;
    let search = ask.of(limit, after)?;
    let rows = market::listing_search(&app.read().await?, &search).await?;
    Ok(Page::priced(rows, limit, |row| {
        (row.page_key, row.listing_id.0)
    }))
}

impl SearchAsk {
    fn of(self, limit: i32, after: Option<(i64, i64)>) -> Result<ListingSearch> {
        let attributes: Option<Value> = match self.attributes.as_deref().map(serde_json::from_str) {
            Some(Ok(value)) => Some(value),
            Some(Err(error)) => {
                let problem = Problem::from(Own::ParameterInvalid);
                return Err(problem.at("/attributes", Some(error.to_string())));
            }
            None => None,
        };
        Ok(ListingSearch {
            query: self.query,
            kind: self.kind,
            category: self.category_id,
            subcategory: self.subcategory_id,
            brand: self.brand_id,
            place: self.place_id,
            condition: self.condition,
            price_min: self.price_min,
            price_max: self.price_max,
            currency: self.currency,
            in_stock: self.in_stock,
            generation: self.generation_id,
            year: self.year,
            attributes,
            sort: self.sort,
            limit: Some(limit),
            after_key: after.map(|key| key.0),
            after_id: after.map(|key| ListingId(key.1)),
        })
    }
}
