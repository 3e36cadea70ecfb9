//! What a shop itself calls its listings.

use crate::{ListingId, UserId};

row! {
    /// The shop's own code of a listing.
    pub struct ListingCode {
        /// The listing.
        pub listing_id: ListingId,
        /// The code, unique within the shop; none while the listing has none.
        pub code: Option<String>,
        /// The listing's version to name in the next change.
        pub version: i32,
    }
}

entries! {
    "market";

    /// The shop's own code of a listing, for its people and moderators.
    fn listing_code_get(actor: UserId, listing: ListingId) -> one<ListingCode>;

    /// Says under which code the shop keeps a listing.
    fn listing_code_set[ListingCodeSet](
        /// The acting person, a member of the shop.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none: whatever it is.
        version: Option<i32>,
        /// 1 to 64 characters; none or empty takes it away.
        code: Option<String>,
    ) -> one<ListingCode>;
}
