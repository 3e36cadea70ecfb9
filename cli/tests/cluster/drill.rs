//! The drill, as an operator holds it.

use std::fs::File;
use std::path::Path;
use std::process::Output;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::cluster;

/// A drill that nobody is asked about, with its files in a folder of the test.
fn drill(out: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let folder = cluster::folder();
    let output = cluster::command(&["drill", "--yes", "--json", "--settle", "0"])
        .args(arguments)
        .arg("--out")
        .arg(out)
        .env("KARDAN_DRILL_APPLICATION", folder.join("api"))
        .output()?;
    Ok(output)
}

fn report(output: &Output) -> anyhow::Result<Value> {
    serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_killed_postmaster_costs_no_acknowledged_write_and_no_idempotent_client() -> anyhow::Result<()>
{
    cluster::whole()?;
    let out = tempfile::tempdir()?;
    let output = drill(out.path(), &["--faults", "F1", "--seed", "1"])?;
    let report = report(&output)?;
    ensure!(output.status.success(), "{report}");
    ensure!(report["verdict"]["lost"]["count"] == 0, "{report}");
    ensure!(report["gave_up"] == 0, "{report}");
    ensure!(
        report["operations"]["insert"]["ok"].as_u64() > Some(500),
        "{report}"
    );
    ensure!(
        report["operations"]["request"]["ok"].as_u64() > Some(20),
        "{report}"
    );
    for file in [
        "report.md",
        "timeline.svg",
        "scenario.json",
        "history.jsonl",
    ] {
        ensure!(
            std::fs::metadata(out.path().join(file))?.len() > 100,
            "{file}"
        );
    }
    // The same again, from its file.
    let scenario = out.path().join("scenario.json");
    let replay = cluster::succeed(&[
        "drill",
        "--dry-run",
        "--scenario",
        &scenario.to_string_lossy(),
    ])?;
    ensure!(
        replay.contains("F1 postmaster killed") && replay.contains("seed 1"),
        "{replay}"
    );
    cluster::whole().map(drop)
}

#[test]
fn a_cluster_that_loses_commits_is_told_from_one_that_does_not() -> anyhow::Result<()> {
    cluster::whole()?;
    let out = tempfile::tempdir()?;
    let output = drill(out.path(), &["--faults", "F0", "--seed", "1"])?;
    let report = report(&output)?;
    ensure!(output.status.code() == Some(4), "{report}");
    ensure!(
        report["verdict"]["lost"]["count"].as_u64() > Some(0),
        "{report}"
    );
    ensure!(std::fs::read_to_string(out.path().join("report.md"))?.contains("NOT CLEAN"));
    cluster::whole().map(drop)
}

#[test]
fn a_second_drill_at_the_same_time_is_refused() -> anyhow::Result<()> {
    let lock = File::create(cluster::folder().join("drill.lock"))?;
    lock.lock()?;
    let out = tempfile::tempdir()?;
    cluster::refused(&drill(out.path(), &["--faults", "F1"])?, 1, "another drill")?;
    Ok(())
}

#[test]
fn a_drill_asks_first_and_names_a_fault_that_there_is_not() -> anyhow::Result<()> {
    let before = cluster::whole()?;
    cluster::refused(&cluster::run(&["drill", "--faults", "F1"])?, 5, "--yes")?;
    cluster::refused(
        &cluster::run(&["drill", "--faults", "F5"])?,
        2,
        "there is no fault 'F5'",
    )?;
    ensure!(cluster::leader(&before) == cluster::leader(&cluster::status()?));
    Ok(())
}
