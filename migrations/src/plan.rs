//! What an update would do, and what was done: for `kardan migrate plan` and `status`. Reads only.

use serde::Serialize;
use tokio_postgres::Client;

use crate::{Error, HISTORY_TABLE, error::during, online, runner};

/// What [`crate::up`] would do to this database.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Plan {
    /// Migrations to apply, in order.
    pub migrations: Vec<String>,
    /// Online steps to run after them.
    pub online: Vec<String>,
    /// Whether the replaceable program differs from this binary's.
    pub program: bool,
    /// The database is ahead of this binary: nothing would be touched.
    pub is_newer: bool,
}

impl Plan {
    /// Whether the database is up to date.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty() && self.online.is_empty() && !self.program
    }
}

/// What this database has had.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Status {
    /// Applied migrations with the time of each.
    pub migrations: Vec<Applied>,
    /// Online steps that ran and were verified.
    pub online: Vec<String>,
    /// Hash of the program in the database.
    pub program: Option<String>,
    /// Revision of the binary that loaded it.
    pub revision: Option<String>,
    /// Hash of the program in this binary.
    pub binary: String,
}

/// One applied migration.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Applied {
    /// `V0001__name`.
    pub name: String,
    /// RFC 3339.
    pub applied_on: String,
}

/// Reads what an update would do.
///
/// # Errors
/// When the catalogue cannot be read, or when an applied migration differs from its file.
pub async fn plan(client: &mut Client) -> Result<Plan, Error> {
    let mut files = runner().get_migrations().clone();
    files.sort();
    if !has_history(client).await? {
        return Ok(Plan {
            migrations: files.iter().map(ToString::to_string).collect(),
            online: online::STEPS
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect(),
            program: true,
            is_newer: false,
        });
    }
    let applied = runner().get_applied_migrations_async(client).await?;
    for past in &applied {
        match files.iter().find(|file| file.version() == past.version()) {
            Some(file) if file.checksum() != past.checksum() || file.name() != past.name() => {
                return Err(Error::ChecksumChanged {
                    applied: past.to_string(),
                    file: file.to_string(),
                });
            }
            _ => {}
        }
    }
    let done = applied.last().map(refinery::Migration::version);
    if done > files.last().map(refinery::Migration::version) {
        return Ok(Plan {
            migrations: vec![],
            online: vec![],
            program: false,
            is_newer: true,
        });
    }
    let waiting: Vec<_> = files
        .iter()
        .filter(|file| applied.iter().all(|past| past.version() != file.version()))
        .collect();
    let late = waiting.iter().find(|file| Some(file.version()) < done);
    let gone = applied
        .iter()
        .find(|past| files.iter().all(|file| file.version() != past.version()));
    if let Some(migration) = late.copied().or(gone) {
        return Err(Error::OutOfOrder(migration.to_string()));
    }
    let migrations = waiting.iter().map(ToString::to_string).collect();
    if applied.is_empty() {
        return Ok(Plan {
            migrations,
            online: online::STEPS
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect(),
            program: true,
            is_newer: false,
        });
    }
    let online = online::pending(client).await?;
    let hash = program(client).await?.map(|(hash, _)| hash);
    Ok(Plan {
        migrations,
        online: online.into_iter().map(str::to_owned).collect(),
        program: hash.as_deref() != Some(kardan_schema::load::HASH.as_str()),
        is_newer: false,
    })
}

/// Reads what was done.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn status(client: &mut Client) -> Result<Status, Error> {
    let binary = kardan_schema::load::HASH.clone();
    if !has_history(client).await? {
        return Ok(Status {
            migrations: vec![],
            online: vec![],
            program: None,
            revision: None,
            binary,
        });
    }
    let rows = client
        .query(
            &format!("select 'V' || lpad(h.version::text, 4, '0') || '__' || h.name, h.applied_on from {HISTORY_TABLE} as h order by h.version"),
            &[],
        )
        .await
        .map_err(during("read the applied migrations"))?;
    let migrations: Vec<_> = rows
        .iter()
        .map(|row| Applied {
            name: row.get(0),
            applied_on: row.get(1),
        })
        .collect();
    if migrations.is_empty() {
        return Ok(Status {
            migrations,
            online: vec![],
            program: None,
            revision: None,
            binary,
        });
    }
    let steps = client
        .query(
            "select s.name from ops_data.online_steps as s order by s.name",
            &[],
        )
        .await
        .map_err(during("read which online steps ran"))?;
    let program = program(client).await?;
    Ok(Status {
        migrations,
        online: steps.iter().map(|row| row.get(0)).collect(),
        program: program.as_ref().map(|(hash, _)| hash.clone()),
        revision: program.map(|(_, revision)| revision),
        binary,
    })
}

/// The newest migration that was applied, if any was.
pub(crate) async fn newest(client: &Client) -> Result<Option<i32>, Error> {
    if !has_history(client).await? {
        return Ok(None);
    }
    let row = client
        .query_one(
            &format!("select max(h.version) from {HISTORY_TABLE} as h"),
            &[],
        )
        .await
        .map_err(during("read the applied migrations"))?;
    Ok(row.get(0))
}

async fn has_history(client: &Client) -> Result<bool, Error> {
    let row = client
        .query_one("select to_regclass($1) is not null", &[&HISTORY_TABLE])
        .await
        .map_err(during("look for the migration history"))?;
    Ok(row.get(0))
}

async fn program(client: &Client) -> Result<Option<(String, String)>, Error> {
    let row = client
        .query_opt(
            "select c.hash, c.revision from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await
        .map_err(during("read the applied version"))?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}
