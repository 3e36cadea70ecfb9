//! What Prometheus sees of the cluster, and what rules and dashboards make of it.

#[path = "../it/watch/ask.rs"]
mod ask;
#[path = "../it/watch/boards.rs"]
mod boards;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::ensure;
use serde_json::Value;

use self::ask::{Asked, until};
use super::cluster;

const PROMETHEUS: &str = "127.0.0.1:9090";

/// For all that is waited for: two scrapes and an evaluation of the rules take half a minute.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a cluster that has just begun does not have, and why; the test of the dashboards in `tests/it` has it.
const NOT_HERE: &[(&str, &str)] = &[
    ("kardan_bot_", "the bot needs a token"),
    ("kardan_promotion_", "nobody has ordered advertising"),
    ("alertmanager_", "it needs a profile"),
    ("kardan_backup", "backups are watched where they are made"),
    ("kardan_query_regression", "it compares with a week ago"),
    ("decision_mean", "nobody has decided in the last day"),
    ("kardan_wait_samples", "a session must be seen waiting"),
    (
        "kardan_api_function_seconds",
        "only requests call functions",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test]
async fn every_target_answers_every_rule_is_healthy_and_every_dashboard_has_data()
-> anyhow::Result<()> {
    cluster::whole()?;
    let prometheus = Asked::at(PROMETHEUS);
    until("every target answers", PATIENCE, async || {
        Ok(prometheus
            .query("up == 0")
            .await?
            .iter()
            .map(Value::to_string)
            .collect())
    })
    .await?;
    for job in [
        "postgres",
        "patroni",
        "agent",
        "etcd",
        "haproxy",
        "pgbouncer",
        "api",
        "worker",
    ] {
        ensure!(
            !prometheus
                .query(&format!("up{{job=\"{job}\"}}"))
                .await?
                .is_empty(),
            "nobody reads {job}"
        );
    }
    until("every rule is healthy", PATIENCE, async || {
        prometheus.sick_rules().await
    })
    .await?;
    until("every query returns data", PATIENCE, async || {
        let api = reqwest::Client::builder().no_proxy().build()?;
        api.get("http://127.0.0.1:8080/v1/categories")
            .send()
            .await?;
        let mut empty = Vec::new();
        for board in boards::all()? {
            for asked in board.queries {
                let is_here = !NOT_HERE.iter().any(|(part, _)| asked.contains(part));
                if is_here && prometheus.query(&asked).await?.is_empty() {
                    empty.push(format!("{}: {asked}", board.uid));
                }
            }
            for (family, label) in board.variables {
                let is_here = !NOT_HERE.iter().any(|(part, _)| family.contains(part));
                if is_here && prometheus.values(&family, &label).await? == 0 {
                    empty.push(format!("{}: {family} by {label}", board.uid));
                }
            }
            for annotation in board.annotations {
                prometheus.query(&annotation).await?;
            }
        }
        Ok(empty)
    })
    .await
}

#[tokio::test]
async fn the_recorded_pages_are_what_the_programs_of_the_cluster_still_tell() -> anyhow::Result<()>
{
    cluster::whole()?;
    let prometheus = Asked::at(PROMETHEUS);
    let folder = root().join("monitoring/tests/reference/targets");
    for name in ["patroni", "agent", "etcd", "haproxy", "pgbouncer"] {
        let page = std::fs::read_to_string(folder.join(format!("{name}.prom")))?;
        for line in page.lines().filter(|line| !line.starts_with('#')) {
            let (family, labels) = line.split_once('{').unwrap_or((line, ""));
            let family = family.split(' ').next().unwrap_or_default();
            let wanted: BTreeSet<_> = labels
                .split("\",")
                .filter_map(|label| label.trim_start().split_once("=\""))
                .filter(|(_, value)| !value.starts_with('"'))
                .map(|(name, _)| name.to_owned())
                .collect();
            let found = prometheus
                .query(&format!("{family}{{job=\"{name}\"}}"))
                .await?;
            let has_all = found.iter().any(|series| {
                let labels = series["metric"].as_object();
                labels.is_some_and(|labels| wanted.iter().all(|name| labels.contains_key(name)))
            });
            ensure!(has_all, "{name} does not tell {family} with {wanted:?}");
        }
    }
    Ok(())
}
