//! What listings, sellers and the platform come to, day by day.

use chrono::{DateTime, Utc};

use crate::{ListingId, ShopId, UserId};

row! {
    /// A day of a listing.
    pub struct ListingDay {
        /// The beginning of the day, UTC.
        pub day: DateTime<Utc>,
        /// Views, one a viewer.
        pub views: i32,
        /// Clicks on the contacts.
        pub clicks: i32,
        /// Different people and visitors among them.
        pub people: i32,
        /// Deals that were asked for.
        pub deals_requested: i32,
        /// Deals that were completed.
        pub deals_completed: i32,
        /// Clicks by view; null without views.
        pub conversion: Option<f64>,
    }

    /// Where a listing stands.
    pub struct ListingPlace {
        /// Its place in its subcategory, the latest first, from 1; null when it is not in search or very far down.
        pub place: Option<i32>,
        /// How many of all subcategories are before it, as far as was looked.
        pub looked_at: i32,
    }

    /// A day of a seller or of the platform.
    pub struct SellerDay {
        /// The beginning of the day, UTC.
        pub day: DateTime<Utc>,
        /// Views of all listings.
        pub views: i64,
        /// Clicks on their contacts.
        pub clicks: i64,
        /// Deals that were asked for.
        pub deals_requested: i64,
        /// Deals that were completed.
        pub deals_completed: i64,
    }

    /// What completed deals of a day came to in a currency.
    pub struct TurnoverDay {
        /// The beginning of the day, UTC.
        pub day: DateTime<Utc>,
        /// ISO 4217.
        pub currency: String,
        /// Completed deals.
        pub deals: i64,
        /// Their sum, in minor units.
        pub total_minor: i64,
    }
}

entries! {
    "market";

    /// The last 1 to 366 days of a listing; none: 30.
    fn listing_figures(actor: UserId, listing: ListingId, days: Option<i32>) -> many<ListingDay>;

    /// The place of a listing in its subcategory.
    fn listing_place(actor: UserId, listing: ListingId) -> one<ListingPlace>;

    /// The last 1 to 366 days of the acting person's listings, or of a shop's.
    fn seller_figures(actor: UserId, shop: Option<ShopId>, days: Option<i32>) -> many<SellerDay>;

    /// The completed deals of the same.
    fn seller_turnover(actor: UserId, shop: Option<ShopId>, days: Option<i32>) -> many<TurnoverDay>;

    /// The last 1 to 366 days of the platform.
    fn platform_figures(actor: UserId, days: Option<i32>) -> many<SellerDay>;

    /// The completed deals of the platform.
    fn platform_turnover(actor: UserId, days: Option<i32>) -> many<TurnoverDay>;

    /// Rolls up what happened since it last did.
    fn figures_roll() -> none;

    /// Fails when what is kept of the day before yesterday is not what a recount gives.
    fn figures_check() -> none;
}
