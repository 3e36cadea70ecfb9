//! Who keeps dead rows from being removed. Cost: a look at sessions, slots and prepared transactions.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_horizon",
    "The oldest transaction that vacuum must leave alone, by who holds it",
    0,
    &[],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select 'session', coalesce(max(greatest(age(a.backend_xmin), age(a.backend_xid))), 0)::float8,
                     coalesce(max(extract(epoch from now() - a.xact_start)), 0)::float8
                 from pg_stat_activity as a
                 where a.backend_type <> 'walsender' and (a.backend_xmin is not null or a.backend_xid is not null)
                     and a.pid <> pg_backend_pid()
                 union all
                 select 'standby', coalesce(max(age(r.backend_xmin)), 0)::float8, null from pg_stat_replication as r
                 union all
                 select 'slot', coalesce(max(greatest(age(s.xmin), age(s.catalog_xmin))), 0)::float8, null
                 from pg_replication_slots as s
                 union all
                 select 'prepared', coalesce(max(age(p.transaction)), 0)::float8,
                     coalesce(max(extract(epoch from now() - p.prepared)), 0)::float8
                 from pg_prepared_xacts as p",
            ))
        },
        &["holder"],
        &[
            gauge(
                "kardan_xmin_horizon_age_transactions",
                "Transactions since the oldest one that this kind of holder keeps vacuum from looking past.",
            ),
            gauge(
                "kardan_xmin_horizon_age_seconds",
                "Age in seconds of the longest transaction of this kind of holder, where it has a time.",
            ),
        ],
    )],
);
