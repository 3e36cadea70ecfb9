//! What was applied: migrations, the program, its grants.

use tokio_postgres::Client;

use super::{Finding, Level};
use crate::error::during;
use crate::{Error, HISTORY_TABLE};

pub(super) async fn migrations(client: &mut Client) -> Finding {
    match crate::plan(client).await {
        Ok(plan) if plan.is_newer => Finding::bad(
            "migrations",
            Level::Warning,
            "the database is ahead of this binary",
            "use the newer binary; this one keeps working for one release",
        ),
        Ok(plan) if plan.migrations.is_empty() && plan.online.is_empty() => {
            Finding::ok("migrations", "all applied")
        }
        Ok(plan) => Finding::bad(
            "migrations",
            Level::Failure,
            format!(
                "pending: {}",
                [plan.migrations, plan.online].concat().join(", ")
            ),
            "kardan migrate up",
        ),
        Err(error) => Finding::bad(
            "migrations",
            Level::Failure,
            error.to_string(),
            format!("look at {HISTORY_TABLE}"),
        ),
    }
}

pub(super) async fn program(client: &Client) -> Result<Finding, Error> {
    let row = client
        .query_opt(
            "select c.hash, c.revision, to_char(c.applied_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
             from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await
        .map_err(during("read the applied version"))?;
    let Some(row) = row else {
        return Ok(Finding::bad(
            "program",
            Level::Failure,
            "never loaded",
            "kardan migrate up",
        ));
    };
    let (hash, revision, at): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    Ok(if hash == *kardan_schema::load::HASH {
        Finding::ok(
            "program",
            format!("this binary's, loaded {at} UTC by {revision}"),
        )
    } else {
        Finding::bad(
            "program",
            Level::Warning,
            format!("another version, loaded {at} UTC by {revision}"),
            "kardan migrate up, unless a newer binary is being rolled out",
        )
    })
}

/// What the catalogue grants now against what the loader recorded: a grant by hand shows here.
pub(super) async fn grants(client: &Client) -> Result<Finding, Error> {
    let now = kardan_schema::contract::lines_of(client)
        .await
        .map_err(during("read the contract"))?;
    let recorded: Vec<String> = client
        .query_opt(
            "select c.functions from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await
        .map_err(during("read the applied version"))?
        .map(|row| row.get(0))
        .unwrap_or_default();
    let data: Vec<String> = kardan_schema::load::DOMAINS
        .iter()
        .map(|domain| format!("{domain}_data"))
        .collect();
    let tables: String = client
        .query_one(
            "with thing (name, owner, acl) as (
                 select 'schema ' || n.nspname, n.nspowner, n.nspacl
                 from pg_namespace as n where n.nspname = any ($1)
                 union all
                 select c.oid::regclass::text, c.relowner, c.relacl
                 from pg_class as c where c.relnamespace = any ($1::text[]::regnamespace[])
                 union all
                 select c.oid::regclass::text, c.relowner, t.attacl
                 from pg_class as c join pg_attribute as t on t.attrelid = c.oid
                 where c.relnamespace = any ($1::text[]::regnamespace[])
             )
             select coalesce(string_agg(distinct t.name, ', ' order by t.name), '')
             from thing as t cross join lateral aclexplode(t.acl) as a
             where a.grantee <> t.owner",
            &[&data],
        )
        .await
        .map_err(during("read the catalogue"))?
        .get(0);
    Ok(if now != recorded {
        Finding::bad(
            "grants",
            Level::Failure,
            "functions or their grants were changed by hand since the program was loaded",
            "delete from ops_data.contract_applied; then kardan migrate up",
        )
    } else if !tables.is_empty() {
        Finding::bad(
            "grants",
            Level::Failure,
            format!("granted by hand: {tables}; everything goes through functions"),
            "revoke all on … from …; \\dp and \\dn+ show who has it",
        )
    } else {
        Finding::ok(
            "grants",
            format!("{} functions and views, no table", now.len()),
        )
    })
}
