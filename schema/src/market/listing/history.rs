//! What happened to a listing: the steps of its life and its prices.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{ListingId, Status, UserId};

row! {
    /// A step in the life of a listing.
    pub struct ListingEvent {
        /// Its number; with the time it is the key for the next page.
        pub event_id: i64,
        /// When it happened.
        pub at: DateTime<Utc>,
        /// What happened, for example `submitted`.
        pub event: String,
        /// Where the listing was; none at its birth.
        pub from_status: Option<Status>,
        /// Where it came to.
        pub to_status: Status,
        /// Who did it; none for a job.
        pub actor_id: Option<UserId>,
        /// What else is to be said, for example the reason of a rejection.
        pub details: Value,
    }

    /// A price that a listing had from some moment on.
    pub struct ListingPrice {
        /// Its number, the key for the next page.
        pub price_id: i64,
        /// Since when.
        pub at: DateTime<Utc>,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale began.
        pub wholesale_min_quantity: Option<i32>,
        /// Who set it.
        pub changed_by: UserId,
    }
}

entries! {
    "market";

    /// The steps in the life of a listing, the latest first.
    fn listing_event_list[ListingEventList](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// At most this many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The time of the last event of the page before.
        after_at: Option<DateTime<Utc>>,
        /// The number of the last event of the page before.
        after_id: Option<i64>,
    ) -> many<ListingEvent>;

    /// The prices of a listing, the latest first.
    fn listing_price_list[ListingPriceList](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// At most this many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The number of the last price of the page before.
        after: Option<i64>,
    ) -> many<ListingPrice>;
}
