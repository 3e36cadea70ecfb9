//! Databases: sizes, limits, ages, activity.

use std::borrow::Cow;

use super::{Context, Query, counter, gauge, literal};

const DATNAME: &[&str] = &["datname"];

/// Without the databases that the operator leaves out.
fn wanted(context: &Context<'_>) -> String {
    let names: Vec<_> = context.exclude.iter().map(|name| literal(name)).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" where d.datname not in ({})", names.join(", "))
    }
}

pub(super) const DATABASE: &[Query] = &[
    Query::new(
        |context| {
            Some(Cow::Owned(format!(
                "select d.datname::text, d.datconnlimit::float8 from pg_database as d{}",
                wanted(context)
            )))
        },
        DATNAME,
        &[gauge("pg_database_connection_limit", "Connection limit set for the database")],
    ),
    Query::new(
        |context| {
            // A database that this role may not look into has no size here; upstream gives up on all of them.
            Some(Cow::Owned(format!(
                "select d.datname::text,
                     case when pg_has_role('pg_read_all_stats', 'usage') or has_database_privilege(d.oid, 'connect')
                         then pg_database_size(d.oid)::float8 end
                 from pg_database as d{}",
                wanted(context)
            )))
        },
        DATNAME,
        &[gauge("pg_database_size_bytes", "Disk space used by the database")],
    )
    .of_sizes(),
];

pub(super) const WRAPAROUND: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select d.datname::text, age(d.datfrozenxid)::float8, mxid_age(d.datminmxid)::float8
             from pg_database as d where d.datallowconn",
        ))
    },
    DATNAME,
    &[
        gauge(
            "pg_database_wraparound_age_datfrozenxid_seconds",
            "Age of the oldest transaction ID that has not been frozen.",
        ),
        gauge(
            "pg_database_wraparound_age_datminmxid_seconds",
            "Age of the oldest multi-transaction ID that has been replaced with a transaction ID.",
        ),
    ],
)];

pub(super) const STAT_DATABASE: &[Query] = &[Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select s.datid::text, s.datname::text,
                 s.numbackends::float8, s.xact_commit::float8, s.xact_rollback::float8, s.blks_read::float8,
                 s.blks_hit::float8, s.tup_returned::float8, s.tup_fetched::float8, s.tup_inserted::float8,
                 s.tup_updated::float8, s.tup_deleted::float8, s.conflicts::float8, s.temp_files::float8,
                 s.temp_bytes::float8, s.deadlocks::float8, s.blk_read_time, s.blk_write_time,
                 coalesce(floor(extract(epoch from s.stats_reset)), 0)::float8, s.active_time / 1000
             from pg_stat_database as s where s.datname is not null",
        ))
    },
    &["datid", "datname"],
    &[
        gauge(
            "pg_stat_database_numbackends",
            "Number of backends currently connected to this database. This is the only column in this view that returns a value reflecting current state; all other columns return the accumulated values since the last reset.",
        ),
        counter(
            "pg_stat_database_xact_commit",
            "Number of transactions in this database that have been committed",
        ),
        counter(
            "pg_stat_database_xact_rollback",
            "Number of transactions in this database that have been rolled back",
        ),
        counter(
            "pg_stat_database_blks_read",
            "Number of disk blocks read in this database",
        ),
        counter(
            "pg_stat_database_blks_hit",
            "Number of times disk blocks were found already in the buffer cache, so that a read was not necessary (this only includes hits in the PostgreSQL buffer cache, not the operating system's file system cache)",
        ),
        counter(
            "pg_stat_database_tup_returned",
            "Number of rows returned by queries in this database",
        ),
        counter(
            "pg_stat_database_tup_fetched",
            "Number of rows fetched by queries in this database",
        ),
        counter(
            "pg_stat_database_tup_inserted",
            "Number of rows inserted by queries in this database",
        ),
        counter(
            "pg_stat_database_tup_updated",
            "Number of rows updated by queries in this database",
        ),
        counter(
            "pg_stat_database_tup_deleted",
            "Number of rows deleted by queries in this database",
        ),
        counter(
            "pg_stat_database_conflicts",
            "Number of queries canceled due to conflicts with recovery in this database. (Conflicts occur only on standby servers; see pg_stat_database_conflicts for details.)",
        ),
        counter(
            "pg_stat_database_temp_files",
            "Number of temporary files created by queries in this database. All temporary files are counted, regardless of why the temporary file was created (e.g., sorting or hashing), and regardless of the log_temp_files setting.",
        ),
        counter(
            "pg_stat_database_temp_bytes",
            "Total amount of data written to temporary files by queries in this database. All temporary files are counted, regardless of why the temporary file was created, and regardless of the log_temp_files setting.",
        ),
        counter(
            "pg_stat_database_deadlocks",
            "Number of deadlocks detected in this database",
        ),
        counter(
            "pg_stat_database_blk_read_time",
            "Time spent reading data file blocks by backends in this database, in milliseconds",
        ),
        counter(
            "pg_stat_database_blk_write_time",
            "Time spent writing data file blocks by backends in this database, in milliseconds",
        ),
        counter(
            "pg_stat_database_stats_reset",
            "Time at which these statistics were last reset",
        ),
        counter(
            "pg_stat_database_active_time_seconds_total",
            "Time spent executing SQL statements in this database, in seconds",
        ),
    ],
)];
