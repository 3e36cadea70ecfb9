//! SQL jobs and the partitions that one of them keeps.

use chrono::{DateTime, Utc};

row! {
    /// A declared job and its last run.
    pub struct JobState {
        /// Its name.
        pub name: String,
        /// Cron's five fields, UTC.
        pub schedule: String,
        /// What it does.
        pub description: String,
        /// When it ran last; none if it never did.
        pub last_started_at: Option<DateTime<Utc>>,
        /// How that failed, if it did.
        pub last_error: Option<String>,
    }

    /// What became of a run.
    pub struct JobRun {
        /// The job.
        pub name: String,
        /// `done`, `failed`, or `running` when somebody else is at it.
        pub outcome: String,
        /// SQLSTATE and message of a failure.
        pub error: Option<String>,
    }

    /// A partitioned table as it stands.
    pub struct PartitionSet {
        /// The table with its schema.
        pub table_name: String,
        /// Partitions, the default one not counted.
        pub partition_count: i32,
        /// Those that begin in the future.
        pub future_count: i32,
        /// The end of the last one.
        pub covered_until: Option<DateTime<Utc>>,
        /// Whether rows fell into the default partition.
        pub default_has_rows: bool,
    }
}

entries! {
    "ops";

    /// The declared jobs.
    fn job_list() -> many<JobState>;

    /// Runs one job now.
    fn job_run(name: &str) -> one<JobRun>;

    /// The partitioned tables.
    fn partition_list() -> many<PartitionSet>;

    /// Forgets answers to repeated requests after 24 hours.
    fn idempotency_purge() -> none;

    /// Forgets runs of jobs after a week.
    fn job_runs_purge() -> none;

    /// Makes partitions ahead of time and drops those past their retention.
    fn partitions_maintain() -> none;
}
