//! The server as a whole.

use std::borrow::Cow;

use super::{Query, gauge};

pub(super) const POSTMASTER: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select extract(epoch from pg_postmaster_start_time())::float8",
        ))
    },
    &[],
    &[gauge(
        "pg_postmaster_start_time_seconds",
        "Time at which postmaster started",
    )],
)];

pub(super) const ROLES: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select r.rolname::text, r.rolconnlimit::float8 from pg_roles as r",
        ))
    },
    &["rolname"],
    &[gauge(
        "pg_roles_connection_limit",
        "Connection limit set for the role",
    )],
)];

/// Needs the extension pg_buffercache in this database; without it the collector fails, as upstream's does.
pub(super) const BUFFERCACHE: &[Query] = &[Query::new(
    |context| {
        (context.version >= 160_000).then_some(Cow::Borrowed(
            "select s.buffers_used::float8, s.buffers_unused::float8, s.buffers_dirty::float8, s.buffers_pinned::float8,
                 s.usagecount_avg
             from pg_buffercache_summary() as s",
        ))
    },
    &[],
    &[
        gauge(
            "pg_buffercache_summary_buffers_used",
            "Number of used shared buffers",
        ),
        gauge(
            "pg_buffercache_summary_buffers_unused",
            "Number of unused shared buffers",
        ),
        gauge(
            "pg_buffercache_summary_buffers_dirty",
            "Number of dirty shared buffers",
        ),
        gauge(
            "pg_buffercache_summary_buffers_pinned",
            "Number of pinned shared buffers",
        ),
        gauge(
            "pg_buffercache_summary_usagecount_avg",
            "Average usage count of used shared buffers",
        ),
    ],
)];
