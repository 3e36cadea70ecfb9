//! The containers of the cluster, for tests that do to a node what happens to nodes.

use std::process::Command;

use anyhow::{Context as _, ensure};

fn docker(arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("docker").args(arguments).output()?;
    ensure!(
        output.status.success(),
        "docker {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The container of a service, whatever Compose called it.
pub fn container(service: &str) -> anyhow::Result<String> {
    let project = std::env::var("COMPOSE_PROJECT_NAME").unwrap_or_else(|_| "kardan".to_owned());
    let of_project = format!("label=com.docker.compose.project={project}");
    let of_service = format!("label=com.docker.compose.service={service}");
    let found = docker(&[
        "ps",
        "--quiet",
        "--filter",
        &of_project,
        "--filter",
        &of_service,
    ])?;
    Ok(found
        .lines()
        .next()
        .with_context(|| format!("no container of {service}"))?
        .to_owned())
}

/// Stops every process of it in its tracks.
pub fn pause(service: &str) -> anyhow::Result<()> {
    docker(&["pause", &container(service)?]).map(drop)
}

/// Lets them go on.
pub fn unpause(service: &str) -> anyhow::Result<()> {
    docker(&["unpause", &container(service)?]).map(drop)
}

/// Everything that it has said since it was made, on standard output and on standard error.
pub fn logs(service: &str) -> anyhow::Result<String> {
    let output = Command::new("docker")
        .args(["logs", &container(service)?])
        .output()?;
    Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Runs a shell line in it.
pub fn shell(service: &str, line: &str) -> anyhow::Result<String> {
    docker(&["exec", &container(service)?, "sh", "-c", line])
}
