//! What the program notices in a listing before a moderator looks, and the forbidden words that it looks for.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{HintKind, ListingId, ModerationItemId, UserId, WordForm};

row! {
    /// Something that the program noticed in a listing.
    pub struct Hint {
        /// Its number.
        pub hint_id: i64,
        /// What was noticed.
        pub kind: HintKind,
        /// Where: `title`, `description`, `attributes`, `fitments`, `contact_name`, `part_number`, `price`, `photos`, `listing`.
        pub field: String,
        /// The words in question, as they stand there; the title of a copy; the price; the reasons of flags.
        pub excerpt: String,
        /// More, by kind: `{word}`, `{contact}`, `{listing_id, status, similarity}`, `{usual_low_minor, usual_high_minor,
        /// currency, listing_count, same_brand}`, `{people, reasons}`.
        pub details: Value,
        /// When it was noticed.
        pub created_at: DateTime<Utc>,
    }
    /// A forbidden word.
    pub struct ForbiddenWord {
        /// Its number.
        pub word_id: i64,
        /// The word.
        pub word: String,
        /// Which forms of it are meant.
        pub form: WordForm,
        /// Who added it; null for those that were there from the start.
        pub added_by: Option<UserId>,
        /// Since when it is forbidden.
        pub created_at: DateTime<Utc>,
    }
    /// A word that was taken from the list.
    pub struct RemovedWord {
        /// Its number.
        pub word_id: i64,
        /// False when there was no such word.
        pub removed: bool,
    }
}

entries! {
    "market";

    /// What its people should know of a listing before a moderator looks.
    fn listing_hint_list(actor: UserId, listing: ListingId) -> many<Hint>;

    /// Everything that was noticed in the listing of an item.
    fn moderation_hint_list(actor: UserId, item: ModerationItemId) -> many<Hint>;

    /// Forbidden words (1 to 100; none: 20) after the given one.
    fn forbidden_word_list(actor: UserId, limit: Option<i32>, after: Option<i64>) -> many<ForbiddenWord>;

    /// Forbids a word.
    fn forbidden_word_add(actor: UserId, word: &str, form: WordForm) -> one<ForbiddenWord>;

    /// Computes anew what things usually cost.
    fn price_ranges_refresh() -> none;

    /// Allows a word again.
    fn forbidden_word_remove(actor: UserId, word: i64) -> one<RemovedWord>;
}
