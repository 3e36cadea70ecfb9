//! What is wrong with a database, each finding with the next step. Reads only. [`doctor`] looks whether everything works,
//! [`deep()`] whether it works well.

mod deep;
mod jobs;
mod program;
mod roles;
mod server;

use serde::Serialize;
use tokio_postgres::{Client, Row};

pub use deep::{Depth, deep};

use crate::Error;
use crate::error::during;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could.
    Warning,
    /// It does not work.
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when all is well.
    pub next: String,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            found: found.into(),
            next: String::new(),
        }
    }

    fn bad(
        check: &'static str,
        level: Level,
        found: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            check,
            level,
            found: found.into(),
            next: next.into(),
        }
    }
}

/// Looks at everything, in an order where each finding makes sense after those before it.
///
/// # Errors
/// When the catalogue cannot be read at all.
pub async fn doctor(client: &mut Client) -> Result<Vec<Finding>, Error> {
    let mut findings = vec![
        server::version(client).await?,
        server::locale(client).await?,
    ];
    findings.extend(roles::roles(client).await?);
    findings.extend(server::extensions(client).await?);
    let has_ground = one(
        client,
        "select to_regclass('ops_data.contract_applied') is not null",
    )
    .await?;
    findings.push(program::migrations(client).await);
    if has_ground.get(0) {
        findings.push(program::program(client).await?);
        findings.push(program::grants(client).await?);
    }
    let has_program = one(
        client,
        "select to_regprocedure('ops.partition_list()') is not null
             and to_regprocedure('ops.job_list()') is not null",
    )
    .await?;
    if has_program.get(0) {
        findings.extend(jobs::partitions(client).await?);
        findings.extend(jobs::jobs(client).await?);
    }
    Ok(findings)
}

async fn one(client: &Client, sql: &str) -> Result<Row, Error> {
    client
        .query_one(sql, &[])
        .await
        .map_err(during("read the catalogue"))
}

async fn many(client: &Client, sql: &str) -> Result<Vec<Row>, Error> {
    client
        .query(sql, &[])
        .await
        .map_err(during("read the catalogue"))
}
