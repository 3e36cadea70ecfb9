//! A moment of a running server that can be found again in its copy: a restore point in the WAL, and a snapshot that sees
//! exactly what was committed before it.
//!
//! Both are made while every table is locked against writers, for a few milliseconds. The lock gives up long before
//! PostgreSQL looks for deadlocks, so it is never a writer who fails, and is tried again.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::rows::{self, Table};
use crate::{Error, Source};

/// For how long a quiet moment is looked for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The moment.
pub struct Moment {
    /// Sees the moment as long as it lives.
    pub session: Client,
    /// By which other sessions see it, too.
    pub snapshot: String,
    /// The tables that there were.
    pub tables: Vec<Table>,
    /// Where it is.
    pub target_lsn: String,
}

/// Makes one.
pub async fn find(source: &Source, target: &str) -> Result<Moment, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(moment) = attempt(source, target).await? {
            return Ok(moment);
        }
        if Instant::now() > deadline {
            return Err(Error::Unfit(format!(
                "in {} s there was no moment at which nobody wrote; end long transactions, or say --no-count",
                PATIENCE.as_secs()
            )));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn attempt(source: &Source, target: &str) -> Result<Option<Moment>, Error> {
    let (holder, session) = (source.connect().await?, source.connect().await?);
    let before = rows::tables(&holder).await?;
    // Shorter than deadlock_timeout, all locks together.
    holder
        .batch_execute("begin; set local statement_timeout = '700ms'")
        .await
        .map_err(Error::sql("begin"))?;
    if !before.is_empty() {
        let names: Vec<_> = before.iter().map(|table| table.name.as_str()).collect();
        let lock = format!("lock table only {} in share mode", names.join(", only "));
        if let Err(error) = holder.batch_execute(&lock).await {
            return match error.code() {
                // Somebody writes, or has dropped a table meanwhile.
                Some(
                    &SqlState::QUERY_CANCELED
                    | &SqlState::T_R_DEADLOCK_DETECTED
                    | &SqlState::UNDEFINED_TABLE,
                ) => Ok(None),
                _ => Err(Error::sql("lock its tables")(error)),
            };
        }
    }
    session
        .batch_execute("begin isolation level repeatable read read only")
        .await
        .map_err(Error::sql("begin"))?;
    let snapshot: String = session
        .query_one("select pg_export_snapshot()", &[])
        .await
        .map_err(Error::sql("export a snapshot"))?
        .get(0);
    let target_lsn: String = holder
        .query_one("select pg_create_restore_point($1)::text", &[&target])
        .await
        .map_err(Error::sql("make a restore point"))?
        .get(0);
    holder
        .batch_execute("commit")
        .await
        .map_err(Error::sql("commit"))?;
    // A table that was made between the look and the lock was not locked.
    let tables = rows::tables(&session).await?;
    Ok((tables == before).then_some(Moment {
        session,
        snapshot,
        tables,
        target_lsn,
    }))
}
