//! Who did what.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::UserId;

row! {
    /// One recorded act.
    pub struct AuditEntry {
        /// Its number; with `at`, the place to go on reading from.
        pub audit_id: i64,
        /// When.
        pub at: DateTime<Utc>,
        /// Who; none for a job or an operator at the command line.
        pub actor_id: Option<UserId>,
        /// What was done, for example `user.block`.
        pub action: String,
        /// What it was done to: the kind of thing.
        pub object_type: String,
        /// And which one.
        pub object_id: String,
        /// What else is known of the act.
        pub details: Value,
    }
}

entries! {
    "ops";

    /// Recorded acts, newest first.
    fn audit_list[AuditList](
        /// The acting administrator.
        actor: UserId,
        /// Not before; none means the last 90 days.
        from: Option<DateTime<Utc>>,
        /// Not after; none means now.
        to: Option<DateTime<Utc>>,
        /// Only this kind of thing.
        object_type: Option<String>,
        /// Only this thing.
        object_id: Option<String>,
        /// At most so many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The time of the last entry of the page before.
        after_at: Option<DateTime<Utc>>,
        /// The number of the last entry of the page before.
        after_id: Option<i64>,
    ) -> many<AuditEntry>;
}
