//! Saved searches and what they have found.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    BrandId, CategoryId, Condition, Frequency, GenerationId, Kind, ListingId, PlaceId,
    SavedSearchId, UserId,
};

row! {
    /// A search that its person is told new matches of; a filter that is not set is null.
    pub struct SavedSearch {
        /// The saved search.
        pub saved_search_id: SavedSearchId,
        /// What its person calls it.
        pub name: String,
        /// The words; may be empty.
        pub query: String,
        /// What is for sale.
        pub kind: Option<Kind>,
        /// The category.
        pub category_id: Option<CategoryId>,
        /// The subcategory.
        pub subcategory_id: Option<CategoryId>,
        /// The brand.
        pub brand_id: Option<BrandId>,
        /// The place of sale.
        pub place_id: Option<PlaceId>,
        /// The state of the thing.
        pub condition: Option<Condition>,
        /// The least price of a piece in hundredths of the currency.
        pub price_min: Option<i64>,
        /// The highest price of a piece in hundredths of the currency.
        pub price_max: Option<i64>,
        /// The currency of these prices.
        pub currency: Option<String>,
        /// True: only what can be bought now.
        pub in_stock: Option<bool>,
        /// The generation of vehicles that it must fit.
        pub generation_id: Option<GenerationId>,
        /// The year of that vehicle.
        pub year: Option<i32>,
        /// Extra fields and their values.
        pub attributes: Option<Value>,
        /// When new matches are told.
        pub frequency: Frequency,
        /// When it was saved.
        pub created_at: DateTime<Utc>,
        /// When it changed last.
        pub updated_at: DateTime<Utc>,
        /// Grows with every change.
        pub version: i32,
        /// The vehicle of the garage that `generation_id` and `year` follow.
        pub vehicle_id: Option<i64>,
    }

    /// What a saved search has found, for its person.
    pub struct SearchAlert {
        /// The alert.
        pub alert_id: i64,
        /// The saved search.
        pub saved_search_id: SavedSearchId,
        /// Its name.
        pub search_name: String,
        /// What it found.
        pub listing_id: ListingId,
        /// The listing's title.
        pub title: String,
        /// The currency of its price.
        pub currency: String,
        /// The price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// Storage key of the first photo.
        pub cover_key: Option<String>,
        /// When it was published.
        pub published_at: DateTime<Utc>,
        /// When it was found.
        pub found_at: DateTime<Utc>,
    }

    /// An alert to deliver.
    pub struct DueAlert {
        /// The alert.
        pub alert_id: i64,
        /// The saved search; its alerts stand together.
        pub saved_search_id: SavedSearchId,
        /// Its name.
        pub search_name: String,
        /// How often its person wants to be told.
        pub frequency: Frequency,
        /// Whom to tell.
        pub user_id: UserId,
        /// What was found.
        pub listing_id: ListingId,
        /// The listing's title.
        pub title: String,
        /// The currency of its price.
        pub currency: String,
        /// The price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// Storage key of the first photo.
        pub cover_key: Option<String>,
        /// When it was found.
        pub found_at: DateTime<Utc>,
    }

    /// What was told of saved searches.
    pub struct ToldAlerts {
        /// So many matches.
        pub alert_count: i32,
        /// In so many notices.
        pub notice_count: i32,
    }
}

entries! {
    "market";

    /// Saves a search; the same query and filters are one saved search.
    fn saved_search_create[SavedSearchCreate](
        /// The acting person.
        actor: UserId,
        /// What to call it, 1 to 100 characters; the query when none is given.
        name: Option<String>,
        /// When to tell new matches; daily when none is given.
        frequency: Option<Frequency>,
        /// Words in Russian or English, or a part number in any spelling.
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
        /// A vehicle of the garage that it must fit, instead of generation and year.
        vehicle: Option<i64>,
    ) -> one<SavedSearch>;

    /// The saved searches of a person, at most 50.
    fn saved_search_list(actor: UserId) -> many<SavedSearch>;

    /// Changes name or frequency.
    fn saved_search_update[SavedSearchUpdate](
        /// The acting person.
        actor: UserId,
        /// The saved search.
        saved_search: SavedSearchId,
        /// The version that was read; none: whichever it is.
        version: Option<i32>,
        /// The new name; none: as it was.
        name: Option<String>,
        /// The new frequency; none: as it was.
        frequency: Option<Frequency>,
    ) -> one<SavedSearch>;

    /// Deletes a saved search and what it has found.
    fn saved_search_delete(actor: UserId, saved_search: SavedSearchId) -> none;

    /// What saved searches of a person have found and is still to be seen, the latest first.
    fn search_alert_list[SearchAlertList](
        /// The acting person.
        actor: UserId,
        /// Only of this saved search.
        saved_search: Option<SavedSearchId>,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `alert_id` of the last row before this page.
        after: Option<i64>,
    ) -> many<SearchAlert>;

    /// Alerts to deliver now; the caller has them for five minutes.
    fn search_alert_take(limit: Option<i32>) -> many<DueAlert>;

    /// These alerts were delivered.
    fn search_alert_told(alerts: Vec<i64>) -> none;

    /// Alerts that are due become notices.
    fn search_alerts_tell(limit: Option<i32>) -> one<ToldAlerts>;

    /// Finds new listings for saved searches.
    fn search_news_run() -> none;

    /// Forgets what was found of listings that ended long ago.
    fn search_alerts_purge() -> none;
}
