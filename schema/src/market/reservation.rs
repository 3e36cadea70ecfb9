//! Reservations: pieces put aside for a buyer, given back or sold.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{ListingId, ReservationState, Status, UserId};

row! {
    /// Pieces put aside for one buyer.
    pub struct Reservation {
        /// Its number.
        pub reservation_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// Pieces.
        pub quantity: i32,
        /// ISO 4217 code.
        pub currency: String,
        /// The total agreed when they were put aside, in hundredths of the currency.
        pub total_minor: i64,
        /// Held, released or sold.
        pub state: ReservationState,
        /// When they were put aside.
        pub created_at: DateTime<Utc>,
        /// When it ended; null while held.
        pub closed_at: Option<DateTime<Utc>>,
    }
    /// A reservation as its buyer sees it.
    pub struct BuyerReservation {
        /// Its number.
        pub reservation_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// The listing's title.
        pub title: String,
        /// Storage key of the listing's first photo; null without photos.
        pub cover_key: Option<String>,
        /// Where the listing is in its life.
        pub listing_status: Status,
        /// Pieces.
        pub quantity: i32,
        /// ISO 4217 code.
        pub currency: String,
        /// The total agreed when they were put aside, in hundredths of the currency.
        pub total_minor: i64,
        /// Held, released or sold.
        pub state: ReservationState,
        /// When they were put aside.
        pub created_at: DateTime<Utc>,
        /// When it ended; null while held.
        pub closed_at: Option<DateTime<Utc>>,
    }
    /// A reservation as the seller sees it.
    pub struct SellerReservation {
        /// Its number.
        pub reservation_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// The buyer.
        pub buyer_id: UserId,
        /// The buyer's name.
        pub buyer_name: String,
        /// Pieces.
        pub quantity: i32,
        /// ISO 4217 code.
        pub currency: String,
        /// The total agreed when they were put aside, in hundredths of the currency.
        pub total_minor: i64,
        /// Held, released or sold.
        pub state: ReservationState,
        /// When they were put aside.
        pub created_at: DateTime<Utc>,
        /// When it ended; null while held.
        pub closed_at: Option<DateTime<Utc>>,
    }
}

entries! {
    "market";

    /// Puts pieces of a listing aside for the acting buyer at the price of this moment.
    fn listing_reserve(actor: UserId, listing: ListingId, quantity: i32) -> one<Reservation>;

    /// Gives the pieces back; by the buyer or the seller.
    fn reservation_release(actor: UserId, reservation: Uuid) -> one<Reservation>;

    /// Says that the buyer took the pieces; by the seller.
    fn reservation_sell(actor: UserId, reservation: Uuid) -> one<Reservation>;

    /// The acting buyer's reservations, the newest first; at most `limit` (1 to 100; none: 20) behind `after`.
    fn reservation_list_mine(actor: UserId, limit: Option<i32>, after: Option<Uuid>) -> many<BuyerReservation>;

    /// The reservations of a seller's listing, the newest first.
    fn reservation_list_of_listing[ReservationListOfListing](
        /// The acting seller.
        actor: UserId,
        /// The seller's listing.
        listing: ListingId,
        /// Only these; none: all.
        state: Option<ReservationState>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last reservation of the page before.
        after: Option<Uuid>,
    ) -> many<SellerReservation>;
}
