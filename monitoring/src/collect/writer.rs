//! Background writer, checkpointer, write-ahead log.

use std::borrow::Cow;

use super::{Query, counter, gauge};

pub(super) const BGWRITER: &[Query] = &[Query::new(
    |context| {
        // PostgreSQL 17 moved checkpoints and the writes of backends to other views; dashboards still ask for them here.
        // `buffers_backend` counted what backends wrote and what they added to files.
        Some(Cow::Borrowed(if context.version >= 170_000 {
            "with backend as (
                 select sum(coalesce(i.writes, 0) + coalesce(i.extends, 0)) as written, sum(i.fsyncs) as synced
                 from pg_stat_io as i
                 where i.object = 'relation' and i.backend_type not in ('background writer', 'checkpointer'))
             select c.num_timed::float8, c.num_requested::float8, c.write_time, c.sync_time, c.buffers_written::float8,
                 w.buffers_clean::float8, w.maxwritten_clean::float8, coalesce(b.written, 0)::float8,
                 coalesce(b.synced, 0)::float8, w.buffers_alloc::float8,
                 coalesce(floor(extract(epoch from w.stats_reset)), 0)::float8
             from pg_stat_bgwriter as w cross join pg_stat_checkpointer as c cross join backend as b"
        } else {
            "select w.checkpoints_timed::float8, w.checkpoints_req::float8, w.checkpoint_write_time, w.checkpoint_sync_time,
                 w.buffers_checkpoint::float8, w.buffers_clean::float8, w.maxwritten_clean::float8,
                 w.buffers_backend::float8, w.buffers_backend_fsync::float8, w.buffers_alloc::float8,
                 coalesce(floor(extract(epoch from w.stats_reset)), 0)::float8
             from pg_stat_bgwriter as w"
        }))
    },
    &[],
    &[
        counter(
            "pg_stat_bgwriter_checkpoints_timed_total",
            "Number of scheduled checkpoints that have been performed",
        ),
        counter(
            "pg_stat_bgwriter_checkpoints_req_total",
            "Number of requested checkpoints that have been performed",
        ),
        counter(
            "pg_stat_bgwriter_checkpoint_write_time_total",
            "Total amount of time that has been spent in the portion of checkpoint processing where files are written to disk, in milliseconds",
        ),
        counter(
            "pg_stat_bgwriter_checkpoint_sync_time_total",
            "Total amount of time that has been spent in the portion of checkpoint processing where files are synchronized to disk, in milliseconds",
        ),
        counter(
            "pg_stat_bgwriter_buffers_checkpoint_total",
            "Number of buffers written during checkpoints",
        ),
        counter(
            "pg_stat_bgwriter_buffers_clean_total",
            "Number of buffers written by the background writer",
        ),
        counter(
            "pg_stat_bgwriter_maxwritten_clean_total",
            "Number of times the background writer stopped a cleaning scan because it had written too many buffers",
        ),
        counter(
            "pg_stat_bgwriter_buffers_backend_total",
            "Number of buffers written directly by a backend",
        ),
        counter(
            "pg_stat_bgwriter_buffers_backend_fsync_total",
            "Number of times a backend had to execute its own fsync call (normally the background writer handles those even when the backend does its own write)",
        ),
        counter(
            "pg_stat_bgwriter_buffers_alloc_total",
            "Number of buffers allocated",
        ),
        counter(
            "pg_stat_bgwriter_stats_reset_total",
            "Time at which these statistics were last reset",
        ),
    ],
)];

pub(super) const CHECKPOINTER: &[Query] = &[Query::new(
    |context| {
        (context.version >= 170_000).then_some(Cow::Borrowed(
            "select c.num_timed::float8, c.num_requested::float8, c.restartpoints_timed::float8, c.restartpoints_req::float8,
                 c.restartpoints_done::float8, c.write_time, c.sync_time, c.buffers_written::float8,
                 coalesce(floor(extract(epoch from c.stats_reset)), 0)::float8
             from pg_stat_checkpointer as c",
        ))
    },
    &[],
    &[
        counter(
            "pg_stat_checkpointer_num_timed_total",
            "Number of scheduled checkpoints due to timeout",
        ),
        counter(
            "pg_stat_checkpointer_num_requested_total",
            "Number of requested checkpoints that have been performed",
        ),
        counter(
            "pg_stat_checkpointer_restartpoints_timed_total",
            "Number of scheduled restartpoints due to timeout or after a failed attempt to perform it",
        ),
        counter(
            "pg_stat_checkpointer_restartpoints_req_total",
            "Number of requested restartpoints",
        ),
        counter(
            "pg_stat_checkpointer_restartpoints_done_total",
            "Number of restartpoints that have been performed",
        ),
        counter(
            "pg_stat_checkpointer_write_time_total",
            "Total amount of time that has been spent in the portion of processing checkpoints and restartpoints where files are written to disk, in milliseconds",
        ),
        counter(
            "pg_stat_checkpointer_sync_time_total",
            "Total amount of time that has been spent in the portion of processing checkpoints and restartpoints where files are synchronized to disk, in milliseconds",
        ),
        counter(
            "pg_stat_checkpointer_buffers_written_total",
            "Number of buffers written during checkpoints and restartpoints",
        ),
        counter(
            "pg_stat_checkpointer_stats_reset_total",
            "Time at which these statistics were last reset",
        ),
    ],
)];

pub(super) const WAL: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select count(*)::float8, coalesce(sum(w.size), 0)::float8
             from pg_ls_waldir() as w where w.name ~ '^[0-9A-F]{24}$'",
        ))
    },
    &[],
    &[
        gauge("pg_wal_segments", "Number of WAL segments"),
        gauge("pg_wal_size_bytes", "Total size of WAL segments"),
    ],
)];

/// The functions behind it were renamed in PostgreSQL 10; the collector stays, as upstream's does, and says nothing.
pub(super) const XLOG_LOCATION: &[Query] = &[Query::new(
    |_| None,
    &[],
    &[gauge(
        "pg_xlog_location_bytes",
        "Postgres LSN (log sequence number) being generated on primary or replayed on replica (truncated to low 52 bits)",
    )],
)];
