//! Tables: wasted space, missing statistics, sequences, partitions that nobody keeps, old transaction numbers.

use super::Check;

/// An estimate, from the mean width of the columns that `analyze` found: pages that are there against pages that the rows
/// need. A fifth is left for what alignment and visibility take.
pub(super) const BLOAT: Check = Check {
    name: "bloat",
    needs: None,
    good: "no table is much bigger than its rows",
    sql: "with width as (
              select s.schemaname, s.tablename, sum((1 - s.null_frac) * s.avg_width) as bytes, count(*) as columns
              from pg_stats as s where not s.inherited group by 1, 2),
          estimate as (
              select c.oid, c.relpages::numeric * current_setting('block_size')::integer as size,
                  ceil(c.reltuples * (w.bytes + 28 + w.columns / 8.0 + 4)
                      / (current_setting('block_size')::integer - 24)
                      / (coalesce((select o.option_value::numeric from pg_options_to_table(c.reloptions) as o
                          where o.option_name = 'fillfactor'), 100) / 100))
                      * current_setting('block_size')::integer * 1.2 as needed
              from pg_class as c
              join pg_namespace as n on n.oid = c.relnamespace
              join width as w on w.schemaname = n.nspname and w.tablename = c.relname
              where c.relkind in ('r', 'm') and c.reltuples >= 0
                  and n.nspname not in ('pg_catalog', 'information_schema')
                  -- Nothing is known of a column that was never sampled.
                  and w.columns = (select count(*) from pg_attribute as a
                      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped))
          select format('%s: about %s of %s are empty', e.oid::regclass,
                  pg_size_pretty((e.size - e.needed)::bigint), pg_size_pretty(e.size::bigint)),
              format('vacuum (full, analyze) %s (locks it; pg_repack does it without)', e.oid::regclass), false
          from estimate as e
          where e.size - e.needed >= $waste and e.size > 2 * e.needed
          order by e.size - e.needed desc",
};

pub(super) const STATISTICS: Check = Check {
    name: "statistics",
    needs: None,
    good: "every table with rows was analysed",
    sql: "select format('%s has about %s rows and no statistics: plans are guesses', s.relid::regclass, s.n_live_tup),
              format('analyze %s', s.relid::regclass), false
          from pg_stat_user_tables as s
          join pg_class as c on c.oid = s.relid
          where c.relkind in ('r', 'm') and s.n_live_tup >= 1000
              -- Where rows were counted, by an index that was built, statistics may still be missing.
              and (c.reltuples < 0 or has_table_privilege(s.relid, 'select') and not exists (
                  select from pg_stats as t where t.schemaname = s.schemaname and t.tablename = s.relname))
          order by s.n_live_tup desc, 1",
};

/// At three quarters there is time left to mend it, even in a table that grows fast.
pub(super) const SEQUENCES: Check = Check {
    name: "sequence",
    needs: None,
    good: "none has used three quarters of its numbers",
    sql: "select format('%I.%I has used %s %% of its numbers', s.schemaname, s.sequencename, round(u.used * 100)),
              format('alter sequence %I.%I as bigint maxvalue 9223372036854775807; and its column: alter table … type bigint',
                  s.schemaname, s.sequencename),
              u.used >= 0.95
          from pg_sequences as s
          cross join lateral (
              select case when s.increment_by > 0
                  then (s.last_value::numeric - s.min_value) / nullif(s.max_value::numeric - s.min_value, 0)
                  else (s.max_value::numeric - s.last_value) / nullif(s.max_value::numeric - s.min_value, 0) end
          ) as u (used)
          where not s.cycle and u.used >= 0.75
          order by u.used desc",
};

pub(super) const UNKEPT: Check = Check {
    name: "partitioned table",
    needs: Some("partman.part_config"),
    good: "each is kept",
    sql: "select format('%s is partitioned by time, and pg_partman does not keep it: its partitions run out', c.oid::regclass),
              format('select ops_data.partition_set_create(%L, %L, ''1 month'', 4, null)', c.oid::regclass, a.attname), false
          from pg_class as c
          join pg_namespace as n on n.oid = c.relnamespace
          join pg_partitioned_table as p on p.partrelid = c.oid
          join pg_attribute as a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
          where n.nspname ~ '_data$' and not c.relispartition and p.partstrat = 'r'
              and a.atttypid in ('timestamptz'::regtype, 'date'::regtype)
              and not exists (
                  select from partman.part_config as k where to_regclass(k.parent_table) = c.oid)
          order by 1",
};

pub(super) const WRAPAROUND: Check = Check {
    name: "transaction numbers",
    needs: None,
    good: "far from their end",
    sql: "select format('%s: its oldest row is %s transactions old, of 2 billion', c.oid::regclass, age(c.relfrozenxid)),
              format('vacuum (freeze) %s', c.oid::regclass), age(c.relfrozenxid) > 1500000000
          from pg_class as c
          where c.relkind in ('r', 'm', 't') and age(c.relfrozenxid) > 1000000000
          order by age(c.relfrozenxid) desc",
};
