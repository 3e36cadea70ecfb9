//! What drills of backups have found.

use chrono::{DateTime, Utc};

row! {
    /// What one drill has found.
    pub struct BackupDrill {
        /// The backup, as the repository calls it.
        pub backup_id: String,
        /// When the backup was whole.
        pub backup_at: DateTime<Utc>,
        /// When the drill began.
        pub started_at: DateTime<Utc>,
        /// `good`, `bad` or `unproven`.
        pub verdict: String,
        /// What was restored, in bytes.
        pub restored_bytes: i64,
        /// From stored files to a server that answers.
        pub ready_seconds: f64,
        /// Of the whole drill.
        pub seconds: f64,
    }
}

entries! {
    "ops";

    /// Notes what a drill has found; the same drill twice is once.
    fn backup_drill_record[BackupDrillRecord](
        /// The backup, as the repository calls it.
        backup_id: String,
        /// When the backup was whole.
        backup_at: DateTime<Utc>,
        /// When the drill began.
        started_at: DateTime<Utc>,
        /// `good`, `bad` or `unproven`.
        verdict: String,
        /// What was restored, in bytes.
        restored_bytes: i64,
        /// From stored files to a server that answers.
        ready_seconds: f64,
        /// Of the whole drill.
        seconds: f64,
    ) -> none;

    /// What the last drills have found, the newest first.
    fn backup_drill_list(limit: i32) -> many<BackupDrill>;
}
