//! Backups of the cluster by pgBackRest, on the repository host.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::{cluster, docker};

const NODES: [&str; 3] = ["db1", "db2", "db3"];
const DATA: &str = "/var/lib/postgresql/17/kardan";

/// `kardan backup …` on the repository host.
fn backup(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new("docker");
    command
        .args(["exec", &docker::container("backup")?, "kardan", "backup"])
        .args(arguments);
    Ok(command)
}

fn run(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(backup(arguments)?.output()?)
}

fn json(arguments: &[&str]) -> anyhow::Result<Value> {
    let output = run(arguments)?;
    ensure!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn ids() -> anyhow::Result<Vec<String>> {
    let listed = json(&["list", "--json"])?;
    let all = listed.as_array().context("a list")?;
    let id = |one: &Value| one["backup"]["id"].as_str().map(str::to_owned);
    Ok(all.iter().filter_map(id).collect())
}

/// Whether pgBackRest is at a backup.
fn is_under_way() -> anyhow::Result<bool> {
    let said = docker::shell("backup", "pgbackrest --stanza=kardan --output=json info")?;
    let said: Value = serde_json::from_str(&said)?;
    Ok(said[0]["status"]["lock"]["backup"]["held"] == true)
}

fn leader_now() -> anyhow::Result<Option<String>> {
    Ok(cluster::leader(&cluster::status()?).map(str::to_owned))
}

fn kill_postgres(node: &str) -> anyhow::Result<()> {
    docker::shell(node, &format!("kill -9 $(head -n 1 {DATA}/postmaster.pid)")).map(drop)
}

#[test]
fn a_backup_is_taken_increased_verified_and_expired_and_a_changed_byte_is_found()
-> anyhow::Result<()> {
    cluster::whole()?;
    let first = json(&["take", "--label", "before the sale", "--json"])?;
    let id = first["id"].as_str().context("an id")?.to_owned();
    ensure!(first["label"] == "before the sale" && first["is_encrypted"] == true);
    ensure!(first["engine_bytes"].as_u64() < first["data_bytes"].as_u64());
    let more = json(&["take", "--depth", "incremental", "--json"])?;
    let more = more["id"].as_str().context("an id")?.to_owned();
    ensure!(more.starts_with(&format!("{id}_")), "{more} is upon {id}");
    let output = run(&["verify", &id])?;
    ensure!(output.status.success(), "{output:?}");

    let find = format!(
        "find /var/lib/pgbackrest/backup/kardan/{id} -type f -path '*/bundle/*' | sort | head -n 1"
    );
    let file = docker::shell("backup", &find)?.trim().to_owned();
    let change =
        format!("cp {file} /tmp/whole && printf XXXX | dd of={file} bs=1 seek=5000 conv=notrunc");
    docker::shell("backup", &change)?;
    let damaged = run(&["verify", &id, "--json"])?;
    docker::shell("backup", &format!("cp /tmp/whole {file}"))?;
    let found: Value = serde_json::from_slice(&damaged.stdout)?;
    ensure!(damaged.status.code() == Some(4), "{found}");
    ensure!(found[&id][0]["file"] == id.as_str(), "{found}");
    ensure!(run(&["verify", &id])?.status.success());

    let second = json(&["take", "--json"])?;
    let second = second["id"].as_str().context("an id")?.to_owned();
    let before = ids()?;
    let planned = json(&["expire", "--keep", "1", "--dry-run", "--json"])?;
    ensure!(ids()? == before, "a dry run deletes nothing");
    let refused = run(&["expire", "--keep", "1"])?;
    ensure!(refused.status.code() == Some(5), "{refused:?}");
    let expired = json(&["expire", "--keep", "1", "--yes", "--json"])?;
    ensure!(expired == planned, "{planned} was said, {expired} was done");
    ensure!(ids()? == [second], "an increment goes with what it is upon");
    Ok(())
}

#[test]
fn a_backup_is_made_though_its_leader_is_lost_and_two_at_once_are_refused() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?.to_owned();
    let before = ids()?;
    let taking = backup(&["take", "--json"])?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    cluster::until("a backup under way", 30, is_under_way)?;
    let second = run(&["take"])?;
    kill_postgres(&leader)?;
    let taken = taking.wait_with_output()?;
    ensure!(
        taken.status.success(),
        "{}",
        String::from_utf8_lossy(&taken.stderr)
    );
    cluster::refused(&second, 1, "another pgBackRest")?;
    let taken: Value = serde_json::from_slice(&taken.stdout)?;
    let id = taken["id"].as_str().context("an id")?;
    ensure!(run(&["verify", id])?.status.success());
    ensure!(ids()?.len() == before.len() + 1);
    cluster::whole().map(drop)
}

