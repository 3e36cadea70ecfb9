//! Tables and indexes. Partitions are summed up under the table that they belong to, unless the operator wants each.

use std::borrow::Cow;

use super::{Context, Dialect, Query, Shape, counter, gauge};

const LABELS: &[&str] = &["datname", "schemaname", "relname"];

/// The expression for the table that a row is told under, its grouping, and whether more than one row may be in it.
fn home(context: &Context<'_>) -> &'static str {
    if context.rolls_up {
        "case when c.relispartition then pg_partition_root(c.oid)::oid else c.oid end"
    } else {
        "c.oid"
    }
}

/// Sums the columns of a view over the tables that belong together. Rows and dead rows decide who is shown when there
/// are too many.
fn grouped(context: &Context<'_>, view: &str, values: &str) -> String {
    format!(
        "select current_database()::text, n.nspname::text, r.relname::text,
             sum(pg_stat_get_live_tuples(s.relid) + pg_stat_get_dead_tuples(s.relid))::float8,
             (r.relkind = 'p' and count(*) > 1)::int::float8, {values}
         from {view} as s
         join pg_class as c on c.oid = s.relid
         join pg_class as r on r.oid = {}
         join pg_namespace as n on n.oid = r.relnamespace
         group by n.nspname, r.relname, r.relkind",
        home(context)
    )
}

fn sums(columns: &[&str]) -> String {
    columns
        .iter()
        .map(|column| format!("coalesce(sum(s.{column}), 0)::float8"))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) const STAT_USER_TABLES: &[Query] = &[
    Query::new(
        |context| {
            let latest = [
                "last_vacuum",
                "last_autovacuum",
                "last_analyze",
                "last_autoanalyze",
            ]
            .map(|c| format!("coalesce(floor(extract(epoch from max(s.{c}))), 0)::float8"))
            .join(", ");
            let counts = sums(&[
                "seq_scan",
                "seq_tup_read",
                "idx_scan",
                "idx_tup_fetch",
                "n_tup_ins",
                "n_tup_upd",
                "n_tup_del",
                "n_tup_hot_upd",
                "n_live_tup",
                "n_dead_tup",
                "n_mod_since_analyze",
                "vacuum_count",
                "autovacuum_count",
                "analyze_count",
                "autoanalyze_count",
            ]);
            Some(Cow::Owned(grouped(
                context,
                "pg_stat_user_tables",
                &format!("{counts}, {latest}"),
            )))
        },
        LABELS,
        &[
            counter(
                "pg_stat_user_tables_seq_scan",
                "Number of sequential scans initiated on this table",
            ),
            counter(
                "pg_stat_user_tables_seq_tup_read",
                "Number of live rows fetched by sequential scans",
            ),
            counter(
                "pg_stat_user_tables_idx_scan",
                "Number of index scans initiated on this table",
            ),
            counter(
                "pg_stat_user_tables_idx_tup_fetch",
                "Number of live rows fetched by index scans",
            ),
            counter("pg_stat_user_tables_n_tup_ins", "Number of rows inserted"),
            counter("pg_stat_user_tables_n_tup_upd", "Number of rows updated"),
            counter("pg_stat_user_tables_n_tup_del", "Number of rows deleted"),
            counter(
                "pg_stat_user_tables_n_tup_hot_upd",
                "Number of rows HOT updated (i.e., with no separate index update required)",
            ),
            gauge(
                "pg_stat_user_tables_n_live_tup",
                "Estimated number of live rows",
            ),
            gauge(
                "pg_stat_user_tables_n_dead_tup",
                "Estimated number of dead rows",
            ),
            gauge(
                "pg_stat_user_tables_n_mod_since_analyze",
                "Estimated number of rows changed since last analyze",
            ),
            counter(
                "pg_stat_user_tables_vacuum_count",
                "Number of times this table has been manually vacuumed (not counting VACUUM FULL)",
            ),
            counter(
                "pg_stat_user_tables_autovacuum_count",
                "Number of times this table has been vacuumed by the autovacuum daemon",
            ),
            counter(
                "pg_stat_user_tables_analyze_count",
                "Number of times this table has been manually analyzed",
            ),
            counter(
                "pg_stat_user_tables_autoanalyze_count",
                "Number of times this table has been analyzed by the autovacuum daemon",
            ),
            gauge(
                "pg_stat_user_tables_last_vacuum",
                "Last time at which this table was manually vacuumed (not counting VACUUM FULL)",
            ),
            gauge(
                "pg_stat_user_tables_last_autovacuum",
                "Last time at which this table was vacuumed by the autovacuum daemon",
            ),
            gauge(
                "pg_stat_user_tables_last_analyze",
                "Last time at which this table was manually analyzed",
            ),
            gauge(
                "pg_stat_user_tables_last_autoanalyze",
                "Last time at which this table was analyzed by the autovacuum daemon",
            ),
        ],
    )
    .shaped(Shape::Ranked(1)),
    Query::new(
        |context| Some(Cow::Owned(sizes(context, &["pg_total_relation_size"]))),
        LABELS,
        &[gauge(
            "pg_stat_user_tables_size_bytes",
            "Total disk space used by this table, in bytes, including all indexes and TOAST data",
        )],
    )
    .shaped(Shape::Ranked(1))
    .only(Dialect::V0_17)
    .of_sizes(),
    Query::new(
        |context| {
            Some(Cow::Owned(sizes(
                context,
                &["pg_indexes_size", "pg_table_size"],
            )))
        },
        LABELS,
        &[
            gauge(
                "pg_stat_user_tables_index_size_bytes",
                "Total disk space used by this index, in bytes",
            ),
            gauge(
                "pg_stat_user_tables_table_size_bytes",
                "Total disk space used by this table, in bytes",
            ),
        ],
    )
    .shaped(Shape::Ranked(1))
    .only(Dialect::V0_20)
    .of_sizes(),
];

/// The functions lock each table, its indexes and its TOAST table. One that somebody holds, or waits for, exclusively is
/// left out beforehand, and with it the sum that it belongs to: nobody waits for a lock here.
fn sizes(context: &Context<'_>, functions: &[&str]) -> String {
    let values = functions
        .iter()
        .map(|f| {
            format!(
                "case when bool_or(t.is_held) then null
                     else sum(case when t.is_held then 0 else {f}(t.relid) end) end::float8"
            )
        })
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "with held as materialized (
             select l.relation from pg_locks as l
             where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid()
                 and l.database = (select d.oid from pg_database as d where d.datname = current_database())),
         held_tables as materialized (
             select h.relation as relid from held as h
             union select i.indrelid from held as h join pg_index as i on i.indexrelid = h.relation
             union select c.oid from pg_class as c join held as h on h.relation = c.reltoastrelid
             union select c.oid from pg_class as c
                 join pg_index as i on i.indrelid = c.reltoastrelid join held as h on h.relation = i.indexrelid),
         t as materialized (
             select c.oid as relid, {} as root, exists (select from held_tables as h where h.relid = c.oid) as is_held
             from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
             where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
                 and n.nspname !~ '^pg_toast')
         select current_database()::text, n.nspname::text, r.relname::text,
             sum(pg_stat_get_live_tuples(t.relid) + pg_stat_get_dead_tuples(t.relid))::float8,
             (r.relkind = 'p' and count(*) > 1)::int::float8, {values}
         from t
         join pg_class as r on r.oid = t.root
         join pg_namespace as n on n.oid = r.relnamespace
         group by n.nspname, r.relname, r.relkind",
        home(context)
    )
}

