//! Search over published listings.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{BrandId, CategoryId, Condition, GenerationId, Kind, ListingId, PlaceId, Sort, Status};

row! {
    /// A listing as a list shows it.
    pub struct FoundListing {
        /// The listing.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life; a search finds what is published.
        pub status: Status,
        /// Its title.
        pub title: String,
        /// The category.
        pub category_id: CategoryId,
        /// The subcategory.
        pub subcategory_id: CategoryId,
        /// The brand; null when it is none of the catalogue's.
        pub brand_id: Option<BrandId>,
        /// The brand as it was written.
        pub brand_label: String,
        /// The part number as it was written; empty when there is none.
        pub part_number: String,
        /// The state of the thing.
        pub condition: Condition,
        /// Where it is sold.
        pub place_id: PlaceId,
        /// The currency of its prices.
        pub currency: String,
        /// The price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece from the wholesale quantity on, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// The quantity from which the wholesale price holds, in pieces.
        pub wholesale_min_quantity: Option<i32>,
        /// Pieces that can still be sold.
        pub stock_quantity: i32,
        /// Storage key of the first photo.
        pub cover_key: Option<String>,
        /// When it was published.
        pub published_at: DateTime<Utc>,
        /// The row's place in the order: with `listing_id` of the last row it asks for the next page.
        pub page_key: i64,
    }

    /// How many listings of a search a value of a filter leaves.
    pub struct Facet {
        /// The filter: `kind`, `category`, `subcategory`, `brand`, `place`, `condition`, `in_stock`, `price` or
        /// `attribute`.
        pub facet: String,
        /// The extra field, for the facet `attribute`.
        pub attribute: Option<String>,
        /// The value: an id or a word as the filter takes it; a price is its least and greatest in hundredths, as
        /// `20000-49999`.
        pub value: String,
        /// How many listings.
        pub count: i64,
        /// False: so many or more.
        pub is_exact: bool,
    }
}

entries! {
    "market";

    /// Finds published listings: by text, by part number and its analogues, by filters; none of them means any.
    fn listing_search[ListingSearch](
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
        /// The order; by relevance when none is given, which without a query is the newest first.
        sort: Option<Sort>,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `page_key` of the last row before this page.
        after_key: Option<i64>,
        /// `listing_id` of the last row before this page.
        after_id: Option<ListingId>,
        /// Only sellers with an average of so many stars or more, 1 to 5.
        min_rating: Option<i32>,
    ) -> many<FoundListing>;

    /// How many listings of the same search each value of each filter leaves, none of them zero.
    fn listing_facets[ListingFacets](
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
        /// Only sellers with an average of so many stars or more, 1 to 5.
        min_rating: Option<i32>,
    ) -> many<Facet>;
}
