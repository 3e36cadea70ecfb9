//! Who waits for a lock. Process ids are no labels: they would be new series for ever. Cost: a look at sessions, and
//! at the lock table only when somebody waits.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_locks",
    "Sessions that wait for locks: how many, how long, behind how many others",
    0,
    &[],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "with recursive waiting as materialized (
                     select a.pid, pg_blocking_pids(a.pid) as by from pg_stat_activity as a where a.wait_event_type = 'Lock'),
                 chain (pid, depth) as (
                     select distinct b.pid, 0 from waiting as w cross join lateral unnest(w.by) as b (pid)
                     where not exists (select from waiting as o where o.pid = b.pid)
                     union
                     select w.pid, c.depth + 1 from chain as c join waiting as w on c.pid = any (w.by) where c.depth < 100)
                 select (select count(*) from waiting)::float8,
                     (select count(*) from chain as c where c.depth = 0)::float8,
                     coalesce((select max(c.depth) from chain as c), 0)::float8,
                     case when exists (select from waiting)
                         then coalesce((select extract(epoch from max(clock_timestamp() - l.waitstart))
                             from pg_locks as l where not l.granted), 0)
                         else 0 end::float8",
            ))
        },
        &[],
        &[
            gauge("kardan_lock_waiters", "Sessions that wait for a lock."),
            gauge(
                "kardan_lock_blockers",
                "Sessions that others wait for and that wait for nobody themselves.",
            ),
            gauge(
                "kardan_lock_depth",
                "Length of the longest chain of sessions that wait for each other; 0 when nobody waits.",
            ),
            gauge(
                "kardan_lock_longest_wait_seconds",
                "How long the session that waits longest has been waiting.",
            ),
        ],
    )],
);
