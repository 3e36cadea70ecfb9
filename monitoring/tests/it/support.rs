//! Starting exporters and servers, and reading what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use clap::Parser;
use kardan_embedded::Server;
use kardan_monitoring::Config;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

#[derive(Parser)]
#[command(no_binary_name = true)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// An exporter on a free port; it ends with the value.
pub struct Exporter {
    pub base: String,
    stop: CancellationToken,
}

impl Drop for Exporter {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn config(source: &str, flags: &[&str]) -> Config {
    let fixed = [
        "--web.listen-address",
        "127.0.0.1:0",
        "--data-source",
        source,
    ];
    Line::try_parse_from(fixed.iter().chain(flags))
        .unwrap_or_else(|error| panic!("{error}"))
        .config
}

impl Exporter {
    pub async fn start(source: &str, flags: &[&str]) -> Self {
        Self::of(&config(source, flags), "http").await
    }

    pub async fn of(config: &Config, scheme: &str) -> Self {
        let bound = kardan_monitoring::bind(config).await.unwrap();
        let base = format!("{scheme}://{}", bound.addresses[0]);
        let stop = CancellationToken::new();
        tokio::spawn(bound.serve(stop.clone()));
        Self { base, stop }
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(format!("{}{path}", self.base)).await.unwrap()
    }

    pub async fn metrics(&self) -> Metrics {
        self.page("/metrics").await
    }

    pub async fn page(&self, path: &str) -> Metrics {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200);
        Metrics::parse(&response.text().await.unwrap())
    }

    /// Asks until the page is as wanted.
    pub async fn until(&self, what: &str, wanted: impl Fn(&Metrics) -> bool) -> Metrics {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let metrics = self.metrics().await;
            if wanted(&metrics) {
                return metrics;
            }
            assert!(Instant::now() < deadline, "never: {what}");
            tokio::task::yield_now().await;
        }
    }
}

/// A family as it was told.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Family {
    pub kind: String,
    pub help: String,
    /// The sets of label names, without `le`.
    pub labels: BTreeSet<String>,
    pub samples: BTreeMap<String, f64>,
}

/// A page of metrics.
#[derive(Debug, Default)]
pub struct Metrics(pub BTreeMap<String, Family>);

impl Metrics {
    pub fn parse(text: &str) -> Self {
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                families.entry(name.to_owned()).or_default().help = help.to_owned();
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                families.entry(name.to_owned()).or_default().kind = kind.to_owned();
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap();
                let (name, labels) = series.split_once('{').unwrap_or((series, ""));
                let base = ["_bucket", "_sum", "_count"]
                    .iter()
                    .find_map(|suffix| {
                        name.strip_suffix(suffix).filter(|base| {
                            families.get(*base).is_some_and(|f| f.kind == "histogram")
                        })
                    })
                    .unwrap_or(name)
                    .to_owned();
                let family = families
                    .get_mut(&base)
                    .unwrap_or_else(|| panic!("no TYPE before {line}"));
                family.labels.insert(names(labels).join(","));
                let value = value
                    .replace("+Inf", "inf")
                    .parse()
                    .unwrap_or_else(|_| panic!("{line}"));
                assert!(
                    family.samples.insert(series.to_owned(), value).is_none(),
                    "twice: {series}"
                );
            }
        }
        Self(families)
    }

    /// The value of a series without labels, or of the only series.
    pub fn value(&self, family: &str) -> f64 {
        let samples = &self.family(family).samples;
        assert_eq!(samples.len(), 1, "{family}: {samples:?}");
        *samples.values().next().unwrap()
    }

    pub fn family(&self, name: &str) -> &Family {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no family {name}"))
    }

    /// The value of the series whose labels hold all of these texts.
    pub fn find(&self, family: &str, parts: &[&str]) -> Option<f64> {
        let samples = &self.0.get(family)?.samples;
        let mut found = samples
            .iter()
            .filter(|(series, _)| parts.iter().all(|part| series.contains(part)));
        let first = found.next().map(|(_, value)| *value);
        assert!(found.next().is_none(), "{family} {parts:?}: more than one");
        first
    }
}

/// The names of labels in their order, without `le`.
fn names(labels: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = labels.trim_end_matches('}');
    while let Some((name, after)) = rest.split_once("=\"") {
        let mut escaped = false;
        let end = after
            .char_indices()
            .find(|(_, c)| {
                let is_end = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                is_end
            })
            .map(|(at, _)| at)
            .expect("a closed label");
        names.push(name.trim_start_matches(',').to_owned());
        rest = &after[end + 1..];
    }
    names.retain(|name| name != "le");
    names.sort();
    names
}

/// A PostgreSQL of a test's own, for what concerns a whole server.
pub struct Own {
    pub server: Server,
    pub folder: TempDir,
}

impl Own {
    pub async fn start(settings: &[(&str, &str)], preload: &[&str]) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("kardan-it-")
            .tempdir()
            .unwrap();
        // The server's user is another one when root runs the tests.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let mut config = kardan_embedded::Config::for_tests(folder.path().join("server"));
        config.settings = settings
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        config.preload = preload.iter().map(|name| (*name).to_owned()).collect();
        Self {
            server: Server::start(config).await.unwrap(),
            folder,
        }
    }

    /// Through its socket, as the superuser.
    pub fn source(&self, database: &str) -> String {
        format!(
            "host='{}' port={} user=postgres dbname={database}",
            self.server.socket_dir().display(),
            self.server.port()
        )
    }

    pub async fn session(&self, database: &str) -> kardan_testdb::Session {
        kardan_testdb::Session::open(&self.source(database))
            .await
            .unwrap()
    }
}
