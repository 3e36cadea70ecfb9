//! What is there already: one row a chunk, written in the transaction that wrote the chunk.

use std::collections::BTreeMap;

use tokio_postgres::{Client, GenericClient};

use crate::Error;

/// Rows from `first` to before `end` of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub first: u64,
    /// The one after the last.
    pub end: u64,
}

/// A table as the ledger has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Filled {
    /// Rows.
    pub rows: i64,
    /// The sum over their bytes, in hexadecimal figures: the same rows, the same sum.
    pub fingerprint: String,
}

/// What is to be done of a table: `0..count` without what is there, in chunks whose borders are multiples of `size`.
#[must_use]
pub fn missing(there: &[Range], count: u64, size: u64) -> Vec<Range> {
    let mut there = there.to_vec();
    there.sort_unstable_by_key(|range| range.first);
    let mut gaps = Vec::new();
    let mut at = 0;
    for range in there.iter().chain([&Range {
        first: count,
        end: count,
    }]) {
        let gap_end = range.first.min(count);
        while at < gap_end {
            let end = (at / size + 1).saturating_mul(size).min(gap_end);
            gaps.push(Range { first: at, end });
            at = end;
        }
        at = at.max(range.end);
    }
    gaps
}

/// Which parts of this table are there; a part of another version counts as a mistake.
///
/// # Errors
/// When they were made by another version of the table, or the database refuses.
pub async fn there(client: &Client, table: &str, version: i32) -> Result<Vec<Range>, Error> {
    let rows = client
        .query(
            "select c.first_row, c.last_row, c.version from ops_data.seed_chunks as c
             where c.table_name = $1 order by c.first_row",
            &[&table],
        )
        .await?;
    rows.iter()
        .map(|row| {
            if row.get::<_, i32>(2) != version {
                return Err(Error::AnotherMarket("version of the seeder"));
            }
            let (first, last): (i64, i64) = (row.get(0), row.get(1));
            Ok(Range {
                first: first.unsigned_abs(),
                end: last.unsigned_abs() + 1,
            })
        })
        .collect()
}

/// Notes a chunk.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    client: &impl GenericClient,
    table: &str,
    version: i32,
    range: Range,
    (rows, sum): (u64, u64),
) -> Result<(), Error> {
    client
        .execute(
            "insert into ops_data.seed_chunks (
                 table_name, first_row, last_row, version, row_count, checksum, done_at)
             values ($1, $2, $3, $4, $5, $6, clock_timestamp())",
            &[
                &table,
                &range.first.cast_signed(),
                &(range.end - 1).cast_signed(),
                &version,
                &rows.cast_signed(),
                &sum.cast_signed(),
            ],
        )
        .await?;
    Ok(())
}

/// Every table with its rows and its fingerprint.
///
/// # Errors
/// When the database refuses.
pub async fn filled(client: &Client) -> Result<BTreeMap<String, Filled>, Error> {
    let rows = client
        .query(
            "select c.table_name, c.row_count, c.checksum from ops_data.seed_chunks as c",
            &[],
        )
        .await?;
    let mut sums: BTreeMap<String, (i64, u64)> = BTreeMap::new();
    for row in &rows {
        let table = sums.entry(row.get(0)).or_default();
        table.0 += row.get::<_, i64>(1);
        table.1 = table.1.wrapping_add(row.get::<_, i64>(2).cast_unsigned());
    }
    Ok(sums
        .into_iter()
        .map(|(name, (rows, sum))| {
            let fingerprint = format!("{sum:016x}");
            (name, Filled { rows, fingerprint })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u64, end: u64) -> Range {
        Range { first, end }
    }

    #[test]
    fn an_empty_table_is_cut_at_multiples() {
        let wanted = [range(0, 100), range(100, 200), range(200, 250)];
        assert_eq!(missing(&[], 250, 100), wanted);
        assert_eq!(missing(&[], 0, 100), []);
    }

    #[test]
    fn what_is_there_is_left_out_wherever_it_lies() {
        let there = [range(200, 250), range(0, 100)];
        assert_eq!(missing(&there, 250, 100), [range(100, 200)]);
        let grown = [range(100, 200), range(250, 300), range(300, 400)];
        assert_eq!(missing(&there, 400, 100), grown);
        assert_eq!(missing(&[range(0, 400)], 250, 100), []);
    }
}
