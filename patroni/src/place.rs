//! Where a cluster is, and how to prove to it who asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustls::ClientConfig;

use crate::Error;
use crate::keys;

/// How long one question may take. A node that is worse than that counts as silent.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a caller says of the place.
#[derive(Debug, Clone)]
pub struct PlaceConfig {
    /// etcd's addresses, such as `https://etcd1:2379`.
    pub etcd: Vec<String>,
    /// Folder with `ca.crt`, `node.crt`, `node.key` and, where there is a pooler, `url`: its administration, an URL a line.
    pub keys: PathBuf,
    /// Patroni's `namespace` and `scope`, such as `/kardan/kardan`.
    pub prefix: String,
    /// A file like `/etc/hosts`, for names that this machine does not know.
    pub hosts: Option<PathBuf>,
}

/// The place, with its keys read.
#[derive(Debug, Clone)]
pub struct Place {
    pub(crate) etcd: Vec<String>,
    pub(crate) prefix: String,
    pub(crate) poolers: Vec<String>,
    pub(crate) tls: ClientConfig,
    pub(crate) http: reqwest::Client,
    hosts: HashMap<String, IpAddr>,
}

impl Place {
    /// Reads keys and addresses. Asks nobody.
    ///
    /// # Errors
    /// [`Error::Keys`] when a file is missing or damaged.
    pub fn open(config: &PlaceConfig) -> Result<Self, Error> {
        let tls = keys::client(&config.keys)?;
        let hosts = config.hosts.as_deref().map_or_else(
            || Ok(HashMap::new()),
            |file| Ok(read_hosts(&keys::text(file)?)),
        )?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .connect_timeout(PATIENCE)
            .no_proxy();
        for (name, address) in &hosts {
            http = http.resolve(name, (*address, 0).into());
        }
        let http = http.build().map_err(|error| Error::Keys {
            path: config.keys.clone(),
            why: error.to_string(),
        })?;
        Ok(Self {
            etcd: config
                .etcd
                .iter()
                .map(|url| url.trim_end_matches('/').to_owned())
                .collect(),
            prefix: config.prefix.trim_end_matches('/').to_owned(),
            poolers: poolers(&config.keys)?,
            tls,
            http,
            hosts,
        })
    }

    /// The address of a name that only the hosts file knows.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<IpAddr> {
        self.hosts.get(name).copied()
    }

    pub(crate) const fn patience() -> Duration {
        PATIENCE
    }
}

/// A cluster without poolers is a cluster; its clients are not held during a switchover.
fn poolers(folder: &Path) -> Result<Vec<String>, Error> {
    let file = folder.join("url");
    if !file.exists() {
        return Ok(Vec::new());
    }
    Ok(keys::text(&file)?
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

fn read_hosts(text: &str) -> HashMap<String, IpAddr> {
    let mut hosts = HashMap::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        if let Some(Ok(address)) = words.next().map(str::parse) {
            hosts.extend(words.map(|name| (name.to_owned(), address)));
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::read_hosts;

    #[test]
    fn a_hosts_file_has_several_names_a_line_and_comments() {
        let hosts = read_hosts(
            "# the cluster\n10.0.0.1 db1 db1.lan # first\n\n10.0.0.2\tdb2\nnonsense db3\n",
        );
        assert_eq!(hosts.get("db1.lan"), hosts.get("db1"));
        assert_eq!(
            hosts.get("db2").map(ToString::to_string).as_deref(),
            Some("10.0.0.2")
        );
        assert!(!hosts.contains_key("db3") && !hosts.contains_key("first"));
    }
}
