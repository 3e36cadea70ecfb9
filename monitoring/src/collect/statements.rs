//! pg_stat_statements as upstream has it: the hundred that took most time. `kardan_query_…` is the better view.

use std::borrow::Cow;

use super::{Query, counter};

pub(super) const STATEMENTS: &[Query] = &[Query::new(
    |context| {
        let view = context.known.statements().unwrap_or("pg_stat_statements");
        let (read, write) = if context.version >= 170_000 {
            ("shared_blk_read_time", "shared_blk_write_time")
        } else {
            ("blk_read_time", "blk_write_time")
        };
        // A statement may be there twice, at the top and within a function: one series for both.
        Some(Cow::Owned(format!(
            "with busy as (
                 select s.userid, s.dbid, s.queryid, sum(s.calls) as calls, sum(s.total_exec_time) as spent,
                     sum(s.rows) as rows, sum(s.{read}) as reading, sum(s.{write}) as writing
                 from {view} as s
                 where s.total_exec_time > (
                     select percentile_cont(0.1) within group (order by l.total_exec_time) from {view} as l)
                 group by 1, 2, 3
                 order by spent desc limit 100)
             select coalesce(pg_get_userbyid(b.userid), 'unknown')::text, d.datname::text,
                 coalesce(b.queryid::text, 'unknown'), b.calls::float8, b.spent / 1000, b.rows::float8,
                 b.reading / 1000, b.writing / 1000
             from busy as b join pg_database as d on d.oid = b.dbid"
        )))
    },
    &["user", "datname", "queryid"],
    &[
        counter("pg_stat_statements_calls_total", "Number of times executed"),
        counter(
            "pg_stat_statements_seconds_total",
            "Total time spent in the statement, in seconds",
        ),
        counter(
            "pg_stat_statements_rows_total",
            "Total number of rows retrieved or affected by the statement",
        ),
        counter(
            "pg_stat_statements_block_read_seconds_total",
            "Total time the statement spent reading blocks, in seconds",
        ),
        counter(
            "pg_stat_statements_block_write_seconds_total",
            "Total time the statement spent writing blocks, in seconds",
        ),
    ],
)];
