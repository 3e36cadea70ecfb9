//! Every row of every table as a count and a hash that no order changes, in pieces, so that a difference has a place.
//!
//! A piece is a range of blocks: a physical copy has every row at the same place.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio_postgres::Client;

use crate::entry::Counted;
use crate::{Error, Progress};

/// Blocks of a piece: 64 MB.
const PIECE: u32 = 8192;
const BLOCK_BYTES: u64 = 8192;

/// A table that has rows of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Schema and name, quoted where that is needed.
    pub name: String,
}

/// What was counted in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    /// Rows and hash of each piece; the last one has no end.
    pub pieces: Vec<Piece>,
}

/// Rows and the sum of their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub rows: u64,
    pub hash: String,
}

/// By the name of the table.
pub type Rows = BTreeMap<String, TableRows>;

/// Tables that have rows which outlive a crash, in the order of their names. A view that is materialized can be made again,
/// and cannot be locked.
pub async fn tables(client: &Client) -> Result<Vec<Table>, Error> {
    let found = client
        .query(
            "select format('%I.%I', n.nspname, c.relname)
             from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where c.relkind = 'r'
                 and c.relpersistence = 'p'
                 and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
             order by 1",
            &[],
        )
        .await
        .map_err(Error::sql("list its tables"))?;
    Ok(found.iter().map(|row| Table { name: row.get(0) }).collect())
}

/// How many there are.
pub fn counted(rows: &Rows) -> Counted {
    Counted {
        tables: rows.len() as u64,
        rows: rows
            .values()
            .flat_map(|table| &table.pieces)
            .map(|piece| piece.rows)
            .sum(),
    }
}

#[derive(Debug)]
struct Job {
    table: String,
    piece: u32,
    is_last: bool,
    bytes: u64,
}

/// Counts all of these tables over several connections, which must all see the same moment. `as_in` makes the pieces as they
/// were made before.
pub async fn count(
    clients: Vec<Client>,
    tables: &[Table],
    as_in: Option<&Rows>,
    progress: &Arc<Progress>,
) -> Result<Rows, Error> {
    let Some(first) = clients.first() else {
        return Ok(Rows::new());
    };
    let mut jobs = Vec::new();
    for table in tables {
        let size: i64 = first
            .query_one(
                "select pg_relation_size($1::text::regclass)",
                &[&table.name],
            )
            .await
            .map_err(Error::sql("tell the size of a table"))?
            .get(0);
        let blocks = size.unsigned_abs() / BLOCK_BYTES;
        let pieces = as_in.and_then(|rows| rows.get(&table.name)).map_or_else(
            || u32::try_from(blocks.div_ceil(u64::from(PIECE)).max(1)).unwrap_or(u32::MAX),
            |rows| u32::try_from(rows.pieces.len()).unwrap_or(u32::MAX),
        );
        for piece in 0..pieces {
            let begun = u64::from(piece) * u64::from(PIECE);
            jobs.push(Job {
                table: table.name.clone(),
                piece,
                is_last: piece + 1 == pieces,
                bytes: blocks.saturating_sub(begun).min(u64::from(PIECE)) * BLOCK_BYTES,
            });
        }
    }
    progress.begin("counting rows", jobs.iter().map(|job| job.bytes).sum());
    // The largest pieces first, so that nobody waits for one at the end.
    jobs.sort_by_key(|job| std::cmp::Reverse(job.bytes));
    let (jobs, next) = (Arc::new(jobs), Arc::new(AtomicUsize::new(0)));
    let mut workers = JoinSet::new();
    for client in clients {
        let (jobs, next, progress) = (Arc::clone(&jobs), Arc::clone(&next), Arc::clone(progress));
        workers.spawn(async move {
            let mut done = Vec::new();
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push((job.table.clone(), job.piece, piece(&client, job).await?));
                progress.add(job.bytes);
            }
            Ok::<_, Error>(done)
        });
    }
    let mut all = BTreeMap::new();
    while let Some(done) = workers.join_next().await {
        for (table, number, piece) in done?? {
            all.insert((table, number), piece);
        }
    }
    let mut rows = Rows::new();
    for ((table, _), piece) in all {
        rows.entry(table)
            .or_insert_with(|| TableRows { pieces: Vec::new() })
            .pieces
            .push(piece);
    }
    Ok(rows)
}

async fn piece(client: &Client, job: &Job) -> Result<Piece, Error> {
    let from = u64::from(job.piece) * u64::from(PIECE);
    let end = if job.is_last {
        String::new()
    } else {
        format!(" and ctid < '({},0)'", from + u64::from(PIECE))
    };
    let sql = format!(
        "select count(*), coalesce(sum(hashtextextended(\"whole row\"::text, 0)), 0)::text
         from only {} as \"whole row\" where ctid >= '({from},0)'{end}",
        job.table
    );
    let row = client
        .query_one(&sql, &[])
        .await
        .map_err(Error::sql("count the rows of a table"))?;
    Ok(Piece {
        rows: row.get::<_, i64>(0).unsigned_abs(),
        hash: row.get(1),
    })
}

/// Where two counts differ, in sentences; nothing when they are equal.
pub fn differences(kept: &Rows, found: &Rows) -> Vec<String> {
    let mut differences = Vec::new();
    for (table, kept) in kept {
        let Some(found) = found.get(table) else {
            differences.push(format!("{table} is missing"));
            continue;
        };
        for (number, (a, b)) in kept.pieces.iter().zip(&found.pieces).enumerate() {
            if a != b {
                let first = number as u64 * u64::from(PIECE);
                differences.push(format!(
                    "{table} from block {first} on: {} rows were backed up, {} came back{}",
                    a.rows,
                    b.rows,
                    if a.rows == b.rows {
                        ", with other content"
                    } else {
                        ""
                    }
                ));
            }
        }
        if kept.pieces.len() != found.pieces.len() {
            differences.push(format!("{table} has another number of pieces"));
        }
    }
    for table in found.keys().filter(|table| !kept.contains_key(*table)) {
        differences.push(format!("{table} was not there"));
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &str, pieces: &[(u64, &str)]) -> Rows {
        let pieces = pieces
            .iter()
            .map(|&(rows, hash)| Piece {
                rows,
                hash: hash.to_owned(),
            })
            .collect();
        Rows::from([(table.to_owned(), TableRows { pieces })])
    }

    #[test]
    fn a_difference_is_told_with_its_table_and_place() {
        let kept = rows("a.b", &[(10, "1"), (5, "2")]);
        assert!(differences(&kept, &kept).is_empty());
        assert_eq!(
            differences(&kept, &rows("a.b", &[(10, "1"), (5, "3")])),
            ["a.b from block 8192 on: 5 rows were backed up, 5 came back, with other content"]
        );
        assert_eq!(
            differences(&kept, &rows("a.b", &[(10, "1"), (4, "2")])),
            ["a.b from block 8192 on: 5 rows were backed up, 4 came back"]
        );
        assert_eq!(
            differences(&kept, &rows("a.c", &[(10, "1")])),
            ["a.b is missing", "a.c was not there"]
        );
    }
}
