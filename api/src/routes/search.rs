//! Search over what is for sale: listings, facets, what was meant.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, Completion, Facet, FoundListing, ListingFacets, ListingSearch, SearchMissRecord,
    Suggestion,
};
use kardan_schema::{BrandId, CategoryId, Condition, GenerationId, Kind, ListingId, PlaceId, Sort};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::extract::{Ask, page};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_search => "market.listing_search", "market.search_miss_record";
        listing_facets => "market.listing_facets";
        search_suggest => "market.search_suggest";
        search_complete => "market.search_complete";
    );
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
    /// Only sellers whose reviews average so many stars or more.
    #[param(minimum = 1, maximum = 5)]
    min_rating: Option<i32>,
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
    if rows.is_empty() && search.after_key.is_none() {
        remember(&app, search).await;
    }
    Ok(Page::priced(rows, limit, |row| {
        (row.page_key, row.listing_id.0)
    }))
}

/// A search in vain is worth remembering, but not worth failing for.
async fn remember(app: &App, search: ListingSearch) {
    let miss = SearchMissRecord::from(search);
    if let Ok(db) = app.write().await
        && market::search_miss_record(&db, &miss).await.is_err()
    {
        tracing::warn!("a search without an answer was not remembered");
    }
}

/// What to count; what is left out does not matter.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FacetsAsk {
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
    /// Only sellers whose reviews average so many stars or more.
    #[param(minimum = 1, maximum = 5)]
    min_rating: Option<i32>,
}

/// How many listings each value of each filter leaves.
#[utoipa::path(get, path = "/v1/listings/facets", tag = "listings",
    responses((status = 200, description = "The values of every filter, the commonest first.", body = Page<Facet>)))]
async fn listing_facets(
    State(app): State<App>,
    Ask(ask): Ask<FacetsAsk>,
) -> Result<Json<Page<Facet>>> {
    let facets = ListingFacets {
        query: ask.query,
        kind: ask.kind,
        category: ask.category_id,
        subcategory: ask.subcategory_id,
        brand: ask.brand_id,
        place: ask.place_id,
        condition: ask.condition,
        price_min: ask.price_min,
        price_max: ask.price_max,
        currency: ask.currency,
        in_stock: ask.in_stock,
        generation: ask.generation_id,
        year: ask.year,
        attributes: object(ask.attributes.as_deref())?,
        min_rating: ask.min_rating,
    };
    let rows = market::listing_facets(&app.read().await?, &facets).await?;
    Ok(Page::whole(rows))
}

/// The words to look at.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WordsAsk {
    /// What somebody has written.
    query: String,
}

/// Did you mean: what each word of a query is understood as.
#[utoipa::path(get, path = "/v1/search/suggestions", tag = "listings",
    responses((status = 200, description = "The words in their order.", body = Page<Suggestion>)))]
async fn search_suggest(
    State(app): State<App>,
    Ask(ask): Ask<WordsAsk>,
) -> Result<Json<Page<Suggestion>>> {
    let rows = market::search_suggest(&app.read().await?, &ask.query).await?;
    Ok(Page::whole(rows))
}

/// Words that the last word of a query may become, the commonest first.
#[utoipa::path(get, path = "/v1/search/completions", tag = "listings",
    responses((status = 200, description = "At most ten words.", body = Page<Completion>)))]
async fn search_complete(
    State(app): State<App>,
    Ask(ask): Ask<WordsAsk>,
) -> Result<Json<Page<Completion>>> {
    let rows = market::search_complete(&app.read().await?, &ask.query, None).await?;
    Ok(Page::whole(rows))
}

/// Extra fields as they come in a query.
pub(super) fn object(text: Option<&str>) -> Result<Option<Value>> {
    match text.map(serde_json::from_str) {
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(error)) => {
            let problem = Problem::from(Own::ParameterInvalid);
            Err(problem.at("/attributes", Some(error.to_string())))
        }
        None => Ok(None),
    }
}

impl SearchAsk {
    fn of(self, limit: i32, after: Option<(i64, i64)>) -> Result<ListingSearch> {
        let attributes = object(self.attributes.as_deref())?;
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
            min_rating: self.min_rating,
        })
    }
}
