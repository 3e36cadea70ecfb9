//! Advertising inside the marketplace: orders of sellers, what moderators decide, and what is shown where.

use chrono::{DateTime, Utc};

use crate::{ListingId, ShopId, UserId};

row! {
    /// An order to show a listing elsewhere.
    pub struct Promotion {
        /// The order.
        pub promotion_id: i64,
        /// `insertion` or `post`.
        pub kind: String,
        /// The listing that it is for.
        pub listing_id: ListingId,
        /// Its title.
        pub title: String,
        /// Who ordered.
        pub created_by: UserId,
        /// What it says.
        pub text: String,
        /// Categories in whose listings alone it is shown; empty: in all.
        pub wanted_categories: Vec<i64>,
        /// Categories in whose listings it is not shown.
        pub excluded_categories: Vec<i64>,
        /// From when on it runs.
        pub begins_at: DateTime<Utc>,
        /// Until when it runs.
        pub ends_at: DateTime<Utc>,
        /// How often it is to be shown; null: until the end.
        pub impressions_wanted: Option<i32>,
        /// `requested`, `approved`, `rejected` or `cancelled`.
        pub state: String,
        /// Of the price, ISO 4217; null before it is approved.
        pub currency: Option<String>,
        /// What it costs, in minor units; null before it is approved.
        pub price_minor: Option<i64>,
        /// `unpaid`, `paid` or `refunded`.
        pub payment: String,
        /// When it was paid.
        pub paid_at: Option<DateTime<Utc>>,
        /// Why it was refused.
        pub reason: Option<String>,
        /// When a post went to the channels.
        pub posted_at: Option<DateTime<Utc>>,
        /// When its people were told that it runs.
        pub started_at: Option<DateTime<Utc>>,
        /// When the job saw that it is over, and its people were told.
        pub ended_at: Option<DateTime<Utc>>,
        /// Since when its people have stopped it; null while they have not.
        pub paused_at: Option<DateTime<Utc>>,
        /// Since when a moderator has stopped it; null while none has.
        pub held_at: Option<DateTime<Utc>>,
        /// Why a moderator has stopped it.
        pub hold_reason: Option<String>,
        /// How often it was shown.
        pub shown: i64,
        /// How often it was followed.
        pub clicked: i64,
        /// When it was ordered.
        pub created_at: DateTime<Utc>,
    }

    /// What the slot of a listing shows.
    pub struct PromotionShown {
        /// The order; null for what a moderator put there.
        pub promotion_id: Option<i64>,
        /// What it says.
        pub text: String,
        /// Where it leads, of what a moderator put there.
        pub url: Option<String>,
        /// The listing that it leads to, of an order.
        pub listing_id: Option<ListingId>,
        /// The title of that listing.
        pub title: Option<String>,
        /// The currency of its price, ISO 4217.
        pub currency: Option<String>,
        /// Its price in minor units.
        pub price_minor: Option<i64>,
        /// The key of its photo.
        pub cover_key: Option<String>,
    }

    /// What an order costs in Stars of Telegram.
    pub struct StarsQuote {
        /// The order.
        pub promotion_id: i64,
        /// The listing that it is for.
        pub listing_id: ListingId,
        /// Its title.
        pub title: String,
        /// What the advertisement says.
        pub text: String,
        /// Of the price, ISO 4217.
        pub currency: String,
        /// What it costs, in minor units.
        pub price_minor: i64,
        /// The same in Stars.
        pub stars: i32,
    }

    /// What became of a payment in Stars.
    pub struct StarsTaken {
        /// The payment.
        pub payment_id: i64,
        /// `applied`, `stray`, `refunding` or `refunded`.
        pub state: String,
        /// The order; null when none is known.
        pub promotion_id: Option<i64>,
        /// The listing of the order.
        pub listing_id: Option<ListingId>,
        /// Its title.
        pub title: Option<String>,
    }

    /// A payment in Stars, as administrators see it.
    pub struct StarPayment {
        /// The payment.
        pub payment_id: i64,
        /// Who paid.
        pub user_id: UserId,
        /// Under which name.
        pub name: String,
        /// How many Stars.
        pub stars: i32,
        /// `applied`, `stray`, `refunding` or `refunded`.
        pub state: String,
        /// The order; null when none is known.
        pub promotion_id: Option<i64>,
        /// The title of its listing.
        pub title: Option<String>,
        /// When it was told of.
        pub paid_at: DateTime<Utc>,
        /// When Telegram had given it back.
        pub refunded_at: Option<DateTime<Utc>>,
    }

    /// A payment that goes back.
    pub struct StarsReturned {
        /// The payment.
        pub payment_id: i64,
        /// `refunding` or `refunded`.
        pub state: String,
    }

    /// A payment that went back.
    pub struct StarsGone {
        /// The payment.
        pub payment_id: i64,
    }

    /// How many of a batch are new.
    pub struct MarksRecorded {
        /// Those that were not counted that day yet.
        pub recorded: i32,
    }

    /// What an order came to on a day.
    pub struct PromotionDay {
        /// The beginning of the day, UTC.
        pub day: DateTime<Utc>,
        /// How often it was shown.
        pub shown: i64,
        /// How often it was followed.
        pub clicked: i64,
        /// Different people and visitors.
        pub people: i64,
    }
}

