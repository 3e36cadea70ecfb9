//! Dead letters: what could not be delivered.

use chrono::{DateTime, Utc};

use crate::{Lane, NoticeId, UserId};

row! {
    /// Something that could not be delivered.
    pub struct DeadLetter {
        /// Its number.
        pub notice_id: NoticeId,
        /// When what it tells happened.
        pub event_at: DateTime<Utc>,
        /// What kind of thing it tells.
        pub kind: String,
        /// The person; none for a channel or group.
        pub user_id: Option<UserId>,
        /// Telegram's number of the channel or group; none for a person.
        pub chat_id: Option<i64>,
        /// Since when it was to be delivered.
        pub queued_at: DateTime<Utc>,
        /// How often it was tried.
        pub attempts: i32,
        /// What went wrong last.
        pub error: Option<String>,
    }

    /// Dead letters of one lane and kind that failed alike.
    pub struct DeadLetterCount {
        /// The lane.
        pub lane: Lane,
        /// What kind of thing they tell.
        pub kind: String,
        /// What went wrong last, the first 200 characters.
        pub error: Option<String>,
        /// How many.
        pub letter_count: i64,
        /// When the youngest of them happened.
        pub latest_at: DateTime<Utc>,
    }

    /// A dead letter that is tried again.
    pub struct ReplayedLetter {
        /// Its number.
        pub notice_id: NoticeId,
        /// False when it waits already.
        pub replayed: bool,
    }

    /// How many dead letters are tried again.
    pub struct ReplayedLetters {
        /// So many; there may be more unless this is 0.
        pub replayed_count: i32,
    }

    /// A dead letter that was given up.
    pub struct PurgedLetter {
        /// Its number.
        pub notice_id: NoticeId,
        /// False when there was none of this number.
        pub purged: bool,
    }

    /// How many dead letters were given up.
    pub struct PurgedLetters {
        /// So many; there may be more unless this is 0.
        pub purged_count: i32,
    }
}

entries! {
    "notify";

    /// What could not be delivered, the latest first.
    fn dead_letter_list[DeadLetterList](
        /// The acting person.
        actor: UserId,
        /// Only of this kind.
        kind: Option<String>,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `event_at` of the last row before this page.
        after_at: Option<DateTime<Utc>>,
        /// `notice_id` of the last row before this page.
        after_id: Option<NoticeId>,
    ) -> many<DeadLetter>;

    /// What could not be delivered, by lane, kind and what went wrong, the commonest first.
    fn dead_letter_count(actor: UserId) -> many<DeadLetterCount>;

    /// Has one delivered again.
    fn dead_letter_replay(actor: UserId, notice: NoticeId) -> one<ReplayedLetter>;

    /// Has up to 1000 delivered again, of one kind or of all.
    fn dead_letter_replay_all(actor: UserId, kind: Option<&str>) -> one<ReplayedLetters>;

    /// Gives one up.
    fn dead_letter_purge(actor: UserId, notice: NoticeId) -> one<PurgedLetter>;

    /// Gives up to 1000 up, of one kind or of all.
    fn dead_letter_purge_all(actor: UserId, kind: Option<&str>) -> one<PurgedLetters>;
}
