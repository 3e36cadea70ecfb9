//! What a person was told.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{NoticeId, UserId};

row! {
    /// Something that a person was told.
    pub struct Notice {
        /// Its number.
        pub notice_id: NoticeId,
        /// When it happened.
        pub event_at: DateTime<Utc>,
        /// What kind of thing it tells.
        pub kind: String,
        /// Under which topic it can be switched off; none: it cannot be.
        pub topic: Option<String>,
        /// What it tells: numbers, titles, the text of a broadcast.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        pub data: Value,
        /// Whether it was read.
        pub is_read: bool,
    }

    /// How much a person has not read.
    pub struct Unread {
        /// So many notices, 100 at most.
        pub unread_count: i32,
        /// There are more than that.
        pub is_more: bool,
    }

    /// Up to where a person has read.
    pub struct ReadMark {
        /// What happened until then is read.
        pub read_until: DateTime<Utc>,
    }
}

entries! {
    "notify";

    /// What a person was told within 90 days, the latest first.
    fn notice_list[NoticeList](
        /// The acting person.
        actor: UserId,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `event_at` of the last row before this page.
        after_at: Option<DateTime<Utc>>,
        /// `notice_id` of the last row before this page.
        after_id: Option<NoticeId>,
    ) -> many<Notice>;

    /// How much a person has not read.
    fn notice_unread_count(actor: UserId) -> one<Unread>;

    /// What happened until then is read; none: until now.
    fn notice_read(actor: UserId, until: Option<DateTime<Utc>>) -> one<ReadMark>;
}
