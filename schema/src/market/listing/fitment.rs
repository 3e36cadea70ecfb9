//! Which vehicles a listing fits.

use super::ListingState;
use crate::{GenerationId, ListingId, Status, UserId};

row! {
    /// A statement of fitment that was just added.
    pub struct ListingFitmentAdded {
        /// Its number.
        pub fitment_id: i64,
        /// The generation of a model.
        pub generation_id: GenerationId,
        /// The first year; none: from the generation's first.
        pub year_from: Option<i32>,
        /// The last year; none: to the generation's last.
        pub year_to: Option<i32>,
        /// What to mind; may be empty.
        pub note: String,
        /// Where the listing is now: a note sends a published one back to the moderators.
        pub status: Status,
        /// The listing's version to name in the next change.
        pub version: i32,
    }

    /// A statement that a listing fits vehicles.
    pub struct ListingFitment {
        /// Its number.
        pub fitment_id: i64,
        /// The generation of a model.
        pub generation_id: GenerationId,
        /// The make's name.
        pub make_name: String,
        /// The model's name.
        pub model_name: String,
        /// The generation's name.
        pub generation_name: String,
        /// The first year; none: from the generation's first.
        pub year_from: Option<i32>,
        /// The last year; none: to the generation's last.
        pub year_to: Option<i32>,
        /// What to mind; may be empty.
        pub note: String,
    }
}

entries! {
    "market";

    /// Says that a listing fits vehicles.
    fn listing_fitment_add[ListingFitmentAdd](
        /// The acting person: of the listing, or a moderator.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The generation of a model.
        generation: GenerationId,
        /// The first year; none: from the generation's first.
        year_from: Option<i32>,
        /// The last year; none: to the generation's last.
        year_to: Option<i32>,
        /// What to mind, at most 300 characters; may be empty.
        note: String,
    ) -> one<ListingFitmentAdded>;

    /// Takes a statement of fitment back.
    fn listing_fitment_remove(actor: UserId, fitment: i64) -> one<ListingState>;

    /// The vehicles that a listing which anybody may see says it fits.
    fn listing_fitment_list(listing: ListingId) -> many<ListingFitment>;

    /// The vehicles that a listing in any state says it fits, for its people and moderators.
    fn listing_fitment_view(actor: UserId, listing: ListingId) -> many<ListingFitment>;
}
