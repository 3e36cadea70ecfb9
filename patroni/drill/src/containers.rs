//! The containers of a Compose project, by Docker's own command.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::process::Command;

use crate::Error;

/// What every node's image holds: iptables and tc.
const TOOLS: &str = "kardan/postgres";

/// The containers by the names of their services.
#[derive(Debug, Clone)]
pub struct Containers {
    ids: BTreeMap<String, String>,
}

impl Containers {
    /// Those of the project, running or not.
    pub async fn find(project: &str) -> Result<Self, Error> {
        let label = format!("label=com.docker.compose.project={project}");
        let format = "{{.ID}} {{.Label \"com.docker.compose.service\"}}";
        let said = docker(&["ps", "--all", "--filter", &label, "--format", format]).await?;
        let ids: BTreeMap<String, String> = said
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(id, service)| (service.to_owned(), id.to_owned()))
            .collect();
        if ids.is_empty() {
            return Err(Error::refused(format!(
                "Docker knows no containers of the project {project}; start them: ./dev cluster up"
            )));
        }
        Ok(Self { ids })
    }

    fn id(&self, service: &str) -> Result<&str, Error> {
        self.ids
            .get(service)
            .map(String::as_str)
            .ok_or_else(|| Error::refused(format!("there is no container of {service}")))
    }

    /// Services whose names begin so.
    pub fn like(&self, prefix: &str) -> Vec<String> {
        let named = self.ids.keys().filter(|name| name.starts_with(prefix));
        named.cloned().collect()
    }

    async fn tell(&self, verb: &str, services: &[String]) -> Result<(), Error> {
        let mut words = vec![verb];
        for service in services {
            words.push(self.id(service)?);
        }
        docker(&words).await.map(drop)
    }

    /// Lets them stand still.
    pub async fn pause(&self, services: &[String]) -> Result<(), Error> {
        self.tell("pause", services).await
    }

    /// Lets them go on.
    pub async fn unpause(&self, services: &[String]) -> Result<(), Error> {
        self.tell("unpause", services).await
    }

    /// Ends everything in them at once.
    pub async fn kill(&self, services: &[String]) -> Result<(), Error> {
        self.tell("kill", services).await
    }

    /// Starts what was ended.
    pub async fn start(&self, services: &[String]) -> Result<(), Error> {
        self.tell("start", services).await
    }

    /// Runs a shell line in one, as its own user.
    pub async fn shell(&self, service: &str, line: &str) -> Result<String, Error> {
        docker(&["exec", self.id(service)?, "sh", "-c", line]).await
    }

    /// Runs a shell line on the network of one, as somebody who may change it.
    pub async fn network(&self, service: &str, line: &str) -> Result<(), Error> {
        let network = format!("container:{}", self.id(service)?);
        tools(&network, line).await
    }

    /// Addresses of the services that are named so, in all networks.
    pub async fn addresses(&self, services: &[String]) -> Result<Vec<String>, Error> {
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
        let mut words = vec!["inspect", "--format", format];
        for service in services {
            words.push(self.id(service)?);
        }
        let said = docker(&words).await?;
        Ok(said.split_whitespace().map(str::to_owned).collect())
    }

    /// Writes the names and addresses into a file like `/etc/hosts`: a container that is started again may have another
    /// address.
    pub async fn write_hosts(&self, file: &Path) -> Result<(), Error> {
        let format = "{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{$net.IPAddress}} {{end}}\
            {{index .Config.Labels \"com.docker.compose.service\"}}";
        let mut words = vec!["inspect", "--format", format];
        words.extend(self.ids.values().map(String::as_str));
        let said = docker(&words).await?;
        let lines: String = said.lines().filter_map(host).collect();
        std::fs::write(file, lines).map_err(|error| Error::file(file, &error))
    }

    /// What runs, and how: `running`, `paused`, `exited`.
    pub async fn states(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut words = vec!["inspect", "--format", "{{.State.Status}}"];
        words.extend(self.ids.values().map(String::as_str));
        let said = docker(&words).await?;
        let states = said.lines().map(str::to_owned);
        Ok(self.ids.keys().cloned().zip(states).collect())
    }
}

/// `network address network address … service`: the one in the network that everybody watched is in.
fn host(line: &str) -> Option<String> {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let service = words.pop()?;
    let mut pairs = words.chunks_exact(2);
    let watched = pairs.find_map(|pair| match pair {
        [network, address] if network.ends_with("_watch") => Some(*address),
        _ => None,
    })?;
    Some(format!("{watched} {service}\n"))
}

/// Can this kernel delay packets?
pub async fn can_delay() -> bool {
    tools("none", "tc qdisc add dev lo root netem delay 1ms")
        .await
        .is_ok()
}

/// Can it lose some of them?
pub async fn can_lose() -> bool {
    let line = "iptables -A OUTPUT -m statistic --mode random --probability 0.05 -j DROP";
    tools("none", line).await.is_ok()
}

async fn tools(network: &str, line: &str) -> Result<(), Error> {
    let words = [
        "run",
        "--rm",
        "--network",
        network,
        "--cap-add",
        "NET_ADMIN",
        "--user",
        "0",
        TOOLS,
        "sh",
        "-ec",
        line,
    ];
    docker(&words).await.map(drop)
}

async fn docker(words: &[&str]) -> Result<String, Error> {
    let failed = |why: String| Error::Docker {
        what: words.first().copied().unwrap_or_default().to_owned(),
        why,
    };
    let output = Command::new("docker")
        .args(words)
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_known_by_its_address_in_the_watched_network() {
        let line = "kardan_db 172.1.0.2 kardan_watch 172.2.0.7 db1";
        assert_eq!(host(line).as_deref(), Some("172.2.0.7 db1\n"));
        assert_eq!(host("kardan_db  migrate"), None);
    }
}
