//! Debian's Prometheus with the rules of the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::ask::Asked;
use super::stack::{Ends, Target};

const AGAIN: &str = "KARDAN_UPDATE_SNAPSHOTS=1 writes the record anew";

pub struct Prometheus {
    pub asked: Asked,
    _process: Ends,
    _folder: TempDir,
}

/// A port that nobody listens on.
pub fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

impl Prometheus {
    pub fn start(targets: &[Target], alertmanager: SocketAddr) -> anyhow::Result<Self> {
        let ours =
            std::fs::read_to_string(super::root().join("monitoring/prometheus/prometheus.yml"))?;
        let jobs = |text: &str| -> BTreeSet<String> {
            let names = text
                .lines()
                .filter_map(|line| line.split_once("job_name: "));
            names.map(|(_, name)| name.to_owned()).collect()
        };
        let here: BTreeSet<_> = targets.iter().map(|target| target.job.to_owned()).collect();
        let mut wanted = jobs(&ours);
        wanted.remove("prometheus");
        assert_eq!(here, wanted, "a job is scraped in only one of both");
        let folder = tempfile::tempdir()?;
        let rules = super::root().canonicalize()?.join("monitoring/prometheus");
        let scrapes: Vec<Value> = targets.iter().map(Target::scrape).collect();
        // JSON is YAML.
        let config = json!({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [rules.join("rules/*.yml"), rules.join("alerts/*.yml")],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager.to_string()]}]}]},
            "scrape_configs": scrapes,
        });
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, config.to_string())?;
        let address = free_port();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("prometheus of Debian's package of this name")?;
        Ok(Self {
            asked: Asked::at(&address.to_string()),
            _process: Ends(process),
            _folder: folder,
        })
    }

    /// The families with their labels that the programs here tell and that rules and dashboards name are those of the record, by which
    /// the names in rules and dashboards are checked without a server.
    pub async fn compare_with_record(&self, root: &Path) -> anyhow::Result<()> {
        let mut named = String::new();
        for (folder, ending) in [
            ("prometheus/rules", "yml"),
            ("prometheus/alerts", "yml"),
            ("grafana/dashboards", "json"),
        ] {
            for file in std::fs::read_dir(root.join("monitoring").join(folder))? {
                let path = file?.path();
                if path.extension().is_some_and(|found| found == ending) {
                    named.push_str(&std::fs::read_to_string(path)?);
                }
            }
        }
        let words: BTreeSet<_> = named
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        let selector = r#"{job=~"postgres|api|worker|bot|backup|alertmanager",recorded=""}"#;
        let series = self.asked.ask("series", &[("match[]", selector)]).await?;
        let mut rows: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for one in series.as_array().into_iter().flatten() {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            let family = text("__name__");
            let own =
                one.as_object().unwrap().keys().filter(|name| {
                    !["__name__", "instance", "job", "node"].contains(&name.as_str())
                });
            // What rings is Prometheus' own, and another in each run.
            let is_told = !["up", "ALERTS"].contains(&family.as_str());
            if words.contains(family.as_str()) && is_told {
                let row = rows.entry((text("job"), family)).or_default();
                row.extend(own.cloned());
            }
        }
        let record = root.join("monitoring/tests/reference/targets/own.tsv");
        if std::env::var_os("KARDAN_UPDATE_SNAPSHOTS").is_some() {
            let lines = rows.iter().map(|((job, family), labels)| {
                let labels: Vec<_> = labels.iter().map(String::as_str).collect();
                format!("{job}\t{family}\t{}\n", labels.join(","))
            });
            let text: String = lines.collect();
            std::fs::write(&record, format!("job\tfamily\tlabels\n{text}"))?;
        }
        for line in std::fs::read_to_string(&record)?.lines().skip(1) {
            let (series, labels) = line.rsplit_once('\t').context("a record of three cells")?;
            let (job, family) = series.split_once('\t').context("a record of three cells")?;
            let told = rows.get(&(job.to_owned(), family.to_owned()));
            let told =
                told.with_context(|| format!("{job} does not tell {family} any more: {AGAIN}"))?;
            for label in labels.split(',').filter(|label| !label.is_empty()) {
                anyhow::ensure!(
                    told.contains(label),
                    "{family} of {job} has no {label} any more: {AGAIN}"
                );
            }
        }
        Ok(())
    }
}
