//! Indexes that are broken, of no use, there twice, or absent under a foreign key.

use super::Check;

pub(super) const INVALID: Check = Check {
    name: "invalid index",
    needs: None,
    good: "none",
    sql: "select format('%s is not valid: a build was interrupted, and queries do not use it', i.indexrelid::regclass),
              format('reindex index concurrently %s', i.indexrelid::regclass), true
          from pg_index as i join pg_class as c on c.oid = i.indexrelid
          -- One of a partitioned table is invalid until every partition has its part.
          where not i.indisvalid and c.relkind = 'i'
              and not exists (select from pg_stat_progress_create_index as p where p.index_relid = i.indexrelid)
          order by 1",
};

/// Nobody has come by it while the table was searched a thousand times. The indexes of partitions count together.
pub(super) const UNUSED: Check = Check {
    name: "unused index",
    needs: None,
    good: "every index of a busy table is used",
    sql: "with part as (
              select coalesce(case when c.relispartition then pg_partition_root(c.oid)::oid end, c.oid) as root,
                  s.idx_scan, pg_relation_size(s.indexrelid) as size, s.relid
              from pg_stat_user_indexes as s join pg_class as c on c.oid = s.indexrelid),
          whole as (
              select p.root, sum(p.idx_scan) as scans, sum(p.size) as size,
                  (select sum(t.seq_scan + coalesce(t.idx_scan, 0)) from pg_stat_user_tables as t
                   where t.relid in (select q.relid from part as q where q.root = p.root)) as searches
              from part as p group by p.root)
          select format('%s (%s) was never used, while its table was searched %s times',
                  w.root::regclass, pg_size_pretty(w.size), w.searches),
              format('drop index %s%s; where Kardan''s migrations made it, in a migration',
                  case when c.relkind = 'i' then 'concurrently ' else '' end, w.root::regclass),
              false
          from whole as w
          join pg_index as i on i.indexrelid = w.root
          join pg_class as c on c.oid = w.root
          where w.scans = 0 and w.searches >= 1000 and w.size >= 65536
              and not i.indisunique and not i.indisexclusion and not i.indisreplident
              -- What a foreign key needs is used when a row is deleted, which may be seldom.
              and not exists (
                  select from pg_constraint as k
                  where k.contype = 'f' and k.conrelid = i.indrelid and k.conkey[1] = i.indkey[0])
          order by w.size desc, 1",
};

pub(super) const DOUBLE: Check = Check {
    name: "double index",
    needs: None,
    good: "no two indexes are the same",
    sql: "select format('%s and %s are the same (%s)', min(i.indexrelid)::regclass, max(i.indexrelid)::regclass,
                  pg_size_pretty(sum(pg_relation_size(i.indexrelid)))),
              format('drop index %s', max(i.indexrelid)::regclass), false
          from pg_index as i
          join pg_class as c on c.oid = i.indexrelid
          join pg_namespace as n on n.oid = c.relnamespace
          where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
              and not c.relispartition and not i.indisprimary
          group by i.indrelid, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indisunique,
              coalesce(pg_get_expr(i.indexprs, i.indrelid), ''), coalesce(pg_get_expr(i.indpred, i.indrelid), ''), c.relam
          having count(*) > 1
          order by 1",
};

pub(super) const MISSING_FOR_KEY: Check = Check {
    name: "foreign key",
    needs: None,
    good: "an index stands under each",
    sql: "select format('%s: deleting a row of %s reads the whole of %s', k.conname, k.confrelid::regclass, k.conrelid::regclass),
              format('create index concurrently on %s (%s)', k.conrelid::regclass,
                  (select string_agg(quote_ident(a.attname), ', ' order by u.place)
                   from unnest(k.conkey) with ordinality as u (num, place)
                   join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.num)),
              false
          from pg_constraint as k
          join pg_class as c on c.oid = k.conrelid
          where k.contype = 'f' and k.conparentid = 0 and c.reltuples >= 1000
              and not exists (
                  select from pg_index as i
                  where i.indrelid = k.conrelid
                      and (select array_agg(n order by n) from unnest(k.conkey) as n)
                          = (select array_agg(n order by n)
                             from unnest((i.indkey::smallint[])[0:cardinality(k.conkey) - 1]) as n))
          order by c.reltuples desc, 1",
};
