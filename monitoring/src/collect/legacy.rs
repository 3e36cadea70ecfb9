//! What upstream reads as whole views, with the label `server`: activity, archiver, conflicts, senders, slots. And the
//! names that older releases had.

use std::borrow::Cow;

use super::{Context, Query, counter, gauge, untyped};

pub(super) const QUERIES: &[Query] = &[
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "with busy as (
                     select a.datname, a.state, a.usename, a.application_name, a.backend_type, a.wait_event_type,
                         a.wait_event, count(*) as count, max(extract(epoch from now() - a.xact_start)) as longest
                     from pg_stat_activity as a where a.state is not null and a.datname is not null
                     group by 1, 2, 3, 4, 5, 6, 7)
                 select d.datname::text, s.state, coalesce(b.usename, '')::text, coalesce(b.application_name, ''),
                     coalesce(b.backend_type, ''), coalesce(b.wait_event_type, ''), coalesce(b.wait_event, ''),
                     coalesce(b.count, 0)::float8, coalesce(b.longest, 0)::float8
                 from pg_database as d
                 cross join unnest(array['active', 'idle', 'idle in transaction', 'idle in transaction (aborted)',
                     'fastpath function call', 'disabled']) as s (state)
                 left join busy as b on b.datname = d.datname and b.state = s.state",
            ))
        },
        &[
            "datname",
            "state",
            "usename",
            "application_name",
            "backend_type",
            "wait_event_type",
            "wait_event",
        ],
        &[
            gauge(
                "pg_stat_activity_count",
                "number of connections in this state",
            ),
            gauge(
                "pg_stat_activity_max_tx_duration",
                "max duration in seconds any active transaction has been running",
            ),
        ],
    ),
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select a.archived_count::float8, a.failed_count::float8,
                     extract(epoch from now() - a.last_archived_time)::float8
                 from pg_stat_archiver as a",
            ))
        },
        &[],
        &[
            counter(
                "pg_stat_archiver_archived_count",
                "Number of WAL files that have been successfully archived",
            ),
            counter(
                "pg_stat_archiver_failed_count",
                "Number of failed attempts for archiving WAL files",
            ),
            gauge(
                "pg_stat_archiver_last_archive_age",
                "Time in seconds since last WAL segment was successfully archived",
            ),
        ],
    ),
    Query::new(
        |context| {
            let logical = if context.version >= 160_000 {
                "c.confl_active_logicalslot::float8"
            } else {
                "null::float8"
            };
            Some(Cow::Owned(format!(
                "select c.datid::text, c.datname::text, c.confl_tablespace::float8, c.confl_lock::float8,
                     c.confl_snapshot::float8, c.confl_bufferpin::float8, c.confl_deadlock::float8, {logical}
                 from pg_stat_database_conflicts as c"
            )))
        },
        &["datid", "datname"],
        &[
            counter(
                "pg_stat_database_conflicts_confl_tablespace",
                "Number of queries in this database that have been canceled due to dropped tablespaces",
            ),
            counter(
                "pg_stat_database_conflicts_confl_lock",
                "Number of queries in this database that have been canceled due to lock timeouts",
            ),
            counter(
                "pg_stat_database_conflicts_confl_snapshot",
                "Number of queries in this database that have been canceled due to old snapshots",
            ),
            counter(
                "pg_stat_database_conflicts_confl_bufferpin",
                "Number of queries in this database that have been canceled due to pinned buffers",
            ),
            counter(
                "pg_stat_database_conflicts_confl_deadlock",
                "Number of queries in this database that have been canceled due to deadlocks",
            ),
            untyped(
                "pg_stat_database_conflicts_confl_active_logicalslot",
                "Unknown metric from pg_stat_database_conflicts",
            ),
        ],
    ),
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "with here as (
                     select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as lsn)
                 select coalesce(r.application_name, ''), coalesce(host(r.client_addr), ''), coalesce(r.state, ''),
                     coalesce(s.slot_name, '')::text, (h.lsn - '0/0')::float8, (h.lsn - r.replay_lsn)::float8,
                     floor(extract(epoch from r.reply_time))::float8
                 from pg_stat_replication as r cross join here as h
                 left join pg_replication_slots as s on s.active_pid = r.pid",
            ))
        },
        &["application_name", "client_addr", "state", "slot_name"],
        &[
            gauge(
                "pg_stat_replication_pg_current_wal_lsn_bytes",
                "WAL position in bytes",
            ),
            gauge(
                "pg_stat_replication_pg_wal_lsn_diff",
                "Lag in bytes between master and slave",
            ),
            untyped(
                "pg_stat_replication_reply_time",
                "Unknown metric from pg_stat_replication",
            ),
        ],
    ),
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.slot_name::text, coalesce(s.database, '')::text, s.active::int::float8,
                     (case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end
                         - s.restart_lsn)::float8
                 from pg_replication_slots as s",
            ))
        },
        &["slot_name", "database"],
        &[
            gauge(
                "pg_replication_slots_active",
                "Flag indicating if the slot is active",
            ),
            gauge(
                "pg_replication_slots_pg_wal_lsn_diff",
                "Replication lag in bytes",
            ),
        ],
    ),
];