#[test]
fn a_standby_is_made_from_the_repository_and_not_from_the_primary() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?.to_owned();
    if ids()?.is_empty() {
        json(&["take", "--json"])?;
    }
    let standby = NODES.into_iter().find(|node| *node != leader);
    let standby = standby.context("a standby")?;
    let made = "replica has been created using pgbackrest";
    let count = || anyhow::Ok(docker::logs(standby)?.matches(made).count());
    let before = count()?;
    cluster::succeed(&["reinit", standby, "--yes"])?;
    ensure!(count()? == before + 1);
    cluster::whole().map(drop)
}

#[test]
fn a_moment_is_brought_back_beside_a_standby_with_all_that_was_committed_and_nothing_later()
-> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?.to_owned();
    let standby = NODES.into_iter().find(|node| *node != leader);
    let standby = standby.context("a standby")?;
    if ids()?.is_empty() {
        json(&["take", "--json"])?;
    }
    let on_leader = |sql: &str| {
        let said = docker::shell(&leader, &format!("psql -XqAt -d kardan -c \"{sql}\""))?;
        anyhow::Ok(said.trim().to_owned())
    };
    on_leader("drop table if exists public.moment; create table public.moment (n int)")?;
    on_leader("insert into public.moment values (1)")?;
    // The clock of the commit before and of the one behind it are others.
    let at = on_leader("select pg_sleep(0.01), clock_timestamp()")?;
    let at = at.trim_start_matches('|').to_owned();
    on_leader("insert into public.moment values (2)")?;
    on_leader("drop table public.moment")?;
    let closed = on_leader("select pg_walfile_name(pg_switch_wal())")?;
    cluster::until("the last segment in the archive", 60, || {
        Ok(on_leader("select last_archived_wal from pg_stat_archiver")? >= closed)
    })?;
    let folder = "/var/lib/postgresql/17/again";
    let brought = docker::shell(
        standby,
        &format!(
            "set -e; pgbackrest --stanza=kardan --pg1-path={folder} --type=time --target='{at}' \
             --target-action=promote --archive-mode=off restore && \
             pg_ctl start -s -D {folder} -t 600 -l {folder}/log \
             -o '--port=5433 --listen_addresses= --hot_standby=off --shared_preload_libraries='"
        ),
    )
    .and_then(|_| {
        let ask = "psql -XqAt -p 5433 -d kardan -c 'select n from public.moment' 2>&1 || true";
        let mut found = String::new();
        cluster::until("a server at that moment", 120, || {
            found = docker::shell(standby, ask)?;
            Ok(!found.contains("FATAL"))
        })?;
        Ok(found)
    });
    let away = format!("pg_ctl stop -s -D {folder} -m immediate; rm -rf {folder}");
    docker::shell(standby, &away)?;
    ensure!(brought?.trim() == "1");
    cluster::whole().map(drop)
}

#[test]
fn a_repository_that_is_silent_keeps_nobody_from_leading() -> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?.to_owned();
    docker::pause("backup")?;
    let led = kill_postgres(&leader).and_then(|()| {
        cluster::until("a new leader that takes writes", 60, || {
            let Some(now) = leader_now()?.filter(|now| *now != leader) else {
                return Ok(false);
            };
            let ask = "psql -XqAt -d postgres -c 'select pg_is_in_recovery()'";
            Ok(docker::shell(&now, ask)?.trim() == "f")
        })
    });
    docker::unpause("backup")?;
    led?;
    cluster::whole()?;
    // What was kept back meanwhile arrives.
    let findings = json(&["doctor", "--json"])?;
    let archive = findings
        .as_array()
        .and_then(|all| all.iter().find(|one| one["check"] == "archive"));
    ensure!(
        archive.is_some_and(|one| one["level"] == "ok"),
        "{findings}"
    );
    Ok(())
}

#[test]
fn what_pgbackrest_does_not_do_here_is_said_with_what_does() -> anyhow::Result<()> {
    cluster::refused(&run(&["take", "--logical"])?, 1, "--engine core")?;
    cluster::refused(&run(&["drill"])?, 1, "pgbackrest restore")?;
    cluster::refused(&run(&["list", "--stanza", "other"])?, 1, "stanza-create")?;
    cluster::refused(&run(&["show", "nope"])?, 1, "there is no backup nope")
}
