//! The SQL jobs. Cost: one row a job by an index.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_jobs",
    "The SQL jobs: when they ran last, and whether that failed",
    15,
    &["ops.job_list"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select j.name, extract(epoch from j.last_started_at)::float8, (j.last_error is not null)::int::float8
                 from ops.job_list() as j",
            ))
        },
        &["job"],
        &[
            gauge(
                "kardan_job_last_run_timestamp_seconds",
                "When the job began last, in seconds since 1970; absent for one that never ran.",
            ),
            gauge(
                "kardan_job_failed",
                "Whether the last run of the job failed (1) or not (0).",
            ),
        ],
    )],
);
