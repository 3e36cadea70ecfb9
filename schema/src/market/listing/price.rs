//! Prices and stock: what changes without a moderator. Their history is in `history`.

use chrono::{DateTime, Utc};

use crate::{ListingId, Status, UserId};

row! {
    /// The prices of a listing.
    pub struct ListingPrices {
        /// The listing.
        pub listing_id: ListingId,
        /// The version to name in the next change.
        pub version: i32,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins.
        pub wholesale_min_quantity: Option<i32>,
    }

    /// The prices of a listing as they are and as its posts in channels show them.
    pub struct ListingPriceState {
        /// The listing.
        pub listing_id: ListingId,
        /// The version to name in the next change.
        pub version: i32,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins.
        pub wholesale_min_quantity: Option<i32>,
        /// The price of a piece when it was published last; none before that.
        pub published_price_minor: Option<i64>,
        /// The price of a piece in wholesale when it was published last.
        pub published_wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale began when it was published last.
        pub published_wholesale_min_quantity: Option<i32>,
        /// Since when the posts show another price; none while they do not.
        pub differs_since: Option<DateTime<Utc>>,
    }

    /// The stock of a listing.
    pub struct ListingStock {
        /// The listing.
        pub listing_id: ListingId,
        /// Where it is now: with the last piece gone it is sold, or reserved while pieces are held.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
        /// Pieces for sale; those held for buyers are not counted.
        pub stock_quantity: i32,
    }

    /// What a quantity costs.
    pub struct ListingQuote {
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of each piece at this quantity, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of all of them, in hundredths of the currency.
        pub total_minor: i64,
        /// Whether it is the wholesale price.
        pub is_wholesale: bool,
    }
}

entries! {
    "market";

    /// Sets the prices of a listing.
    fn listing_price_set[ListingPriceSet](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// The price of a piece, in hundredths of the listing's currency.
        price_minor: i64,
        /// The price of a piece in wholesale; none: no wholesale.
        wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins; none: no wholesale.
        wholesale_min_quantity: Option<i32>,
    ) -> one<ListingPrices>;

    /// The prices of a listing, now and when it was published last.
    fn listing_price_get(actor: UserId, listing: ListingId) -> one<ListingPriceState>;

    /// Sets how many pieces are for sale.
    fn listing_stock_set[ListingStockSet](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// Pieces for sale; those held for buyers are not counted.
        stock_quantity: i32,
    ) -> one<ListingStock>;

    /// What a quantity of a listing costs; none when the listing is not shown.
    fn listing_quote(listing: ListingId, quantity: i32) -> opt<ListingQuote>;
}
