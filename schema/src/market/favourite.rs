//! Favourites, and telling their people of lower prices.

use chrono::{DateTime, Utc};

use crate::{FavouriteState, ListingId, UserId};

row! {
    /// A listing that was put aside.
    pub struct FavouriteAdded {
        /// The listing.
        pub listing_id: ListingId,
        /// When it was put aside first.
        pub added_at: DateTime<Utc>,
    }

    /// A favourite and what has become of it.
    pub struct Favourite {
        /// The listing.
        pub listing_id: ListingId,
        /// When it was put aside; with the listing it is the key for the next page.
        pub added_at: DateTime<Utc>,
        /// What has become of it.
        pub state: FavouriteState,
        /// Its title; of what is withdrawn, the one that it had when it was put aside.
        pub title: String,
        /// The currency of its price.
        pub currency: String,
        /// The price of a piece in hundredths of the currency; none when it is withdrawn.
        pub price_minor: Option<i64>,
        /// Storage key of the first photo; none without photos and when it is withdrawn.
        pub cover_key: Option<String>,
    }
}

entries! {
    "market";

    /// Puts a listing among the favourites.
    fn favourite_add(actor: UserId, listing: ListingId) -> one<FavouriteAdded>;

    /// Takes a listing out of the favourites.
    fn favourite_remove(actor: UserId, listing: ListingId) -> none;

    /// The favourites of a person, the latest first.
    fn favourite_list[FavouriteList](
        /// The acting person.
        actor: UserId,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// When the last one of the page before was added.
        after_at: Option<DateTime<Utc>>,
        /// The last listing of the page before.
        after_listing: Option<ListingId>,
    ) -> many<Favourite>;

    /// Tells people that their favourites became cheaper.
    fn price_drops_run() -> none;
}
