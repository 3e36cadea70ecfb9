//! Which vehicles a listing fits.

use super::ListingState;
use crate::{GenerationId, ListingId, ShopId, Status, UserId};

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

    /// A vehicle that other sellers of the same part name.
    pub struct ListingFitmentSuggestion {
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
        /// How many sellers say so.
        pub seller_count: i32,
        /// In how many listings.
        pub listing_count: i32,
        /// How surely their part is the same, to 1: the same brand and number.
        pub confidence: f64,
    }

    /// A statement of fitment with the listing that makes it.
    pub struct ListingFitmentLine {
        /// Its number.
        pub fitment_id: i64,
        /// The listing.
        pub listing_id: ListingId,
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

    /// What became of a row of an import.
    pub struct ListingFitmentTaken {
        /// The row, as the caller numbered it.
        pub row_number: i32,
        /// `added`, `unchanged` or `refused`.
        pub outcome: String,
        /// Why it was refused: the code of a reason; none otherwise.
        pub reason: Option<String>,
        /// What the reason says of this row.
        pub detail: Option<String>,
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

    /// Vehicles that a listing may fit, by what other sellers of the same part say.
    fn listing_fitment_suggest(actor: UserId, listing: ListingId) -> many<ListingFitmentSuggestion>;

    /// Statements of fitment of a listing or of a shop's listings, in the order of listings.
    fn listing_fitment_export[ListingFitmentExport](
        /// The acting person.
        actor: UserId,
        /// The listing, unless a shop is named.
        listing: Option<ListingId>,
        /// The shop.
        shop: Option<ShopId>,
        /// How many, 1 to 1000; none means 500.
        limit: Option<i32>,
        /// The listing of the last statement of the part before.
        after_listing: Option<ListingId>,
        /// The last statement of the part before.
        after: Option<i64>,
    ) -> many<ListingFitmentLine>;

    /// Takes rows of a file over as statements of fitment, cells as they were written.
    fn listing_fitment_import[ListingFitmentImport](
        /// The acting person.
        actor: UserId,
        /// The listing that the file is for, unless it is for a shop.
        listing: Option<ListingId>,
        /// The shop that the file is for.
        shop: Option<ShopId>,
        /// The rows' numbers, at most 1000; the other columns have as many cells.
        rows: Vec<i32>,
        /// The listings; empty for the one that the file is for.
        listings: Vec<String>,
        /// The makes.
        makes: Vec<String>,
        /// The models.
        models: Vec<String>,
        /// The generations.
        generations: Vec<String>,
        /// The first years; empty: from the generation's first.
        years_from: Vec<String>,
        /// The last years; empty: to the generation's last.
        years_to: Vec<String>,
        /// What to mind.
        notes: Vec<String>,
    ) -> many<ListingFitmentTaken>;

    /// The vehicles that a listing which anybody may see says it fits.
    fn listing_fitment_list(listing: ListingId) -> many<ListingFitment>;

    /// The vehicles that a listing in any state says it fits, for its people and moderators.
    fn listing_fitment_view(actor: UserId, listing: ListingId) -> many<ListingFitment>;
}
