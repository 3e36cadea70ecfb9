//! Whether it works well: indexes, bloat, sequences, statistics, long transactions, partitions, settings. Every finding has
//! the command that mends it. A check is a query whose rows are findings.

mod hypothetical;
mod indexes;
mod sessions;
mod settings;
mod tables;

use std::time::Duration;

use tokio_postgres::Client;

use super::{Finding, Level};
use crate::Error;
use crate::error::during;

/// What is taken for too much.
#[derive(Debug, Clone, Copy)]
pub struct Depth {
    /// A transaction that is open longer is told.
    pub long_transaction: Duration,
    /// A table or index that wastes less is not told, in bytes.
    pub least_waste: i64,
}

impl Default for Depth {
    fn default() -> Self {
        Self {
            long_transaction: Duration::from_secs(300),
            least_waste: 10 << 20,
        }
    }
}

/// A check: rows of what was found, the command that mends it, and whether it is as bad as a failure.
struct Check {
    name: &'static str,
    /// What is said when there is nothing to tell.
    good: &'static str,
    sql: &'static str,
    /// A table without which there is nothing to look at.
    needs: Option<&'static str>,
}

const CHECKS: &[Check] = &[
    indexes::INVALID,
    indexes::UNUSED,
    indexes::DOUBLE,
    indexes::MISSING_FOR_KEY,
    tables::BLOAT,
    tables::STATISTICS,
    tables::SEQUENCES,
    tables::UNKEPT,
    tables::WRAPAROUND,
    sessions::PREPARED,
    sessions::SLOTS,
    settings::SETTINGS,
];

/// So many findings of one check are told; the worst come first.
const MOST: usize = 20;

/// Looks deeper than [`super::doctor`]. Reads only; hypothetical indexes live in this session alone.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn deep(client: &mut Client, depth: Depth) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for check in CHECKS {
        if let Some(table) = check.needs
            && !exists(client, table).await?
        {
            continue;
        }
        let sql = check.sql.replace("$waste", &depth.least_waste.to_string());
        findings.extend(look(client, check.name, check.good, &sql).await?);
    }
    let long = sessions::long_transactions(depth.long_transaction);
    findings.extend(look(client, "long transaction", "none", &long).await?);
    findings.extend(hypothetical::missing(client).await?);
    Ok(findings)
}

async fn exists(client: &Client, table: &str) -> Result<bool, Error> {
    let row = client
        .query_one("select to_regclass($1) is not null", &[&table])
        .await;
    row.map(|row| row.get(0))
        .map_err(during("look at the catalogue"))
}

async fn look(
    client: &Client,
    name: &'static str,
    good: &str,
    sql: &str,
) -> Result<Vec<Finding>, Error> {
    let rows = client
        .query(sql, &[])
        .await
        .map_err(during("look at the catalogue and its statistics"))?;
    let mut findings: Vec<_> = rows
        .iter()
        .take(MOST)
        .map(|row| {
            let level = if row.get(2) {
                Level::Failure
            } else {
                Level::Warning
            };
            Finding::bad(
                name,
                level,
                row.get::<_, String>(0),
                row.get::<_, String>(1),
            )
        })
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok(name, good));
    } else if rows.len() > MOST {
        findings.push(Finding::bad(
            name,
            Level::Warning,
            format!("and {} more", rows.len() - MOST),
            "mend these first",
        ));
    }
    Ok(findings)
}
