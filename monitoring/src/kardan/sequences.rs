//! Sequences that come near their end. Cost: one row of each sequence.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_sequences",
    "The twenty sequences that have used most of their numbers",
    60,
    &[],
    &[Query::new(
        |context| {
            // The program's function also sees sequences that this role may not read.
            let source = if context.known.has(&["ops.sequence_list"]) {
                "select s.schema_name, s.sequence_name, s.used_ratio from ops.sequence_list() as s"
            } else {
                "select s.schemaname::text, s.sequencename::text,
                     case when s.increment_by > 0
                         then (s.last_value::numeric - s.min_value) / (s.max_value::numeric - s.min_value)
                         else (s.max_value::numeric - s.last_value) / (s.max_value::numeric - s.min_value) end::float8
                 from pg_sequences as s where not s.cycle and s.last_value is not null and s.max_value > s.min_value"
            };
            Some(Cow::Owned(format!(
                "{source} order by 3 desc, 1, 2 limit 20"
            )))
        },
        &["schema", "sequence"],
        &[gauge(
            "kardan_sequence_used_ratio",
            "Share of the numbers of the sequence that are used, from 0 to 1. At 1 no row can be added.",
        )],
    )],
);
