//! The agent, by the faults that it is for.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::clients::Clients;
use super::{cluster, docker};

/// The volume of a node's data, in the container.
const DATA: &str = "/var/lib/postgresql/17/kardan";
const NODES: [&str; 3] = ["db1", "db2", "db3"];

/// A figure of a node's agent.
fn figure(node: &str, name: &str) -> anyhow::Result<f64> {
    let told = docker::shell(node, "curl --silent --fail http://localhost:8009/metrics")?;
    let line = told.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.rsplit(' ').next());
    Ok(value
        .with_context(|| format!("no {name} in {told}"))?
        .parse()?)
}

fn leader_now() -> anyhow::Result<Option<String>> {
    Ok(cluster::leader(&cluster::status()?).map(str::to_owned))
}

/// Takes all but `left` MiB of a node's disk.
fn fill(node: &str, left: u64) -> anyhow::Result<()> {
    let line = format!(
        "free=$(df --output=avail --block-size=1M {DATA} | tail -n 1) && fallocate -l $((free - {left}))M {DATA}/../filler"
    );
    docker::shell(node, &line).map(drop)
}

fn clear(node: &str) -> anyhow::Result<()> {
    docker::shell(node, &format!("rm -f {DATA}/../filler")).map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_was_frozen_stops_before_it_leads_again() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?;
    let before = figure(leader, "kardan_agent_freezes_total")?;
    let starts = figure(leader, "kardan_agent_patroni_starts_total")?;
    docker::pause(leader)?;
    // The freeze itself is what is tested: it lasts.
    std::thread::sleep(Duration::from_secs(8));
    docker::unpause(leader)?;
    cluster::until("a new start of Patroni", 20, || {
        Ok(figure(leader, "kardan_agent_patroni_starts_total")? > starts)
    })?;
    ensure!(figure(leader, "kardan_agent_freezes_total")? > before);
    cluster::whole()?;
    let clients = Clients::start().await?;
    clients.stop().await;
    Ok(())
}

#[test]
fn a_standby_that_was_frozen_only_catches_up() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?;
    let standby = NODES
        .into_iter()
        .find(|name| *name != leader)
        .context("a standby")?;
    let starts = figure(standby, "kardan_agent_patroni_starts_total")?;
    let freezes = figure(standby, "kardan_agent_freezes_total")?;
    docker::pause(standby)?;
    std::thread::sleep(Duration::from_secs(6));
    docker::unpause(standby)?;
    cluster::until("a freeze that was seen", 10, || {
        Ok(figure(standby, "kardan_agent_freezes_total")? > freezes)
    })?;
    cluster::whole()?;
    ensure!((figure(standby, "kardan_agent_patroni_starts_total")? - starts).abs() < 0.5);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_with_a_full_disk_hands_over_and_without_a_successor_only_reads()
-> anyhow::Result<()> {
    let status = cluster::whole()?;
    let first = cluster::leader(&status).context("a leader")?.to_owned();
    let filled = async {
        fill(&first, 100)?;
        cluster::until("another leader", 40, || {
            Ok(leader_now()?.is_some_and(|now| now != first))
        })?;
        let findings: Value = serde_json::from_slice(&cluster::run(&["doctor", "--json"])?.stdout)?;
        ensure!(
            findings
                .as_array()
                .is_some_and(|all| all.iter().any(|f| f["check"] == "disk")),
            "{findings}"
        );
        for node in NODES.iter().filter(|node| **node != first) {
            fill(node, 100)?;
        }
        // One that was filled before the others may have handed over once more.
        cluster::until("a primary that takes no writes", 60, || {
            leader_now()?.map_or(Ok(false), |leader| {
                Ok(figure(&leader, "kardan_agent_read_only")? > 0.5)
            })
        })?;
        let client = Clients::one().await?;
        client.query_one("select ops.clock_now()", &[]).await?;
        let refused = client
            .query_one("show default_transaction_read_only", &[])
            .await?;
        ensure!(refused.get::<_, &str>(0) == "on");
        anyhow::Ok(())
    }
    .await;
    for node in NODES {
        clear(node)?;
    }
    filled?;
    cluster::until("writes again", 30, || {
        // Between two leaders there is none.
        leader_now()?.map_or(Ok(false), |leader| {
            Ok(figure(&leader, "kardan_agent_read_only")? < 0.5)
        })
    })?;
    let client = Clients::one().await?;
    let allowed = client
        .query_one("show default_transaction_read_only", &[])
        .await?;
    ensure!(allowed.get::<_, &str>(0) == "off");
    cluster::whole().map(drop)
}

#[test]
fn etcd_is_led_from_another_machine_than_the_primary() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?.to_owned();
    let beside = leader.replace("db", "etcd");
    let leads = |status: &Value, member: &str| {
        status["etcd"].as_array().is_some_and(|all| {
            all.iter().any(|one| {
                one["leads"] == true && one["url"].as_str().is_some_and(|url| url.contains(member))
            })
        })
    };
    let moves = figure(&leader, "kardan_agent_etcd_moves_total")?;
    let etcdctl = "etcdctl --cacert=/run/kardan/ca.crt --cert=/run/kardan/node.crt --key=/run/kardan/node.key";
    let ask = format!(
        "{etcdctl} --endpoints=https://{beside}:2379 endpoint status -w json | grep -o '\"member_id\":[0-9]*' | cut -d : -f 2"
    );
    let id: u64 = docker::shell("etcd1", &ask)?.trim().parse()?;
    let all = "https://etcd1:2379,https://etcd2:2379,https://etcd3:2379";
    if !leads(&status, &beside) {
        docker::shell(
            "etcd1",
            &format!("{etcdctl} --endpoints={all} move-leader {id:x}"),
        )?;
    }
    cluster::until("a move of etcd's lead", 20, || {
        Ok(figure(&leader, "kardan_agent_etcd_moves_total")? > moves)
    })?;
    ensure!(!leads(&cluster::whole()?, &beside));
    Ok(())
}
