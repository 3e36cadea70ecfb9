//! Extra fields that are required by now and that a listing lacks.

use crate::{Kind, ListingId, ShopId, Status, UserId};

row! {
    /// A required extra field that a listing lacks.
    pub struct MissingField {
        /// Its key.
        pub key: String,
        /// Its name in Russian.
        pub label_ru: String,
        /// Its name in English.
        pub label_en: String,
    }
    /// A live listing that lacks required extra fields.
    pub struct IncompleteListing {
        /// Its number.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// Where it is in its life.
        pub status: Status,
        /// Its title.
        pub title: String,
        /// The shop that owns it; null for the person's own.
        pub owner_shop_id: Option<ShopId>,
        /// Keys of the fields that it lacks.
        pub missing_keys: Vec<String>,
    }
}

entries! {
    "market";

    /// The required extra fields that a listing lacks: for its people and moderators.
    fn listing_missing_list(actor: UserId, listing: ListingId) -> many<MissingField>;

    /// The person's live listings, their shops' included, that lack a required extra field.
    fn listing_incomplete_list(actor: UserId, limit: Option<i32>, after: Option<ListingId>) -> many<IncompleteListing>;
}
