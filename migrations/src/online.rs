//! Steps that cannot run in a transaction: `create index concurrently`. Each file names its index in the first line; the step
//! is done when PostgreSQL calls that index valid. An interrupted build leaves an invalid index, which is dropped and built again.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::Error;
use crate::error::during;

/// Name and text of every step, in order.
pub(crate) static STEPS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/online.rs"));

/// The steps that this database has not had yet.
pub(crate) async fn pending(client: &Client) -> Result<Vec<&'static str>, tokio_postgres::Error> {
    let rows = client
        .query("select s.name from ops_data.online_steps as s", &[])
        .await?;
    let done: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(STEPS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !done.iter().any(|d| d == name))
        .collect())
}

pub(crate) async fn run(client: &Client) -> Result<Vec<&'static str>, Error> {
    let pending = pending(client)
        .await
        .map_err(during("read which online steps ran"))?;
    for (name, sql) in STEPS.iter().filter(|(name, _)| pending.contains(name)) {
        step(client, name, sql).await?;
    }
    Ok(pending)
}

async fn step(client: &Client, name: &'static str, sql: &str) -> Result<(), Error> {
    let fail = |source| Error::Online { name, source };
    let index = sql
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("-- index: "))
        .unwrap_or_default();
    if is_valid(client, index).await.map_err(fail)? == Some(false) {
        client
            .batch_execute(&format!("drop index concurrently {index}"))
            .await
            .map_err(fail)?;
    }
    client.batch_execute(sql).await.map_err(fail)?;
    if is_valid(client, index).await.map_err(fail)? != Some(true) {
        return Err(Error::OnlineUnverified {
            name,
            index: index.to_owned(),
        });
    }
    let hash: String = Sha256::digest(sql)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    client
        .execute(
            "insert into ops_data.online_steps (name, hash, applied_at) values ($1, $2, clock_timestamp())",
            &[&name, &hash],
        )
        .await
        .map_err(fail)?;
    Ok(())
}

async fn is_valid(client: &Client, index: &str) -> Result<Option<bool>, tokio_postgres::Error> {
    let row = client
        .query_opt(
            "select i.indisvalid and i.indisready from pg_index as i where i.indexrelid = to_regclass($1)",
            &[&index],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}
