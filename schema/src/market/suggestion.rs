//! What a search may have meant, and what was searched for in vain.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::ListingSearch;
use crate::{BrandId, CategoryId, Condition, GenerationId, Kind, PlaceId, UserId};

row! {
    /// A word of a query and what it is understood as.
    pub struct Suggestion {
        /// Its place in the query, from 1.
        pub place: i32,
        /// The word as it was written.
        pub word: String,
        /// What it is understood as.
        pub understood: String,
        /// `same`, `typo`, `layout` (typed in the other keyboard layout), `layout_typo` or `unknown`.
        pub change: String,
        /// In about how many titles that stands; 0 when nobody knows.
        pub listings: i64,
    }

    /// A word that the last word of a query may become.
    pub struct Completion {
        /// The word.
        pub word: String,
        /// In about how many titles it stands.
        pub listings: i64,
    }

    /// What was searched for and not found.
    pub struct SearchMiss {
        /// The query in one spelling.
        pub query: String,
        /// How often.
        pub count: i64,
        /// The first time.
        pub first_at: DateTime<Utc>,
        /// The last time.
        pub last_at: DateTime<Utc>,
        /// The filters of the last time, by name.
        pub filters: Value,
    }
}

entries! {
    "market";

    /// Did you mean: what each word of a query is understood as.
    fn search_suggest(query: &str) -> many<Suggestion>;

    /// Words that the last word of a query may become.
    fn search_complete(query: &str, limit: Option<i32>) -> many<Completion>;

    /// Remembers a search that found nothing.
    fn search_miss_record[SearchMissRecord](
        /// The words.
        query: Option<String>,
        /// What is for sale.
        kind: Option<Kind>,
        /// The category.
        category: Option<CategoryId>,
        /// The subcategory.
        subcategory: Option<CategoryId>,
        /// The brand.
        brand: Option<BrandId>,
        /// The place of sale.
        place: Option<PlaceId>,
        /// The state of the thing.
        condition: Option<Condition>,
        /// The least price of a piece in hundredths of the currency.
        price_min: Option<i64>,
        /// The highest price of a piece in hundredths of the currency.
        price_max: Option<i64>,
        /// The currency; when prices are asked about and none is given, roubles.
        currency: Option<String>,
        /// True leaves out what cannot be bought now.
        in_stock: Option<bool>,
        /// The generation of vehicles that it must fit.
        generation: Option<GenerationId>,
        /// The year of that vehicle.
        year: Option<i32>,
        /// Extra fields and their values.
        attributes: Option<Value>,
    ) -> none;

    /// The commonest searches without an answer, for moderators.
    fn search_miss_list[SearchMissList](
        /// The acting person.
        actor: UserId,
        /// From then on; a week before the end when none is given.
        from: Option<DateTime<Utc>>,
        /// Before that; now when none is given.
        to: Option<DateTime<Utc>>,
        /// Rows, at most 100; none means 20.
        limit: Option<i32>,
    ) -> many<SearchMiss>;

    /// Counts in a sample how common words are.
    fn search_counts_refresh() -> none;
}

impl From<ListingSearch> for SearchMissRecord {
    /// What a search that found nothing is remembered by.
    fn from(search: ListingSearch) -> Self {
        Self {
            query: search.query,
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
        }
    }
}
