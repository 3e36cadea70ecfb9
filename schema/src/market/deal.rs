//! Deals: what a buyer and a seller agree on, step by step.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{DealState, ListingId, ShopId, Status, UserId};

row! {
    /// A deal as its two sides see it.
    pub struct Deal {
        /// Its number.
        pub deal_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// The listing's title at the request.
        pub title: String,
        /// Storage key of the listing's first photo; null without photos, and while the listing is not for everybody to see.
        pub cover_key: Option<String>,
        /// Where the listing is in its life.
        pub listing_status: Status,
        /// The buyer.
        pub buyer_id: UserId,
        /// The buyer's name.
        pub buyer_name: String,
        /// The seller, when that is a person.
        pub seller_user_id: Option<UserId>,
        /// The seller, when that is a shop.
        pub seller_shop_id: Option<ShopId>,
        /// The seller's name.
        pub seller_name: String,
        /// Pieces.
        pub quantity: i32,
        /// ISO 4217 code.
        pub currency: String,
        /// The price of a piece at the request, in hundredths of the currency.
        pub unit_price_minor: i64,
        /// The total at the request, in hundredths of the currency.
        pub total_minor: i64,
        /// How far it is.
        pub state: DealState,
        /// Why it was cancelled; null otherwise.
        pub reason: Option<String>,
        /// When it goes on by itself: a request expires, what was handed over is completed.
        pub due_at: Option<DateTime<Utc>>,
        /// When the buyer asked.
        pub created_at: DateTime<Utc>,
        /// When the last step was taken.
        pub changed_at: DateTime<Utc>,
    }
    /// What a step made of a deal.
    pub struct DealStep {
        /// The deal.
        pub deal_id: Uuid,
        /// Its listing.
        pub listing_id: ListingId,
        /// How far it is now.
        pub state: DealState,
        /// When it goes on by itself; null when it does not.
        pub due_at: Option<DateTime<Utc>>,
        /// When the step was taken.
        pub changed_at: DateTime<Utc>,
    }
    /// A recorded step of a deal.
    pub struct DealEvent {
        /// Its number.
        pub event_id: i64,
        /// When.
        pub at: DateTime<Utc>,
        /// Where the deal was before; null for the request.
        pub from_state: Option<DealState>,
        /// Where it was afterwards.
        pub to_state: DealState,
        /// Who took the step; null when time did.
        pub actor_id: Option<UserId>,
        /// Why it was cancelled; null otherwise.
        pub reason: Option<String>,
    }
}

entries! {
    "market";

    /// Asks for pieces of a listing at the price of this moment; nothing is put aside before the seller confirms.
    fn deal_request(actor: UserId, listing: ListingId, quantity: i32) -> one<Deal>;

    /// Accepts a request and puts the pieces aside; by the seller.
    fn deal_confirm(actor: UserId, deal: Uuid) -> one<DealStep>;

    /// Says that the buyer has the pieces; by the seller.
    fn deal_hand_over(actor: UserId, deal: Uuid) -> one<DealStep>;

    /// Says that the buyer has the pieces; by the buyer. They are sold.
    fn deal_complete(actor: UserId, deal: Uuid) -> one<DealStep>;

    /// Ends a deal with a reason; by either side. What was put aside goes back.
    fn deal_cancel(actor: UserId, deal: Uuid, reason: String) -> one<DealStep>;

    /// A deal, for its two sides.
    fn deal_get(actor: UserId, deal: Uuid) -> opt<Deal>;

    /// What the acting person buys, the newest first.
    fn deal_list_bought[DealListBought](
        /// The acting buyer.
        actor: UserId,
        /// Only these; none: all.
        state: Option<DealState>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last deal of the page before.
        after: Option<Uuid>,
    ) -> many<Deal>;

    /// What the acting person sells in their own name, the newest first.
    fn deal_list_sold[DealListSold](
        /// The acting seller.
        actor: UserId,
        /// Only these; none: all.
        state: Option<DealState>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last deal of the page before.
        after: Option<Uuid>,
    ) -> many<Deal>;

    /// What a shop sells, the newest first, for its members.
    fn deal_list_of_shop[DealListOfShop](
        /// The acting member.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// Only these; none: all.
        state: Option<DealState>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last deal of the page before.
        after: Option<Uuid>,
    ) -> many<Deal>;

    /// What happened to a deal, the latest first.
    fn deal_event_list[DealEventList](
        /// The acting person.
        actor: UserId,
        /// The deal.
        deal: Uuid,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// When the last event of the page before happened.
        after_at: Option<DateTime<Utc>>,
        /// Its number.
        after_id: Option<i64>,
    ) -> many<DealEvent>;

    /// Any deal, for moderators.
    fn moderation_deal_get(actor: UserId, deal: Uuid) -> opt<Deal>;

    /// What happened to any deal, the latest first; for moderators.
    fn moderation_deal_event_list[ModerationDealEventList](
        /// The acting moderator.
        actor: UserId,
        /// The deal.
        deal: Uuid,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// When the last event of the page before happened.
        after_at: Option<DateTime<Utc>>,
        /// Its number.
        after_id: Option<i64>,
    ) -> many<DealEvent>;

    /// A job: ends requests that nobody answered, completes what was handed over long ago.
    fn deals_advance() -> none;
}
