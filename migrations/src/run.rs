//! The one way to bring a database up to date, safe to start from many instances at once.

use kardan_schema::load::{self, Loaded};
use tokio_postgres::Client;

use crate::error::during;
use crate::{Cron, Error, bootstrap, cron, online, plan, runner};

/// One number for everybody who migrates this database.
const LOCK: i64 = 0x6b61_7264_616e;

/// What [`up`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Migrations that were applied now.
    pub migrations: Vec<String>,
    /// Online steps that ran now.
    pub online: Vec<&'static str>,
    /// What became of the program.
    pub program: Loaded,
    /// Who runs the jobs.
    pub cron: Cron,
    /// The database is ahead of this binary: nothing was touched.
    pub is_newer: bool,
}

/// Roles, extensions, migrations, online steps, program, jobs: in this order, under one advisory lock. An instance that
/// comes second waits and then finds nothing to do.
///
/// `revision` names the binary, for the record.
///
/// # Errors
/// See [`Error`]. What was done before the failure stays; running it again goes on from there.
pub async fn up(client: &mut Client, revision: &str) -> Result<Done, Error> {
    lock(client).await?;
    let done = locked(client, revision).await;
    let unlocked = unlock(client).await;
    let done = done?;
    unlocked?;
    Ok(done)
}

/// Roles, extensions and migrations only, without the program: for the test that no migration needs it.
///
/// # Errors
/// See [`up`].
pub async fn migrate_only(client: &mut Client) -> Result<Vec<String>, Error> {
    lock(client).await?;
    let done = match bootstrap::inspect(client).await {
        Ok(login) => migrate(client, &login).await,
        Err(error) => Err(error),
    };
    let unlocked = unlock(client).await;
    let done = done?;
    unlocked?;
    Ok(done)
}

async fn locked(client: &mut Client, revision: &str) -> Result<Done, Error> {
    let login = bootstrap::inspect(client).await?;
    let ours = runner()
        .get_migrations()
        .iter()
        .map(refinery::Migration::version)
        .max();
    if plan::newest(client).await? > ours {
        return Ok(Done {
            migrations: vec![],
            online: vec![],
            program: Loaded::Unchanged,
            cron: cron::present(client)
                .await
                .map_err(during("look for pg_cron"))?,
            is_newer: true,
        });
    }
    let migrations = migrate(client, &login).await?;
    // A concurrent build waits for every older transaction of the database and blocks nobody meanwhile.
    as_owner(client, "10min", "0").await?;
    let online = online::run(client).await;
    let was_reset = reset(client).await;
    let online = online?;
    was_reset?;
    let program = load::load(client, revision).await?;
    let cron = cron::sync(client)
        .await
        .map_err(during("bring pg_cron's schedule up to date"))?;
    Ok(Done {
        migrations,
        online,
        program,
        cron,
        is_newer: false,
    })
}

async fn migrate(client: &mut Client, login: &bootstrap::Login) -> Result<Vec<String>, Error> {
    bootstrap::run(client, login).await?;
    // A lock that is not had soon is given up: waiting for it would make every later caller of that table wait too.
    as_owner(client, "5s", "10min").await?;
    let report = runner().run_async(client).await;
    // The first failure is the one to tell: after it even the connection may be gone.
    let was_reset = reset(client).await;
    let report = report?;
    was_reset?;
    Ok(report
        .applied_migrations()
        .iter()
        .map(ToString::to_string)
        .collect())
}

/// Everything that is made belongs to kardan_owner.
async fn as_owner(
    client: &Client,
    lock_timeout: &str,
    statement_timeout: &str,
) -> Result<(), Error> {
    client
        .batch_execute(&format!(
            "set role kardan_owner; set search_path = pg_catalog, pg_temp; set lock_timeout = '{lock_timeout}';
             set statement_timeout = '{statement_timeout}'; set client_min_messages = warning"
        ))
        .await
        .map_err(during("become kardan_owner"))
}

async fn reset(client: &Client) -> Result<(), Error> {
    client
        .batch_execute(
            "reset role; reset search_path; reset lock_timeout; reset statement_timeout; reset client_min_messages",
        )
        .await
        .map_err(during("become the login role again"))
}

/// Asked for again and again instead of waited for: a waiting statement holds a snapshot, and `create index concurrently`
/// in the instance that has the lock would wait for that snapshot in its turn.
async fn lock(client: &Client) -> Result<(), Error> {
    let mut is_told = false;
    loop {
        let row = client
            .query_one("select pg_try_advisory_lock($1)", &[&LOCK])
            .await
            .map_err(during("take the migration lock"))?;
        if row.get(0) {
            return Ok(());
        }
        if !is_told {
            tracing::info!("another instance is migrating this database; waiting for it");
            is_told = true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn unlock(client: &Client) -> Result<(), Error> {
    client
        .execute("select pg_advisory_unlock($1)", &[&LOCK])
        .await
        .map_err(during("release the migration lock"))?;
    Ok(())
}
