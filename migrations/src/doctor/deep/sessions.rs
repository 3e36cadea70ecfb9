//! What keeps vacuum from its work: long transactions, forgotten prepared ones, slots that nobody reads.

use std::time::Duration;

use super::Check;

/// Transactions that are open longer than this.
pub(super) fn long_transactions(longer_than: Duration) -> String {
    format!(
        "select format('process %s of %s, %s, is in a transaction since %s: %s', a.pid, a.usename, a.state,
                 date_trunc('second', now() - a.xact_start),
                 case when a.state like 'idle%' then 'it does nothing, and keeps its locks and dead rows'
                     else 'it keeps vacuum from removing dead rows' end),
             format('select pg_terminate_backend(%s)', a.pid), false
         from pg_stat_activity as a
         where a.xact_start < now() - interval '{} milliseconds' and a.pid <> pg_backend_pid()
             and a.backend_type = 'client backend' and a.datname = current_database()
         order by a.xact_start",
        longer_than.as_millis()
    )
}

pub(super) const PREPARED: Check = Check {
    name: "prepared transaction",
    needs: None,
    good: "none is forgotten",
    sql: "select format('%s was prepared %s ago and keeps its locks', p.gid, date_trunc('second', now() - p.prepared)),
              format('rollback prepared %L', p.gid), false
          from pg_prepared_xacts as p
          where p.prepared < now() - interval '5 minutes' and p.database = current_database()
          order by p.prepared",
};

pub(super) const SLOTS: Check = Check {
    name: "replication slot",
    needs: None,
    good: "none that nobody reads holds much of the log",
    sql: "select format('%s is read by nobody and keeps %s of the log', s.slot_name, pg_size_pretty(h.bytes)),
              format('select pg_drop_replication_slot(%L), when its reader will not come back', s.slot_name), false
          from pg_replication_slots as s
          cross join lateral (
              select case when not pg_is_in_recovery() then pg_current_wal_lsn() - s.restart_lsn end as bytes) as h
          where not s.active and h.bytes >= greatest($waste, 0)
          order by h.bytes desc",
};