fn bgwriter(context: &Context<'_>) -> Option<Cow<'static, str>> {
    super::writer::BGWRITER
        .first()
        .and_then(|query| (query.sql)(context))
}

pub(super) const ALIASES: &[Query] = &[
    // Up to 0.10 without `_total`.
    Query::new(
        bgwriter,
        &[],
        &[
            counter(
                "pg_stat_bgwriter_checkpoints_timed",
                "Alias of pg_stat_bgwriter_checkpoints_timed_total",
            ),
            counter(
                "pg_stat_bgwriter_checkpoints_req",
                "Alias of pg_stat_bgwriter_checkpoints_req_total",
            ),
            counter(
                "pg_stat_bgwriter_checkpoint_write_time",
                "Alias of pg_stat_bgwriter_checkpoint_write_time_total",
            ),
            counter(
                "pg_stat_bgwriter_checkpoint_sync_time",
                "Alias of pg_stat_bgwriter_checkpoint_sync_time_total",
            ),
            counter(
                "pg_stat_bgwriter_buffers_checkpoint",
                "Alias of pg_stat_bgwriter_buffers_checkpoint_total",
            ),
            counter(
                "pg_stat_bgwriter_buffers_clean",
                "Alias of pg_stat_bgwriter_buffers_clean_total",
            ),
            counter(
                "pg_stat_bgwriter_maxwritten_clean",
                "Alias of pg_stat_bgwriter_maxwritten_clean_total",
            ),
            counter(
                "pg_stat_bgwriter_buffers_backend",
                "Alias of pg_stat_bgwriter_buffers_backend_total",
            ),
            counter(
                "pg_stat_bgwriter_buffers_backend_fsync",
                "Alias of pg_stat_bgwriter_buffers_backend_fsync_total",
            ),
            counter(
                "pg_stat_bgwriter_buffers_alloc",
                "Alias of pg_stat_bgwriter_buffers_alloc_total",
            ),
            counter(
                "pg_stat_bgwriter_stats_reset",
                "Alias of pg_stat_bgwriter_stats_reset_total",
            ),
        ],
    ),
    // 0.12.1.
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.slot_name::text,
                     coalesce(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end
                         - '0/0', 0)::float8,
                     (s.confirmed_flush_lsn - '0/0')::float8, s.active::int::float8
                 from pg_replication_slots as s",
            ))
        },
        &["slot_name"],
        &[
            gauge(
                "pg_replication_slot_current_wal_lsn",
                "current wal lsn value",
            ),
            gauge(
                "pg_replication_slot_confirmed_flush_lsn",
                "last lsn confirmed flushed to the replication slot",
            ),
            gauge(
                "pg_replication_slot_is_active",
                "last lsn confirmed flushed to the replication slot",
            ),
        ],
    ),
    // Up to 0.11 every column of the view.
    Query::new(
        |context| {
            let parallel = if context.version >= 180_000 {
                "s.parallel_workers_launched::float8, s.parallel_workers_to_launch::float8"
            } else {
                "null::float8, null::float8"
            };
            Some(Cow::Owned(format!(
                "select s.datid::text, s.datname::text, s.active_time, s.idle_in_transaction_time, s.session_time,
                     s.sessions::float8, s.sessions_abandoned::float8, s.sessions_fatal::float8, s.sessions_killed::float8,
                     s.checksum_failures::float8, extract(epoch from s.checksum_last_failure)::float8, {parallel}
                 from pg_stat_database as s where s.datname is not null"
            )))
        },
        &["datid", "datname"],
        &[
            untyped("pg_stat_database_active_time", UNKNOWN),
            untyped("pg_stat_database_idle_in_transaction_time", UNKNOWN),
            untyped("pg_stat_database_session_time", UNKNOWN),
            untyped("pg_stat_database_sessions", UNKNOWN),
            untyped("pg_stat_database_sessions_abandoned", UNKNOWN),
            untyped("pg_stat_database_sessions_fatal", UNKNOWN),
            untyped("pg_stat_database_sessions_killed", UNKNOWN),
            untyped("pg_stat_database_checksum_failures", UNKNOWN),
            untyped("pg_stat_database_checksum_last_failure", UNKNOWN),
            untyped("pg_stat_database_parallel_workers_launched", UNKNOWN),
            untyped("pg_stat_database_parallel_workers_to_launch", UNKNOWN),
        ],
    ),
];

const UNKNOWN: &str = "Unknown metric from pg_stat_database";
