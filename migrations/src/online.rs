//! Steps that cannot run in a transaction: `create index concurrently`. Each file names its index in the first line; the step
//! is done when PostgreSQL calls that index valid. An interrupted build leaves an invalid index, which is dropped and built again.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::Error;
use crate::error::during;

/// Name and text of every step, in order.
pub(crate) static STEPS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/online.rs"));

/// The steps to run: those that this database has not had, and those whose index is gone or broken since.
pub(crate) async fn pending(client: &Client) -> Result<Vec<&'static str>, Error> {
    let rows = client
        .query("select s.name, s.hash from ops_data.online_steps as s", &[])
        .await
        .map_err(during("read which online steps ran"))?;
    let mut pending = Vec::new();
    for (name, sql) in STEPS {
        let applied = rows.iter().find(|row| row.get::<_, &str>(0) == *name);
        if applied.is_some_and(|row| row.get::<_, String>(1) != hash(sql)) {
            return Err(Error::ChecksumChanged {
                applied: format!("online step {name}"),
                file: format!("online/{name}.sql"),
            });
        }
        let is_valid = is_valid(client, index_of(name, sql)?)
            .await
            .map_err(during("look at the indexes"))?;
        if applied.is_none() || is_valid != Some(true) {
            pending.push(*name);
        }
    }
    Ok(pending)
}

pub(crate) async fn run(client: &Client) -> Result<Vec<&'static str>, Error> {
    let pending = pending(client).await?;
    for (name, sql) in STEPS.iter().filter(|(name, _)| pending.contains(name)) {
        step(client, name, sql).await?;
    }
    Ok(pending)
}

async fn step(client: &Client, name: &'static str, sql: &str) -> Result<(), Error> {
    let fail = |source| Error::Online { name, source };
    let index = index_of(name, sql)?;
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
    client
        .execute(
            "insert into ops_data.online_steps (name, hash, applied_at) values ($1, $2, clock_timestamp())
             on conflict (name) do update set hash = excluded.hash, applied_at = excluded.applied_at",
            &[&name, &hash(sql)],
        )
        .await
        .map_err(fail)?;
    Ok(())
}

fn index_of<'a>(name: &'static str, sql: &'a str) -> Result<&'a str, Error> {
    sql.lines()
        .next()
        .and_then(|line| line.strip_prefix("-- index: "))
        .map(str::trim)
        .filter(|index| !index.is_empty())
        .ok_or(Error::OnlineUnnamed(name))
}

fn hash(sql: &str) -> String {
    Sha256::digest(sql)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
