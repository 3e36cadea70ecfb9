//! Pages whose checksum was wrong. Cost: a row a database of the cumulative statistics.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, counter};

pub(super) const GROUP: Group = group(
    "kardan_checksums",
    "Pages that were read and had a wrong checksum",
    0,
    &[],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                // The row without a name has the relations that all databases share. Null: there are no checksums.
                "select coalesce(d.datname::text, ''), d.checksum_failures::float8 from pg_stat_database as d
                 where d.checksum_failures is not null",
            ))
        },
        &["datname"],
        &[counter(
            "kardan_checksum_failures_total",
            "Pages of the database that were read and had a wrong checksum; absent where there are no checksums.",
        )],
    )],
);
