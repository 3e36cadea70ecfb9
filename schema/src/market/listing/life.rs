//! The steps in the life of a listing that its people take; what moderators decide is in `moderation`.

use crate::{ListingId, Status, UserId};

row! {
    /// Where a listing is after a step.
    pub struct ListingState {
        /// Its number.
        pub listing_id: ListingId,
        /// Where it is now.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
    }
}

entries! {
    "market";

    /// Asks for a draft or a rejected listing to be checked and published.
    fn listing_submit(actor: UserId, listing: ListingId, version: Option<i32>) -> one<ListingState>;

    /// Takes a listing back: from the queue to the drafts, from anywhere else to the archive.
    fn listing_withdraw(actor: UserId, listing: ListingId, version: Option<i32>) -> one<ListingState>;

    /// Takes a listing from the archive to the drafts.
    fn listing_restore(actor: UserId, listing: ListingId, version: Option<i32>) -> one<ListingState>;
}
