//! Delivery of the outbox: taking what is due, and telling what became of it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{Lane, Language, NoticeId, UserId};

row! {
    /// Something to deliver; it is the caller's until the lease ends.
    pub struct Parcel {
        /// Its number; the answer names it.
        pub notice_id: NoticeId,
        /// When what it tells happened; the answer names it.
        pub event_at: DateTime<Utc>,
        /// With `event_at` and `chat_id` the same, however often it comes.
        pub dedup_key: String,
        /// How urgent it is.
        pub lane: Lane,
        /// What kind of thing it tells; each has a text.
        pub kind: String,
        /// What the text is made of.
        pub data: Value,
        /// The person; none for a channel or group.
        pub user_id: Option<UserId>,
        /// Telegram's number of the person, channel or group.
        pub chat_id: i64,
        /// The person's language.
        pub language: Option<Language>,
        /// The how manieth attempt this is.
        pub attempts: i32,
        /// Until when it is the caller's.
        pub lease_ends_at: DateTime<Utc>,
    }

    /// What became of something that was taken.
    pub struct Settled {
        /// Its number.
        pub notice_id: NoticeId,
        /// sent, waiting, dead, unreachable; known: nothing changed; duplicate: another sender has sent it as well, so delete the messages;
        /// unknown: the history does not go back so far.
        pub outcome: String,
        /// When it is tried again, if it waits.
        pub due_at: Option<DateTime<Utc>>,
    }

    /// A lane of the outbox in numbers.
    pub struct LaneStats {
        /// The lane.
        pub lane: Lane,
        /// How many wait.
        pub waiting_count: i32,
        /// How many are being delivered.
        pub leased_count: i32,
        /// How many were given up.
        pub dead_count: i32,
        /// How long the oldest that is not given up has waited, in seconds.
        pub oldest_seconds: f64,
    }
}

/// A sender's answer about one parcel, an element of what [`outbox_finish()`] takes.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// The parcel.
    pub notice_id: NoticeId,
    /// Its time.
    pub event_at: DateTime<Utc>,
    /// What happened.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What happened to one parcel.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It was sent.
    Sent {
        /// The numbers of the messages.
        messages: Vec<i64>,
    },
    /// Telegram wants this recipient left alone.
    Postponed {
        /// For so many seconds.
        seconds: i32,
    },
    /// Telegram wants to be left alone altogether.
    PostponedAll {
        /// For so many seconds.
        seconds: i32,
    },
    /// It may succeed later.
    Failed {
        /// What went wrong, without secrets.
        error: String,
    },
    /// It will never succeed.
    Refused {
        /// What is wrong, without secrets.
        error: String,
    },
    /// The person has blocked the bot, never started it, or is gone.
    Unreachable,
}

impl Delivery {
    /// Answers as [`outbox_finish()`] takes them.
    #[must_use]
    pub fn list(answers: &[Self]) -> Value {
        // A text in the database holds no zero byte, and one bad error must not spoil the other answers.
        let whole = serde_json::to_value(answers).unwrap_or_default();
        without_zeros(whole)
    }
}

pub(super) fn without_zeros(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(all) => all.into_iter().map(without_zeros).collect(),
        Value::Object(all) => all
            .into_iter()
            .map(|(key, one)| (key, without_zeros(one)))
            .collect(),
        other => other,
    }
}

entries! {
    "notify";

    /// Takes what is due, at most 500 parcels; the same lease again gives the same ones.
    fn outbox_claim(lease: Uuid, limit: Option<i32>) -> many<Parcel>;

    /// Tells what became of parcels, at most 1000; see [`Delivery::list`].
    fn outbox_finish(lease: Uuid, results: &Value) -> many<Settled>;

    /// Forgets what nobody needs any more.
    fn outbox_purge() -> none;

    /// The outbox by lane, the most urgent first.
    fn outbox_stats() -> many<LaneStats>;
}
