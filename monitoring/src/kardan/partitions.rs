//! Partitioned tables. Cost: the catalogue, and at most one row of each default partition.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_partitions",
    "Partitioned tables: how far ahead they reach, and whether rows fell through",
    30,
    &["ops.partition_list"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select p.table_name, extract(epoch from p.covered_until - now())::float8,
                     p.default_has_rows::int::float8, p.partition_count::float8, p.future_count::float8
                 from ops.partition_list() as p",
            ))
        },
        &["table"],
        &[
            gauge(
                "kardan_partition_headroom_seconds",
                "How long it takes until rows of now have no partition any more.",
            ),
            gauge(
                "kardan_partition_default_has_rows",
                "Whether rows fell into the default partition (1) or not (0).",
            ),
            gauge(
                "kardan_partitions",
                "Partitions of the table, the default one not counted.",
            ),
            gauge(
                "kardan_partitions_future",
                "Partitions that begin in the future.",
            ),
        ],
    )],
);
