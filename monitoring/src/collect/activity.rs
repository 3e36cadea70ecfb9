//! What sessions do: locks, long transactions, idle ones, vacuum.

use std::borrow::Cow;

use super::{Query, Shape, gauge};
use crate::collect::Column;
use crate::text::Kind;

pub(super) const LOCKS: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "with held as materialized (
                 select l.database, lower(l.mode) as mode, count(*) as count
                 from pg_locks as l where l.database is not null group by 1, 2)
             select d.datname::text, m.mode, coalesce(h.count, 0)::float8
             from pg_database as d
             cross join unnest(array['accesssharelock', 'rowsharelock', 'rowexclusivelock', 'shareupdateexclusivelock',
                 'sharelock', 'sharerowexclusivelock', 'exclusivelock', 'accessexclusivelock', 'sireadlock']) as m (mode)
             left join held as h on h.database = d.oid and h.mode = m.mode",
        ))
    },
    &["datname", "mode"],
    &[gauge("pg_locks_count", "Number of locks")],
)];

pub(super) const LONG_RUNNING: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select count(*)::float8,
                 coalesce(extract(epoch from max(clock_timestamp() - a.xact_start)), 0)::float8
             from pg_stat_activity as a
             where a.state is distinct from 'idle' and a.xact_start is not null
                 and a.query not like 'autovacuum:%'",
        ))
    },
    &[],
    &[
        gauge(
            "pg_long_running_transactions",
            "Current number of long running transactions",
        ),
        gauge(
            "pg_long_running_transactions_oldest_timestamp_seconds",
            "The current maximum transaction age in seconds",
        ),
    ],
)];

/// Upstream's upper bounds, in seconds.
const IDLE_BOUNDS: &[f64] = &[1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 90.0, 120.0, 300.0];

pub(super) const PROCESS_IDLE: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "with idle as (
                 select a.state, a.application_name, extract(epoch from now() - a.state_change)::float8 as age
                 from pg_stat_activity as a where a.state like 'idle%')
             select coalesce(i.state, 'unknown'), coalesce(i.application_name, 'unknown'),
                 sum(round(i.age)), count(*)::float8,
                 count(*) filter (where i.age <= 1)::float8, count(*) filter (where i.age <= 2)::float8,
                 count(*) filter (where i.age <= 5)::float8, count(*) filter (where i.age <= 15)::float8,
                 count(*) filter (where i.age <= 30)::float8, count(*) filter (where i.age <= 60)::float8,
                 count(*) filter (where i.age <= 90)::float8, count(*) filter (where i.age <= 120)::float8,
                 count(*) filter (where i.age <= 300)::float8
             from idle as i group by 1, 2",
        ))
    },
    &["state", "application_name"],
    &[Column {
        name: "pg_process_idle_seconds",
        kind: Kind::Histogram,
        help: "Idle time of server processes",
    }],
)
.shaped(Shape::Histogram(IDLE_BOUNDS))];

pub(super) const AUTOVACUUM: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            // The text is `autovacuum: VACUUM schema.table`; a table may be in two rows for a moment.
            "select split_part(a.query, '.', 2), max(extract(epoch from a.xact_start))::float8
             from pg_stat_activity as a where a.query like 'autovacuum:%' group by 1",
        ))
    },
    &["relname"],
    &[gauge(
        "pg_stat_activity_autovacuum_timestamp_seconds",
        "Start timestamp of the vacuum process in seconds",
    )],
)];

pub(super) const PROGRESS_VACUUM: &[Query] = &[
    Query::new(
        |context| {
            let dead = if context.version >= 170_000 {
                "p.max_dead_tuple_bytes::float8, p.num_dead_item_ids::float8"
            } else {
                "p.max_dead_tuples::float8, p.num_dead_tuples::float8"
            };
            Some(Cow::Owned(format!(
                "select p.datname::text, coalesce(c.relname, p.relid::text)::text,
                     p.heap_blks_total::float8, p.heap_blks_scanned::float8, p.heap_blks_vacuumed::float8,
                     p.index_vacuum_count::float8, {dead}
                 from pg_stat_progress_vacuum as p left join pg_class as c on c.oid = p.relid"
            )))
        },
        &["datname", "relname"],
        &[
            gauge(
                "pg_stat_progress_vacuum_heap_blks",
                "Total number of heap blocks in the table being vacuumed.",
            ),
            gauge(
                "pg_stat_progress_vacuum_heap_blks_scanned",
                "Number of heap blocks scanned so far.",
            ),
            gauge(
                "pg_stat_progress_vacuum_heap_blks_vacuumed",
                "Number of heap blocks vacuumed so far.",
            ),
            gauge(
                "pg_stat_progress_vacuum_index_vacuums",
                "Number of completed index vacuum cycles.",
            ),
            gauge(
                "pg_stat_progress_vacuum_max_dead_tuples",
                "Maximum number of dead tuples that can be stored before cleanup is performed.",
            ),
            gauge(
                "pg_stat_progress_vacuum_num_dead_tuples",
                "Current number of dead tuples found so far.",
            ),
        ],
    ),
    Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select p.datname::text, coalesce(c.relname, p.relid::text)::text, w.phase, (p.phase = w.phase)::int::float8
                 from pg_stat_progress_vacuum as p
                 left join pg_class as c on c.oid = p.relid
                 cross join unnest(array['initializing', 'scanning heap', 'vacuuming indexes', 'vacuuming heap',
                     'cleaning up indexes', 'truncating heap', 'performing final cleanup']) as w (phase)",
            ))
        },
        &["datname", "relname", "phase"],
        &[gauge(
            "pg_stat_progress_vacuum_phase",
            "Current vacuum phase (1 = active, 0 = inactive). Label 'phase' is human-readable.",
        )],
    ),
];
