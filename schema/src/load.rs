//! Puts the replaceable SQL of `sql/` into a database: all files in one transaction, then a sweep of what no file defines.
//! Nothing is ever dropped with `cascade`: what holds data is out of reach, and a dependency that is left is an error.
//!
//! Here: what a load is and the order of its steps. The steps are in `load/`: which objects there are, grants, files, sweep.

mod apply;
mod grants;
mod objects;
mod sweep;

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

use crate::{contract, jobs};

/// One file of the program.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// `<domain>/<object>`, without the ending.
    pub path: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Every file of the program, in the order of their names.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The domains: each is a schema of functions beside a schema `…_data` of tables.
pub const DOMAINS: &[&str] = &["people", "catalog", "market", "notify", "ops"];

/// The name of this version of the program: see [`hash`].
pub static HASH: LazyLock<String> = LazyLock::new(|| hash(FILES));

/// How often a load is tried when a lock is not to be had: readers of a view hold it for as long as they read.
const ATTEMPTS: u32 = 5;

/// What a load did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// The database already held this version.
    Unchanged,
    /// The program was replaced.
    Replaced {
        /// Number of files that were applied.
        files: usize,
        /// Objects that no file defines any more, dropped.
        swept: Vec<String>,
    },
}

/// Why a load failed. The database is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file is not what its path says.
    #[error("schema/sql/{path}.sql must define exactly {expected}")]
    File {
        /// The file.
        path: &'static str,
        /// What it should define.
        expected: String,
    },
    /// A file made something that has no file of its own: the next load would sweep it.
    #[error("{object} was made by a file that is not named after it: one object a file")]
    Stray {
        /// The object.
        object: String,
    },
    /// PostgreSQL refused a file.
    #[error("schema/sql/{path}.sql failed")]
    Apply {
        /// The file.
        path: &'static str,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
    /// An object that must go is still used by something that the loader may not touch.
    #[error("cannot drop {object}, which no file defines as it is: something else still uses it")]
    Sweep {
        /// The object.
        object: String,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
    /// Another statement of the load failed.
    #[error("the load failed while it was {during}")]
    Database {
        /// What it was doing.
        during: &'static str,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
}

impl LoadError {
    fn is_lock(&self) -> bool {
        match self {
            Self::File { .. } | Self::Stray { .. } => false,
            Self::Apply { source, .. }
            | Self::Sweep { source, .. }
            | Self::Database { source, .. } => matches!(
                source.code(),
                Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED)
            ),
        }
    }
}

fn during(during: &'static str) -> impl FnOnce(tokio_postgres::Error) -> LoadError {
    move |source| LoadError::Database { during, source }
}

/// SHA-256 over the files and the job list, in hexadecimal.
#[must_use]
pub fn hash(files: &[File]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.path);
        hash.update([0]);
        hash.update(file.sql);
        hash.update([0]);
    }
    hash.update(jobs::DECLARED_TEXT);
    hash.finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Applies the program as `kardan_owner`, unless the database already holds this version.
///
/// # Errors
/// See [`LoadError`]; nothing has changed then.
pub async fn load(client: &mut Client, revision: &str) -> Result<Loaded, LoadError> {
    load_files(client, FILES, revision).await
}

/// [`load`] with other files than the program's own.
///
/// # Errors
/// See [`LoadError`]; nothing has changed then.
pub async fn load_files(
    client: &mut Client,
    files: &[File],
    revision: &str,
) -> Result<Loaded, LoadError> {
    let hash = hash(files);
    let mut attempt = 1;
    loop {
        match once(client, files, &hash, revision).await {
            Err(error) if error.is_lock() && attempt < ATTEMPTS => {
                tracing::warn!(load.attempt = attempt, %error, "the load met a lock and is tried again");
                attempt += 1;
            }
            other => return other,
        }
    }
}

async fn once(
    client: &mut Client,
    files: &[File],
    hash: &str,
    revision: &str,
) -> Result<Loaded, LoadError> {
    let tx = client
        .transaction()
        .await
        .map_err(during("opening a transaction"))?;
    // check_function_bodies off: files refer to each other, and plpgsql_check looks at the whole afterwards. A view is locked
    // against its readers while it is replaced: who waits for it soon gives up, for new readers wait behind.
    tx.batch_execute(
        "set local role kardan_owner; set local search_path = pg_catalog, pg_temp;
         set local check_function_bodies = off; set local client_min_messages = warning;
         set local lock_timeout = '2s'; set local statement_timeout = '1min'",
    )
    .await
    .map_err(during("becoming kardan_owner"))?;
    let applied = applied_hash(&tx)
        .await
        .map_err(during("reading the applied version"))?;
    if applied.as_deref() == Some(hash) {
        return Ok(Loaded::Unchanged);
    }
    let before = objects::list(&tx)
        .await
        .map_err(during("listing the present objects"))?;
    grants::take_back(&tx)
        .await
        .map_err(during("taking grants back"))?;
    apply::all(&tx, files, &before).await?;
    let swept = sweep::sweep(&tx, files, &before).await?;
    jobs::declare(&tx)
        .await
        .map_err(during("declaring the jobs"))?;
    let functions = contract::lines(&tx)
        .await
        .map_err(during("reading the contract"))?;
    tx.execute(
        "insert into ops_data.contract_applied (hash, revision, functions, applied_at)
         values ($1, $2, $3, clock_timestamp())",
        &[&hash, &revision, &functions],
    )
    .await
    .map_err(during("recording the version"))?;
    tx.commit().await.map_err(during("committing"))?;
    Ok(Loaded::Replaced {
        files: files.len(),
        swept,
    })
}

async fn applied_hash(tx: &Transaction<'_>) -> Result<Option<String>, tokio_postgres::Error> {
    let row = tx
        .query_opt(
            "select c.hash from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}