pub(super) const STATIO_USER_TABLES: &[Query] = &[Query::new(
    |context| {
        Some(Cow::Owned(grouped(
            context,
            "pg_statio_user_tables",
            &sums(&[
                "heap_blks_read",
                "heap_blks_hit",
                "idx_blks_read",
                "idx_blks_hit",
                "toast_blks_read",
                "toast_blks_hit",
                "tidx_blks_read",
                "tidx_blks_hit",
            ]),
        )))
    },
    LABELS,
    &[
        counter(
            "pg_statio_user_tables_heap_blocks_read",
            "Number of disk blocks read from this table",
        ),
        counter(
            "pg_statio_user_tables_heap_blocks_hit",
            "Number of buffer hits in this table",
        ),
        counter(
            "pg_statio_user_tables_idx_blocks_read",
            "Number of disk blocks read from all indexes on this table",
        ),
        counter(
            "pg_statio_user_tables_idx_blocks_hit",
            "Number of buffer hits in all indexes on this table",
        ),
        counter(
            "pg_statio_user_tables_toast_blocks_read",
            "Number of disk blocks read from this table's TOAST table (if any)",
        ),
        counter(
            "pg_statio_user_tables_toast_blocks_hit",
            "Number of buffer hits in this table's TOAST table (if any)",
        ),
        counter(
            "pg_statio_user_tables_tidx_blocks_read",
            "Number of disk blocks read from this table's TOAST table indexes (if any)",
        ),
        counter(
            "pg_statio_user_tables_tidx_blocks_hit",
            "Number of buffer hits in this table's TOAST table indexes (if any)",
        ),
    ],
)
.shaped(Shape::Ranked(1))];

pub(super) const STATIO_USER_INDEXES: &[Query] = &[Query::new(
    |context| {
        // An index of a partition is told under the index that it is a part of.
        let root = if context.rolls_up {
            "coalesce(case when x.relispartition then pg_partition_root(x.oid)::oid end, x.oid)"
        } else {
            "x.oid"
        };
        Some(Cow::Owned(format!(
            "select n.nspname::text, t.relname::text, r.relname::text,
                 sum(s.idx_blks_read + s.idx_blks_hit)::float8, (count(*) > 1)::int::float8,
                 coalesce(sum(s.idx_blks_read), 0)::float8, coalesce(sum(s.idx_blks_hit), 0)::float8
             from pg_statio_user_indexes as s
             join pg_class as x on x.oid = s.indexrelid
             join pg_class as r on r.oid = {root}
             join pg_namespace as n on n.oid = r.relnamespace
             join pg_index as i on i.indexrelid = r.oid
             join pg_class as t on t.oid = i.indrelid
             group by n.nspname, t.relname, r.relname"
        )))
    },
    &["schemaname", "relname", "indexrelname"],
    &[
        counter(
            "pg_statio_user_indexes_idx_blks_read_total",
            "Number of disk blocks read from this index",
        ),
        counter(
            "pg_statio_user_indexes_idx_blks_hit_total",
            "Number of buffer hits in this index",
        ),
    ],
)
.shaped(Shape::Ranked(0))];
