//! What administrators tell many people at once.

use chrono::{DateTime, Utc};

use crate::{BroadcastId, BroadcastState, Language, PlaceId, Role, UserId};

row! {
    /// A text for many people, and how far it is.
    pub struct Broadcast {
        /// Its number.
        pub broadcast_id: BroadcastId,
        /// Where it is in its life.
        pub state: BroadcastState,
        /// The text in Russian.
        pub text_ru: String,
        /// The text in English.
        pub text_en: String,
        /// Only people with this role.
        pub role: Option<Role>,
        /// Only people who speak this language.
        pub language: Option<Language>,
        /// Only people whom messages of the bot reach, or only the others.
        pub has_telegram: Option<bool>,
        /// Only members of shops, or only the others.
        pub in_shop: Option<bool>,
        /// Only people who have something for sale, or only the others.
        pub is_selling: Option<bool>,
        /// In this place.
        pub place_id: Option<PlaceId>,
        /// Only people whom Telegram has seen since then.
        pub seen_since: Option<DateTime<Utc>>,
        /// Who drafted it.
        pub created_by: UserId,
        /// When.
        pub created_at: DateTime<Utc>,
        /// When an administrator changed it last.
        pub updated_at: DateTime<Utc>,
        /// Grows with every change by an administrator.
        pub version: i32,
        /// When it was started.
        pub started_at: Option<DateTime<Utc>>,
        /// When it was done or cancelled.
        pub finished_at: Option<DateTime<Utc>>,
        /// So many people have it in their feed.
        pub told_count: i64,
        /// So many messages were sent.
        pub sent_count: i64,
        /// So many became dead letters.
        pub failed_count: i64,
        /// So many were closed without being sent.
        pub closed_count: i64,
    }

    /// How many people a broadcast is for.
    pub struct Audience {
        /// So many people.
        pub people_count: i64,
        /// So many of them get messages of the bot.
        pub reachable_count: i64,
    }

    /// A step of a broadcast.
    pub struct Advance {
        /// The broadcast.
        pub broadcast_id: BroadcastId,
        /// So many people were looked at.
        pub examined_count: i32,
        /// So many of them were told.
        pub told_count: i32,
    }
}

entries! {
    "notify";

    /// Drafts one.
    fn broadcast_create[BroadcastCreate](
        /// The acting person.
        actor: UserId,
        /// The text in Russian, 1 to 4000 characters.
        text_ru: String,
        /// The text in English, 1 to 4000 characters.
        text_en: String,
        /// Only people with this role.
        role: Option<Role>,
        /// Only people who speak this language.
        language: Option<Language>,
        /// Only people whom messages of the bot reach, or only the others.
        has_telegram: Option<bool>,
        /// Only members of shops, or only the others.
        in_shop: Option<bool>,
        /// Only people who have something for sale, or only the others.
        is_selling: Option<bool>,
        /// In this place.
        place: Option<PlaceId>,
        /// Only people whom Telegram has seen since then.
        seen_since: Option<DateTime<Utc>>,
    ) -> one<Broadcast>;

    /// Changes a draft as a whole.
    fn broadcast_update[BroadcastUpdate](
        /// The acting person.
        actor: UserId,
        /// The draft.
        broadcast: BroadcastId,
        /// The version that was read; none: whichever it is.
        version: Option<i32>,
        /// The text in Russian, 1 to 4000 characters.
        text_ru: String,
        /// The text in English, 1 to 4000 characters.
        text_en: String,
        /// Only people with this role.
        role: Option<Role>,
        /// Only people who speak this language.
        language: Option<Language>,
        /// Only people whom messages of the bot reach, or only the others.
        has_telegram: Option<bool>,
        /// Only members of shops, or only the others.
        in_shop: Option<bool>,
        /// Only people who have something for sale, or only the others.
        is_selling: Option<bool>,
        /// In this place.
        place: Option<PlaceId>,
        /// Only people whom Telegram has seen since then.
        seen_since: Option<DateTime<Utc>>,
    ) -> one<Broadcast>;

    /// All of them, the newest first.
    fn broadcast_list(actor: UserId, limit: Option<i32>, after: Option<BroadcastId>) -> many<Broadcast>;

    /// One of them.
    fn broadcast_get(actor: UserId, broadcast: BroadcastId) -> one<Broadcast>;

    /// How many people it is for, as things are now.
    fn broadcast_audience_count(actor: UserId, broadcast: BroadcastId) -> one<Audience>;

    /// Begins to tell it.
    fn broadcast_start(actor: UserId, broadcast: BroadcastId) -> one<Broadcast>;

    /// Has it wait.
    fn broadcast_pause(actor: UserId, broadcast: BroadcastId) -> one<Broadcast>;

    /// Has it go on.
    fn broadcast_resume(actor: UserId, broadcast: BroadcastId) -> one<Broadcast>;

    /// Ends it for good.
    fn broadcast_cancel(actor: UserId, broadcast: BroadcastId) -> one<Broadcast>;

    /// Tells the next people of a running one; none when there is nothing to do now.
    fn broadcast_advance() -> opt<Advance>;
}
