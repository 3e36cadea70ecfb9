//! What a person wants to be told of.

use chrono::{DateTime, Utc};

use crate::{MuteType, UserId};

row! {
    /// Something that a person may be told of.
    pub struct Topic {
        /// Its name.
        pub topic: String,
        /// What people read in Russian.
        pub title_ru: String,
        /// What people read in English.
        pub title_en: String,
        /// Whether the person hears of it.
        pub is_on: bool,
    }

    /// A topic that was switched.
    pub struct SwitchedTopic {
        /// Its name.
        pub topic: String,
        /// Whether the person hears of it from now on.
        pub is_on: bool,
    }

    /// Somebody or something that a person does not want to hear of.
    pub struct Mute {
        /// Its number.
        pub mute_id: i64,
        /// What it is.
        pub object_type: MuteType,
        /// The number of that.
        pub object_id: i64,
        /// Since when.
        pub created_at: DateTime<Utc>,
    }

    /// A mute that is no more.
    pub struct RemovedMute {
        /// False when there was none.
        pub removed: bool,
    }
}

entries! {
    "notify";

    /// Every topic.
    fn topic_list(actor: UserId) -> many<Topic>;

    /// Switches one on or off.
    fn topic_set(actor: UserId, topic: &str, is_on: bool) -> one<SwitchedTopic>;

    /// Whom and what a person does not want to hear of, the latest first.
    fn object_mute_list(actor: UserId, limit: Option<i32>, after: Option<i64>) -> many<Mute>;

    /// Nothing more of this one, please.
    fn object_mute_add(actor: UserId, object_type: MuteType, object_id: i64) -> one<Mute>;

    /// Of this one again.
    fn object_mute_remove(actor: UserId, object_type: MuteType, object_id: i64) -> one<RemovedMute>;
}
