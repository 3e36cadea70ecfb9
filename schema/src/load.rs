//! Puts the replaceable SQL of `sql/` into a database: all files in one transaction, then a sweep of what no file defines.
//! Nothing is ever dropped with `cascade`: what holds data is out of reach, and a dependency that is left is an error.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

use crate::{contract, jobs};

/// One file of the program.
#[derive(Debug)]
pub struct File {
    /// `<domain>/<object>`, without the ending.
    pub path: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Every file of the program, in the order of their names.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The domains: each is a schema of functions beside a schema `…_data` of tables.
pub const DOMAINS: &[&str] = &["people", "catalog", "market", "ops"];

/// SHA-256 over all files and the job list: the name of this version of the program.
pub static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for file in FILES {
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
});

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
    /// PostgreSQL refused a file.
    #[error("schema/sql/{path}.sql failed")]
    Apply {
        /// The file.
        path: &'static str,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
    /// An object that no file defines is still used by something.
    #[error("cannot drop {object}, which no file defines any more")]
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

fn during(during: &'static str) -> impl FnOnce(tokio_postgres::Error) -> LoadError {
    move |source| LoadError::Database { during, source }
}

/// Applies the program as `kardan_owner`, unless the database already holds this version.
///
/// # Errors
/// See [`LoadError`]; nothing has changed then.
pub async fn load(client: &mut Client, revision: &str) -> Result<Loaded, LoadError> {
    let tx = client
        .transaction()
        .await
        .map_err(during("opening a transaction"))?;
    // check_function_bodies off: files refer to each other, and plpgsql_check looks at the whole afterwards.
    tx.batch_execute("set local role kardan_owner; set local search_path = pg_catalog, pg_temp; set local check_function_bodies = off")
        .await
        .map_err(during("becoming kardan_owner"))?;
    if applied_hash(&tx)
        .await
        .map_err(during("reading the applied version"))?
        .as_deref()
        == Some(HASH.as_str())
    {
        return Ok(Loaded::Unchanged);
    }
    let before = objects(&tx)
        .await
        .map_err(during("listing the present objects"))?;
    revoke_all(&tx)
        .await
        .map_err(during("taking grants back"))?;
    apply_all(&tx).await?;
    let swept = sweep(&tx, &before).await?;
    jobs::declare(&tx)
        .await
        .map_err(during("declaring the jobs"))?;
    let functions = contract::lines(&tx)
        .await
        .map_err(during("reading the contract"))?;
    tx.execute(
        "insert into ops_data.contract_applied (hash, revision, functions, applied_at)
         values ($1, $2, $3, clock_timestamp())",
        &[&*HASH, &revision, &functions],
    )
    .await
    .map_err(during("recording the version"))?;
    tx.commit().await.map_err(during("committing"))?;
    Ok(Loaded::Replaced {
        files: FILES.len(),
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

/// A grant that a file no longer gives must go; those that it gives come back in the same transaction.
async fn revoke_all(tx: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
    let roles =
        "kardan_api, kardan_bot, kardan_worker, kardan_admin, kardan_monitor, kardan_maintenance";
    for domain in DOMAINS {
        tx.batch_execute(&format!(
            "revoke all on all functions in schema {domain} from public, {roles};
             revoke all on all tables in schema {domain} from public, {roles};
             grant usage on schema {domain} to {roles}"
        ))
        .await?;
    }
    Ok(())
}

/// Files refer to each other, so those that fail for a missing object are tried again after the others.
async fn apply_all(tx: &Transaction<'_>) -> Result<(), LoadError> {
    let mut waiting: Vec<&File> = FILES.iter().collect();
    loop {
        let mut failed = Vec::new();
        for file in &waiting {
            match apply(tx, file).await {
                Ok(()) => {}
                Err(source) if is_missing(&source) => failed.push((*file, source)),
                Err(source) => {
                    return Err(LoadError::Apply {
                        path: file.path,
                        source,
                    });
                }
            }
        }
        if failed.len() == waiting.len() {
            return match failed.into_iter().next() {
                Some((file, source)) => Err(LoadError::Apply {
                    path: file.path,
                    source,
                }),
                None => Ok(()),
            };
        }
        waiting = failed.into_iter().map(|(file, _)| file).collect();
    }
}

async fn apply(tx: &Transaction<'_>, file: &File) -> Result<(), tokio_postgres::Error> {
    let once = format!("savepoint file; {}\n; release savepoint file", file.sql);
    let Err(error) = tx.batch_execute(&once).await else {
        return Ok(());
    };
    tx.batch_execute("rollback to savepoint file").await?;
    // A result of another shape cannot be replaced in place.
    if !matches!(
        error.code(),
        Some(&SqlState::INVALID_FUNCTION_DEFINITION | &SqlState::INVALID_TABLE_DEFINITION)
    ) {
        return Err(error);
    }
    let (domain, object) = file.path.split_once('/').unwrap_or_default();
    for (kind, identity) in named(tx, domain, object).await? {
        tx.batch_execute(&format!("drop {kind} {identity}")).await?;
    }
    tx.batch_execute(&once).await
}

async fn named(
    tx: &Transaction<'_>,
    domain: &str,
    object: &str,
) -> Result<Vec<(String, String)>, tokio_postgres::Error> {
    Ok(objects(tx)
        .await?
        .into_iter()
        .filter(|o| o.domain == domain && o.name == object)
        .map(|o| (o.kind, o.identity))
        .collect())
}

fn is_missing(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(
            &SqlState::UNDEFINED_FUNCTION
                | &SqlState::UNDEFINED_TABLE
                | &SqlState::UNDEFINED_OBJECT
        )
    )
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    domain: String,
    name: String,
    kind: String,
    identity: String,
    oid: u32,
}

/// Functions, views and triggers of the domains' replaceable schemas.
async fn objects(tx: &Transaction<'_>) -> Result<BTreeSet<Object>, tokio_postgres::Error> {
    let rows = tx
        .query(
            "select n.nspname::text, p.proname::text, 'routine', p.oid::regprocedure::text, p.oid
             from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname = any ($1)
             union all
             select n.nspname::text, c.relname::text, 'view', c.oid::regclass::text, c.oid
             from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname = any ($1) and c.relkind = 'v'",
            &[&DOMAINS],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| Object {
            domain: row.get(0),
            name: row.get(1),
            kind: row.get(2),
            identity: row.get(3),
            oid: row.get(4),
        })
        .collect())
}

/// Drops what no file defines, and the old one of two functions that share a name: its file gave it other arguments.
async fn sweep(tx: &Transaction<'_>, before: &BTreeSet<Object>) -> Result<Vec<String>, LoadError> {
    let old: BTreeSet<u32> = before.iter().map(|object| object.oid).collect();
    let after = objects(tx)
        .await
        .map_err(during("listing the new objects"))?;
    for file in FILES {
        let made = after
            .iter()
            .filter(|o| file.path == format!("{}/{}", o.domain, o.name));
        let fresh = made.clone().filter(|o| !old.contains(&o.oid)).count();
        if made.count() == 0 || fresh > 1 {
            let expected = format!("one function or view named {}", file.path.replace('/', "."));
            return Err(LoadError::File {
                path: file.path,
                expected,
            });
        }
    }
    let mut orphans: Vec<&Object> = after
        .iter()
        .filter(|object| {
            let path = format!("{}/{}", object.domain, object.name);
            let is_defined = FILES.iter().any(|file| file.path == path);
            let is_shadowed = old.contains(&object.oid)
                && after.iter().any(|o| {
                    o.domain == object.domain && o.name == object.name && !old.contains(&o.oid)
                });
            !is_defined || is_shadowed
        })
        .collect();
    let mut swept = Vec::new();
    // What still hangs on another orphan goes in a later round.
    while !orphans.is_empty() {
        let mut left = Vec::new();
        let mut last = None;
        for object in &orphans {
            let drop = format!(
                "savepoint orphan; drop {} {}; release savepoint orphan",
                object.kind, object.identity
            );
            match tx.batch_execute(&drop).await {
                Ok(()) => swept.push(object.identity.clone()),
                Err(source) => {
                    tx.batch_execute("rollback to savepoint orphan")
                        .await
                        .map_err(during("sweeping"))?;
                    left.push(*object);
                    last = Some(source);
                }
            }
        }
        if let (Some(source), true) = (last, left.len() == orphans.len()) {
            let object = left.first().map(|o| o.identity.clone()).unwrap_or_default();
            return Err(LoadError::Sweep { object, source });
        }
        orphans = left;
    }
    Ok(swept)
}
