//! The cluster that runs, and the command under test.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// Where `./dev cluster` keeps keys and addresses.
pub fn folder() -> PathBuf {
    std::env::var_os("KARDAN_CLUSTER_FOLDER").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../.kardan/cluster").into(),
        PathBuf::from,
    )
}

/// `kardan cluster …`, as the operator of this cluster.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kardan"));
    command
        .arg("cluster")
        .args(arguments)
        .env("KARDAN_CLUSTER_HOSTS", folder().join("hosts"))
        .env("KARDAN_CLUSTER_KEYS", folder().join("operator"));
    command
}

pub fn run(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(command(arguments).output()?)
}

pub fn succeed(arguments: &[&str]) -> anyhow::Result<String> {
    let output = run(arguments)?;
    ensure!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// It failed with this code, and said this on standard error.
pub fn refused(output: &Output, code: i32, word: &str) -> anyhow::Result<()> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(code) && said.contains(word),
        "{:?} {said}",
        output.status.code()
    );
    Ok(())
}

pub fn status() -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&succeed(&["status", "--json"])?)?)
}

pub fn leader(status: &Value) -> Option<&str> {
    status.get("leader")?.as_str()
}

/// Waits until somebody leads and both standbys acknowledge commits again; every test leaves and finds it so.
pub fn whole() -> anyhow::Result<Value> {
    let begun = Instant::now();
    loop {
        if let Ok(status) = status() {
            let counting = status["nodes"].as_array().map_or(0, |nodes| {
                nodes.iter().filter(|n| n["sync"] == "quorum").count()
            });
            if leader(&status).is_some() && counting == 2 {
                return Ok(status);
            }
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(90),
            "the cluster is not whole"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The address of a service, from the file that `./dev cluster` writes.
pub fn address(service: &str) -> anyhow::Result<String> {
    let hosts = std::fs::read_to_string(folder().join("hosts"))?;
    let line = hosts
        .lines()
        .find(|line| line.split_whitespace().nth(1) == Some(service));
    Ok(line
        .and_then(|line| line.split_whitespace().next())
        .with_context(|| format!("no address of {service}"))?
        .to_owned())
}

/// Waits until it is so, at most so many seconds.
pub fn until(
    what: &str,
    seconds: u64,
    mut so: impl FnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !so()? {
        ensure!(
            begun.elapsed() < Duration::from_secs(seconds),
            "not in {seconds} s: {what}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