entries! {
    "market";

    /// Orders an advertisement for a listing.
    fn promotion_create[PromotionCreate](
        /// Somebody of the listing.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// `insertion` or `post`.
        kind: String,
        /// 1 to 300 characters.
        text: String,
        /// Categories in whose listings alone it is shown; empty: in all.
        wanted_categories: Vec<i64>,
        /// Categories in whose listings it is not shown.
        excluded_categories: Vec<i64>,
        /// From when on it is to run.
        begins_at: DateTime<Utc>,
        /// Until when.
        ends_at: DateTime<Utc>,
        /// How often it is to be shown; none: until the end.
        impressions: Option<i32>,
    ) -> one<Promotion>;

    /// The orders for the acting person's listings, or for those of a shop.
    fn promotion_list_mine(actor: UserId, shop: Option<ShopId>, limit: Option<i32>, after: Option<i64>) -> many<Promotion>;

    /// The orders for a listing, for its people.
    fn promotion_list_of_listing(actor: UserId, listing: ListingId, limit: Option<i32>, after: Option<i64>) -> many<Promotion>;

    /// An order, for somebody of its listing.
    fn promotion_get(actor: UserId, promotion: i64) -> one<Promotion>;

    /// Ends an order before its time.
    fn promotion_cancel(actor: UserId, promotion: i64) -> one<Promotion>;

    /// Stops an order for now.
    fn promotion_pause(actor: UserId, promotion: i64) -> one<Promotion>;

    /// Lets an order run again.
    fn promotion_resume(actor: UserId, promotion: i64) -> one<Promotion>;

    /// What an order came to, day by day.
    fn promotion_figures(actor: UserId, promotion: i64) -> many<PromotionDay>;

    /// The orders that wait for a moderator.
    fn moderation_promotion_list(actor: UserId, limit: Option<i32>, after: Option<i64>) -> many<Promotion>;

    /// Approves an order at a price.
    fn moderation_promotion_approve(actor: UserId, promotion: i64, price_minor: i64, currency: &str) -> one<Promotion>;

    /// Refuses an order.
    fn moderation_promotion_reject(actor: UserId, promotion: i64, reason: &str) -> one<Promotion>;

    /// The approved orders that are not over, for moderators.
    fn moderation_promotion_current(actor: UserId, limit: Option<i32>, after: Option<i64>) -> many<Promotion>;

    /// Stops an order for now; its people read why.
    fn moderation_promotion_hold(actor: UserId, promotion: i64, reason: &str) -> one<Promotion>;

    /// Lets an order run again that was held.
    fn moderation_promotion_release(actor: UserId, promotion: i64) -> one<Promotion>;

    /// Records a payment.
    fn promotion_pay(actor: UserId, promotion: i64, reference: &str) -> one<Promotion>;

    /// Records that the money went back.
    fn promotion_refund(actor: UserId, promotion: i64) -> one<Promotion>;

    /// What an approved order costs in Stars; with `stars` only if it is that much.
    fn promotion_stars_quote(actor: UserId, promotion: i64, stars: Option<i32>) -> one<StarsQuote>;

    /// Telegram has taken Stars: they pay for an order, or for nothing that is known.
    fn star_payment_take[StarPaymentTake](
        /// Who paid.
        actor: UserId,
        /// The account of Telegram that paid.
        telegram_id: i64,
        /// The number of the charge at Telegram.
        charge: String,
        /// What the invoice carried.
        payload: String,
        /// How many.
        stars: i32,
    ) -> one<StarsTaken>;

    /// Payments in Stars, the latest first.
    fn star_payment_list(actor: UserId, limit: Option<i32>, after: Option<i64>) -> many<StarPayment>;

    /// Gives a payment in Stars back.
    fn star_payment_refund(actor: UserId, payment: i64) -> one<StarsReturned>;

    /// Telegram has given a payment back.
    fn star_payment_refunded(charge: &str) -> opt<StarsGone>;

    /// The advertisement in the slot of a listing, by a random number.
    fn listing_promotion_show(listing: ListingId, seed: i64) -> opt<PromotionShown>;

    /// Counts what was shown and followed, at most 1000 at a time.
    fn promotion_record[PromotionRecord](
        /// The orders.
        promotions: Vec<i64>,
        /// In the slot of which listings.
        listings: Vec<i64>,
        /// Persons, 0 for visitors.
        users: Vec<i64>,
        /// Visitors, empty for persons.
        visitors: Vec<String>,
        /// When.
        times: Vec<DateTime<Utc>>,
        /// Whether it was followed.
        clicks: Vec<bool>,
    ) -> one<MarksRecorded>;

    /// Posts paid advertisements whose time has come, and tells people what begins and ends.
    fn promotions_advance() -> none;
}
