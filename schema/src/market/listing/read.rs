//! Reading listings: the page that anybody may see, the inside for its people, and a person's own.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, ShopId, Status, UserId};

row! {
    /// A listing as anybody may see it.
    pub struct ListingPage {
        /// Its number.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life.
        pub status: Status,
        /// The title.
        pub title: String,
        /// The description.
        pub description: String,
        /// The category.
        pub category_id: CategoryId,
        /// The subcategory.
        pub subcategory_id: CategoryId,
        /// The brand, where it is a known one.
        pub brand_id: Option<BrandId>,
        /// The brand's name; empty without a brand.
        pub brand_label: String,
        /// As the maker writes it; may be empty.
        pub part_number: String,
        /// Its state of repair.
        pub condition: Condition,
        /// Where it is sold.
        pub place_id: PlaceId,
        /// The extra fields, an object.
        pub attributes: Value,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins.
        pub wholesale_min_quantity: Option<i32>,
        /// Pieces for sale.
        pub stock_quantity: i32,
        /// The seller, when it is a person.
        pub seller_user_id: Option<UserId>,
        /// The seller, when it is a shop.
        pub seller_shop_id: Option<ShopId>,
        /// The name of either.
        pub seller_name: String,
        /// The key of the first photo in the object store.
        pub cover_key: Option<String>,
        /// When it was published.
        pub published_at: DateTime<Utc>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        /// Its version.
        pub version: i32,
        /// The advertisement that is shown with it now.
        pub ad_text: Option<String>,
        /// Where the advertisement leads.
        pub ad_url: Option<String>,
    }

    /// A listing as its people and moderators see it.
    pub struct ListingInside {
        /// Its number.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life.
        pub status: Status,
        /// The title.
        pub title: String,
        /// The description.
        pub description: String,
        /// The category.
        pub category_id: CategoryId,
        /// The subcategory.
        pub subcategory_id: CategoryId,
        /// The brand, where it is a known one.
        pub brand_id: Option<BrandId>,
        /// The brand's name; empty without a brand.
        pub brand_label: String,
        /// As the maker writes it; may be empty.
        pub part_number: String,
        /// Its state of repair.
        pub condition: Condition,
        /// Where it is sold.
        pub place_id: PlaceId,
        /// The extra fields, an object.
        pub attributes: Value,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins.
        pub wholesale_min_quantity: Option<i32>,
        /// Pieces for sale.
        pub stock_quantity: i32,
        /// The seller, when it is a person.
        pub seller_user_id: Option<UserId>,
        /// The seller, when it is a shop.
        pub seller_shop_id: Option<ShopId>,
        /// The name of either.
        pub seller_name: String,
        /// The key of the first photo in the object store.
        pub cover_key: Option<String>,
        /// When it was published.
        pub published_at: Option<DateTime<Utc>>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        /// Its version.
        pub version: i32,
        /// The advertisement that is shown with it now.
        pub ad_text: Option<String>,
        /// Where the advertisement leads.
        pub ad_url: Option<String>,
        /// Whom to ask for; may be empty.
        pub contact_name: String,
        /// A phone; may be empty.
        pub contact_phone: String,
        /// A Telegram name; may be empty.
        pub contact_telegram: String,
        /// The code of the reason of the last rejection.
        pub rejection_reason: Option<String>,
        /// What the moderator added to it.
        pub rejection_note: Option<String>,
        /// What the last check changed: `{field: {from, to}}`.
        pub moderator_edits: Option<Value>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
    }

    /// A line of a seller's own list.
    pub struct ListingMine {
        /// Its number.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life.
        pub status: Status,
        /// The title.
        pub title: String,
        /// The currency, ISO 4217.
        pub currency: String,
        /// The price of a piece, in hundredths of the currency.
        pub price_minor: i64,
        /// Pieces for sale.
        pub stock_quantity: i32,
        /// The key of the first photo in the object store.
        pub cover_key: Option<String>,
        /// The shop whose listing it is.
        pub owner_shop_id: Option<ShopId>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        /// When it was published.
        pub published_at: Option<DateTime<Utc>>,
        /// Its version.
        pub version: i32,
        /// The code of the reason of the last rejection.
        pub rejection_reason: Option<String>,
    }
}

entries! {
    "market";

    /// The page of a listing; none when it is not shown.
    fn listing_get(listing: ListingId) -> opt<ListingPage>;

    /// The whole listing in any state; none for whoever has nothing to do with it.
    fn listing_view(actor: UserId, listing: ListingId) -> opt<ListingInside>;

    /// Lets pass who reaches a listing, or a fitment of one, without being a moderator: for tokens that may not moderate.
    fn listing_moderating_refuse(actor: UserId, listing: Option<ListingId>, fitment: Option<i64>) -> none;

    /// The acting person's own listings, the newest first.
    fn listing_list_mine[ListingListMine](
        /// The acting person.
        actor: UserId,
        /// Only those in this state.
        status: Option<Status>,
        /// At most this many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last listing of the page before.
        after: Option<ListingId>,
    ) -> many<ListingMine>;
}
