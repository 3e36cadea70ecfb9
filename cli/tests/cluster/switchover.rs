//! A planned change of the leader.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::clients::Clients;
use super::cluster;

#[tokio::test(flavor = "multi_thread")]
async fn clients_wait_through_a_switchover_and_see_no_error() -> anyhow::Result<()> {
    let before = cluster::whole()?;
    let clients = Clients::start().await?;
    let done: Value = serde_json::from_str(&cluster::succeed(&["switchover", "--yes", "--json"])?)?;
    clients.another_hundred().await?;
    let errors = clients.stop().await;
    ensure!(errors.is_empty(), "{errors:?}");
    ensure!(done["from"].as_str() == cluster::leader(&before), "{done}");
    let after = cluster::whole()?;
    ensure!(
        done["to"].as_str() == cluster::leader(&after),
        "{done} and {after}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_go_on_without_an_error_when_the_command_is_killed_in_the_middle()
-> anyhow::Result<()> {
    let before = cluster::whole()?;
    let clients = Clients::start().await?;
    let mut command = cluster::command(&["switchover", "--yes", "-v"])
        .env("KARDAN_LOG", "json")
        .stderr(Stdio::piped())
        .spawn()?;
    let said = BufReader::new(command.stderr.take().context("standard error")?);
    for line in said.lines() {
        // The order to Patroni follows this line.
        if line?.contains("\"switchover\"") {
            break;
        }
    }
    command.kill()?;
    command.wait()?;
    clients.another_hundred().await?;
    let errors = clients.stop().await;
    ensure!(errors.is_empty(), "{errors:?}");
    // Patroni had the order or had not; either way somebody leads and clients go on.
    let after = cluster::whole()?;
    ensure!(cluster::leader(&before).is_some() && cluster::leader(&after).is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_does_not_end_calls_the_switchover_off() -> anyhow::Result<()> {
    let before = cluster::whole()?;
    let clients = Clients::start().await?;
    let long = Clients::one().await?;
    long.batch_execute("begin; select ops.clock_now()").await?;
    let output = cluster::run(&["switchover", "--yes", "--pause", "1"])?;
    cluster::refused(&output, 1, "the end of all transactions")?;
    long.batch_execute("commit").await?;
    clients.another_hundred().await?;
    let errors = clients.stop().await;
    ensure!(errors.is_empty(), "{errors:?}");
    ensure!(cluster::leader(&cluster::status()?) == cluster::leader(&before));
    Ok(())
}

#[test]
fn a_dry_run_and_a_refusal_change_nothing() -> anyhow::Result<()> {
    let before = cluster::whole()?;
    let plan: Value =
        serde_json::from_str(&cluster::succeed(&["switchover", "--dry-run", "--json"])?)?;
    ensure!(plan["from"].as_str() == cluster::leader(&before), "{plan}");
    let output = cluster::command(&["switchover"])
        .stdin(Stdio::null())
        .output()?;
    cluster::refused(&output, 5, "--yes")?;
    ensure!(cluster::leader(&cluster::status()?) == cluster::leader(&before));
    Ok(())
}
