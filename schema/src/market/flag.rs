//! Flags: what people say is wrong with a listing, and what moderators see of it.

use chrono::{DateTime, Utc};

use crate::{FlagOutcome, FlagReason, ListingId, ModerationItemId, Status, UserId};

row! {
    /// A person's open flag of a listing.
    pub struct ListingFlagged {
        /// The listing.
        pub listing_id: ListingId,
        /// What is wrong.
        pub reason: FlagReason,
        /// In the person's own words; may be empty.
        pub note: String,
        /// When it was flagged first.
        pub flagged_at: DateTime<Utc>,
    }
    /// A flag as a moderator sees it.
    pub struct ModerationFlag {
        /// Its number.
        pub flag_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// The listing's title.
        pub title: String,
        /// Where the listing is in its life.
        pub status: Status,
        /// Who flagged it.
        pub user_id: UserId,
        /// What is wrong.
        pub reason: FlagReason,
        /// In the person's own words; may be empty.
        pub note: String,
        /// False when it does not help to hide the listing: a new account, or a flag that was dismissed before.
        pub counts: bool,
        /// When it was flagged first.
        pub created_at: DateTime<Utc>,
        /// When a moderator decided; null while it is open.
        pub closed_at: Option<DateTime<Utc>>,
        /// What became of it; null while it is open.
        pub outcome: Option<FlagOutcome>,
        /// Who decided; null while it is open.
        pub closed_by: Option<UserId>,
    }
    /// What became of the flags of a listing.
    pub struct FlagsDismissed {
        /// The listing.
        pub listing_id: ListingId,
        /// How many were open; 0 for a listing that waits in the queue.
        pub dismissed_count: i32,
    }
    /// A listing that was taken back into the queue.
    pub struct Recalled {
        /// Its item in the queue.
        pub item_id: ModerationItemId,
        /// The listing.
        pub listing_id: ListingId,
        /// Where it is in its life.
        pub status: Status,
    }
}

entries! {
    "market";

    /// Says what is wrong with somebody else's listing; a repeat changes reason and note.
    fn listing_flag[ListingFlag](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// What is wrong.
        reason: FlagReason,
        /// In the person's own words.
        note: Option<String>,
    ) -> one<ListingFlagged>;

    /// What people flagged, the newest first.
    fn moderation_flag_list[ModerationFlagList](
        /// The acting moderator.
        actor: UserId,
        /// Only this listing; none: all.
        listing: Option<ListingId>,
        /// Only what nobody decided on.
        is_open: Option<bool>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last flag of the page before.
        after: Option<i64>,
    ) -> many<ModerationFlag>;

    /// Finds nothing wrong with a listing that people flagged.
    fn moderation_flags_dismiss(actor: UserId, listing: ListingId) -> one<FlagsDismissed>;

    /// Hides a listing and has it wait for a decision.
    fn moderation_recall(actor: UserId, listing: ListingId) -> one<Recalled>;
}
