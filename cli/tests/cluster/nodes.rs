//! Changes of single nodes, and of the cluster's mode.

use anyhow::{Context as _, ensure};

use super::clients::Clients;
use super::cluster;

#[test]
fn status_knows_every_node_and_every_member_of_etcd() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let nodes = status["nodes"].as_array().context("nodes")?;
    ensure!(nodes.len() == 3, "{status}");
    let followers = nodes
        .iter()
        .filter(|node| node["lag_bytes"].is_i64())
        .count();
    ensure!(followers == 2, "{status}");
    let leading = status["etcd"].as_array().context("etcd")?;
    ensure!(
        leading
            .iter()
            .filter(|member| member["leads"] == true)
            .count()
            == 1,
        "{status}"
    );
    let table = cluster::succeed(&["status"])?;
    ensure!(
        ["db1", "db2", "db3"]
            .iter()
            .all(|name| table.contains(name)),
        "{table}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_after_a_switchover_costs_no_error() -> anyhow::Result<()> {
    let before = cluster::whole()?;
    let clients = Clients::start().await?;
    let said = cluster::succeed(&["restart", "--switchover", "--yes"])?;
    clients.another_hundred().await?;
    let errors = clients.stop().await;
    ensure!(errors.is_empty(), "{errors:?}");
    let leader = cluster::leader(&before).context("a leader")?;
    ensure!(
        said.trim_end().ends_with(&format!("{leader} is back")),
        "the leader is the last: {said}"
    );
    cluster::whole().map(drop)
}

#[test]
fn only_a_standby_is_copied_anew() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?;
    let output = cluster::run(&["reinit", leader, "--yes"])?;
    cluster::refused(&output, 1, "switchover")?;
    let standby = ["db1", "db2", "db3"]
        .into_iter()
        .find(|name| *name != leader);
    cluster::succeed(&["reinit", standby.context("a standby")?, "--yes"])?;
    cluster::whole().map(drop)
}

#[test]
fn a_paused_cluster_says_so_and_switches_nobody_over() -> anyhow::Result<()> {
    cluster::whole()?;
    cluster::succeed(&["pause", "--yes"])?;
    let findings = cluster::succeed(&["doctor"])?;
    let output = cluster::run(&["switchover", "--yes"])?;
    cluster::succeed(&["resume"])?;
    ensure!(findings.contains("automatic failover is off"), "{findings}");
    cluster::refused(&output, 1, "kardan cluster resume")?;
    ensure!(cluster::status()?["paused"] == false);
    Ok(())
}
