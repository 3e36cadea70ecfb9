//! What the panes ask.

use super::pane::{Column, Pane, Unit};

const fn column(name: &'static str, unit: Unit) -> Column {
    Column { name, unit }
}

/// Every pane, in the order of their keys.
pub const PANES: &[Pane] = &[SESSIONS, LOCKS, QUERIES, REPLICATION, PARTITIONS];

/// The pane of this number; the first for a number that there is not.
pub(super) fn at(number: usize) -> &'static Pane {
    PANES.get(number).unwrap_or(&SESSIONS)
}

/// The number of a pane by its name.
pub(super) fn find(name: &str) -> Option<usize> {
    PANES.iter().position(|pane| pane.name == name)
}

const SESSIONS: Pane = Pane {
    name: "sessions",
    title: "Sessions",
    nothing: "nobody else is connected",
    sql: |_, _| {
        Some(
            "select a.pid::float8, coalesce(a.datname, '')::text, coalesce(a.usename, '')::text, a.application_name,
                 coalesce(a.state, ''), extract(epoch from clock_timestamp() - a.xact_start)::float8,
                 case when a.state = 'active' then extract(epoch from clock_timestamp() - a.query_start) end::float8,
                 coalesce(a.wait_event_type || ':' || a.wait_event, ''), left(a.query, 500)
             from pg_stat_activity as a
             where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()"
                .to_owned(),
        )
    },
    columns: &[
        column("pid", Unit::Count),
        column("database", Unit::Text),
        column("user", Unit::Text),
        column("application", Unit::Text),
        column("state", Unit::Text),
        column("transaction", Unit::Seconds),
        column("statement", Unit::Seconds),
        column("waits", Unit::Text),
        column("query", Unit::Text),
    ],
    sorted: Some(5),
    has_rates: false,
};

/// Those who wait stand below whom they wait for.
const LOCKS: Pane = Pane {
    name: "locks",
    title: "Locks",
    nothing: "nobody waits for a lock",
    sql: |_, _| {
        Some(
            "with recursive waiting as materialized (
                 select a.pid, pg_blocking_pids(a.pid) as by from pg_stat_activity as a where a.wait_event_type = 'Lock'),
             -- Under the last one of the queue that it waits for: so the tree shows the order in which they will go on.
             tree (pid, depth, path) as (
                 select distinct b.pid, 0, array[b.pid] from waiting as w cross join lateral unnest(w.by) as b (pid)
                 where not exists (select from waiting as o where o.pid = b.pid)
                 union all
                 select w.pid, t.depth + 1, t.path || w.pid
                 from tree as t join waiting as w on t.pid = any (w.by)
                 where w.pid <> all (t.path) and t.depth < 50),
             deepest as (
                 select distinct on (t.pid) t.pid, t.depth, t.path from tree as t order by t.pid, t.depth desc)
             select repeat('  ', d.depth) || case when d.depth > 0 then '└ ' else '' end || d.pid,
                 coalesce(a.usename, '')::text, coalesce(a.state, ''),
                 extract(epoch from clock_timestamp() - l.waitstart)::float8,
                 extract(epoch from clock_timestamp() - a.xact_start)::float8,
                 coalesce(l.mode, ''),
                 coalesce(case when l.locktype = 'relation' then l.relation::regclass::text else l.locktype end, ''),
                 left(coalesce(a.query, ''), 500)
             from deepest as d
             left join pg_stat_activity as a on a.pid = d.pid
             left join lateral (
                 select w.mode, w.locktype, w.relation, w.waitstart from pg_locks as w
                 where w.pid = d.pid and not w.granted limit 1) as l on true
             order by d.path"
                .to_owned(),
        )
    },
    columns: &[
        column("pid", Unit::Text),
        column("user", Unit::Text),
        column("state", Unit::Text),
        column("waiting", Unit::Seconds),
        column("transaction", Unit::Seconds),
        column("mode", Unit::Text),
        column("on", Unit::Text),
        column("query", Unit::Text),
    ],
    sorted: None,
    has_rates: false,
};

const QUERIES: Pane = Pane {
    name: "queries",
    title: "Statements now",
    nothing: "no statement since the last look; pg_stat_statements must be preloaded and created in this database",
    sql: |known, _| {
        let view = known.statements()?;
        Some(format!(
            "select s.queryid::text, sum(s.total_exec_time), sum(s.calls)::float8, sum(s.rows)::float8,
                 sum(s.shared_blks_read)::float8, null::float8, min(left(s.query, 500))
             from {view} as s where s.queryid is not null group by s.queryid"
        ))
    },
    columns: &[
        column("id", Unit::Text),
        column("ms/s", Unit::Rate),
        column("calls/s", Unit::Rate),
        column("rows/s", Unit::Rate),
        column("blocks/s", Unit::Rate),
        column("mean ms", Unit::Milliseconds),
        column("query", Unit::Text),
    ],
    sorted: Some(1),
    has_rates: true,
};

const REPLICATION: Pane = Pane {
    name: "replication",
    title: "Replication",
    nothing: "no standby is connected, and there is no slot",
    sql: |_, _| {
        Some(
            "with here as (
                 select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as lsn)
             select coalesce(s.slot_name, '')::text, coalesce(r.application_name, ''), coalesce(host(r.client_addr), ''),
                 coalesce(r.state, case when s.active then 'active' else 'nobody reads it' end),
                 coalesce(r.sync_state, ''), (h.lsn - r.replay_lsn)::float8, extract(epoch from r.replay_lag)::float8,
                 (h.lsn - s.restart_lsn)::float8, coalesce(s.wal_status, '')
             from pg_replication_slots as s
             full join pg_stat_replication as r on r.pid = s.active_pid
             cross join here as h"
                .to_owned(),
        )
    },
    columns: &[
        column("slot", Unit::Text),
        column("application", Unit::Text),
        column("address", Unit::Text),
        column("state", Unit::Text),
        column("sync", Unit::Text),
        column("lag bytes", Unit::Bytes),
        column("lag", Unit::Seconds),
        column("kept log", Unit::Bytes),
        column("log", Unit::Text),
    ],
    sorted: Some(5),
    has_rates: false,
};

const PARTITIONS: Pane = Pane {
    name: "partitions",
    title: "Partitions",
    nothing: "the program is not in this database, or this user may not ask it",
    sql: |known, _| {
        known.has(&["ops.partition_list"]).then(|| {
            "select p.table_name, p.partition_count::float8, p.future_count::float8,
                 extract(epoch from p.covered_until - now())::float8,
                 case when p.default_has_rows then 'rows in the default partition' else '' end
             from ops.partition_list() as p"
                .to_owned()
        })
    },
    columns: &[
        column("table", Unit::Text),
        column("partitions", Unit::Count),
        column("ahead", Unit::Count),
        column("covered", Unit::Seconds),
        column("warning", Unit::Text),
    ],
    sorted: None,
    has_rates: false,
};
