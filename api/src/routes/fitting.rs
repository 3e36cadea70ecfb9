//! What fits a vehicle of the acting person's garage.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{self, FoundListing, GarageSearch};
use kardan_schema::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, Sort, UserId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::search::object;
use crate::answer::{Page, Result};
use crate::app::App;
use crate::auth::Read;
use crate::extract::{Ask, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        garage_search => "market.garage_search";
    );
}

/// What to look for; what is left out does not matter.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FittingAsk {
    /// The vehicle of the garage; without it, the usual one.
    vehicle_id: Option<i64>,
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

impl FittingAsk {
    fn of(self, actor: UserId, limit: i32, after: Option<(i64, i64)>) -> Result<GarageSearch> {
        Ok(GarageSearch {
            actor,
            vehicle: self.vehicle_id,
            attributes: object(self.attributes.as_deref())?,
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
            sort: self.sort,
            limit: Some(limit),
            after_key: after.map(|key| key.0),
            after_id: after.map(|key| ListingId(key.1)),
        })
    }
}

/// Find what fits my car: a search that asks for the generation and year of a saved vehicle. One without a generation is
/// refused, and `detail` names what to choose first.
#[utoipa::path(get, path = "/v1/me/fitting-listings", tag = "me",
    responses((status = 200, description = "A part of what was found.", body = Page<FoundListing>)))]
async fn garage_search(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<FittingAsk>,
) -> Result<Response> {
    let (limit, after) = page::<(i64, i64)>(ask.limit, ask.cursor.as_deref())?;
    let search = ask.of(me.user, limit, after)?;
    let rows = market::garage_search(&app.write().await?, &search).await?;
    Ok(Page::priced(rows, limit, |row| {
        (row.page_key, row.listing_id.0)
    }))
}
