//! The tables and functions that clients of a drill work on: a schema of its own in the product's database, made before and
//! dropped afterwards. They are reached as everything is: granted functions, through PgBouncer and HAProxy, as the API's role.

use std::collections::{HashMap, HashSet};

use kardan_cluster::Place;
use tokio_postgres::Client;

use crate::Error;
use crate::check::Found;

/// How many accounts the ledger has. Few, so that transfers meet.
pub const ACCOUNTS: i32 = 20;
const DATABASE: &str = "kardan";
const SETUP: &str = include_str!("stage.sql");

/// A connection to the product's database on the node that leads.
pub async fn leader(place: &Place) -> Result<Client, Error> {
    let status = place.status().await?;
    let leader = status
        .leader
        .ok_or_else(|| Error::refused("nobody leads; look at: kardan cluster status"))?;
    Ok(place.superuser(&leader, DATABASE).await?)
}

/// Makes the stage, anew if an earlier drill left one.
pub async fn set_up(place: &Place) -> Result<(), Error> {
    leader(place)
        .await?
        .batch_execute(SETUP)
        .await
        .map_err(Error::sql("making the drill's tables"))
}

/// Drops it.
pub async fn take_down(place: &Place) -> Result<(), Error> {
    leader(place)
        .await?
        .batch_execute("drop schema if exists drill cascade")
        .await
        .map_err(Error::sql("dropping the drill's tables"))
}

/// What every node holds of it; of a cluster that is not whole, what its leader holds.
pub async fn found(place: &Place, when: &str, is_whole: bool) -> Result<Vec<Found>, Error> {
    let status = place.status().await?;
    let mut found = Vec::with_capacity(status.nodes.len());
    for node in &status.nodes {
        if !is_whole && status.leader.as_ref() != Some(&node.name) {
            continue;
        }
        let client = place.superuser(&node.name, DATABASE).await?;
        found.push(on(&client, format!("{}, {when}", node.name)).await?);
    }
    Ok(found)
}

async fn on(client: &Client, place: String) -> Result<Found, Error> {
    let failed = Error::sql("reading what a node holds");
    let inserts = client
        .query(
            "select i.id, count(*) from drill.inserts as i group by i.id",
            &[],
        )
        .await
        .map_err(&failed)?;
    let transfers = client
        .query("select t.key from drill.transfers as t", &[])
        .await
        .map_err(&failed)?;
    let ledger = client
        .query_one(
            "select coalesce(sum(a.balance), 0)::bigint,
                count(*) filter (where a.balance <> coalesce((
                    select sum(case when t.giver = a.id then -t.amount else t.amount end)
                    from drill.transfers as t where a.id in (t.giver, t.taker)), 0)),
                (select c.value from drill.counter as c)
            from drill.accounts as a",
            &[],
        )
        .await
        .map_err(&failed)?;
    Ok(Found {
        place,
        inserts: inserts
            .iter()
            .map(|row| (number(row.get(0)), number(row.get(1))))
            .collect::<HashMap<_, _>>(),
        transfers: transfers
            .iter()
            .map(|row| number(row.get(0)))
            .collect::<HashSet<_>>(),
        ledger_sum: ledger.get(0),
        ledger_off: number(ledger.get(1)),
        counter: ledger.get(2),
    })
}

fn number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
