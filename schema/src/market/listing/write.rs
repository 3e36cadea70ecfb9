//! Making a listing and changing what it says.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, ShopId, Status, UserId};

row! {
    /// A listing that was just made.
    pub struct ListingCreated {
        /// Its number.
        pub listing_id: ListingId,
        /// Always a draft.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
        /// When it was made.
        pub created_at: DateTime<Utc>,
    }

    /// A listing that was just changed.
    pub struct ListingUpdated {
        /// Its number.
        pub listing_id: ListingId,
        /// Where it is now: a published one may have gone back to the moderators.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
    }
}

entries! {
    "market";

    /// Makes a draft.
    fn listing_create[ListingCreate](
        /// The acting person.
        actor: UserId,
        /// The shop whose listing it is; none: the acting person's own.
        shop: Option<ShopId>,
        /// What is for sale.
        kind: Kind,
        /// 3 to 150 characters.
        title: String,
        /// At most 8000 characters.
        description: String,
        /// A category of the kind.
        category: CategoryId,
        /// A subcategory of the category.
        subcategory: CategoryId,
        /// A known brand.
        brand: Option<BrandId>,
        /// As the maker writes it; empty when there is none.
        part_number: String,
        /// Its state of repair.
        condition: Condition,
        /// Where it is sold.
        place: PlaceId,
        /// The extra fields of the kind and category, an object; checked when the draft is submitted.
        attributes: Value,
        /// The currency of both prices, ISO 4217.
        currency: String,
        /// The price of a piece, in hundredths of the currency.
        price_minor: i64,
        /// The price of a piece in wholesale, in hundredths of the currency; never above the other.
        wholesale_price_minor: Option<i64>,
        /// Pieces from which wholesale begins.
        wholesale_min_quantity: Option<i32>,
        /// Pieces for sale.
        stock_quantity: i32,
        /// Whom to ask for; may be empty.
        contact_name: String,
        /// A phone; empty when there is a Telegram name.
        contact_phone: String,
        /// A Telegram name; empty when there is a phone.
        contact_telegram: String,
    ) -> one<ListingCreated>;

    /// Changes what a listing says; what is none stays as it is.
    fn listing_update[ListingUpdate](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// 3 to 150 characters.
        title: Option<String>,
        /// At most 8000 characters.
        description: Option<String>,
        /// A category of the listing's kind.
        category: Option<CategoryId>,
        /// A subcategory of the category.
        subcategory: Option<CategoryId>,
        /// A known brand; 0 takes the brand away.
        brand: Option<BrandId>,
        /// As the maker writes it; empty takes it away.
        part_number: Option<String>,
        /// Its state of repair.
        condition: Option<Condition>,
        /// Where it is sold.
        place: Option<PlaceId>,
        /// All extra fields: the object takes the place of the former one.
        attributes: Option<Value>,
        /// Whom to ask for.
        contact_name: Option<String>,
        /// A phone.
        contact_phone: Option<String>,
        /// A Telegram name.
        contact_telegram: Option<String>,
    ) -> one<ListingUpdated>;
}
