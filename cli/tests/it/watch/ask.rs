//! Asking Prometheus. Whoever shares this file has `serde_json` and `reqwest`, and nothing else of ours.

use std::time::{Duration, Instant};

use serde_json::Value;

/// A Prometheus that runs somewhere.
pub struct Asked {
    base: String,
    http: reqwest::Client,
}

impl Asked {
    /// The one that listens there (`127.0.0.1:9090`).
    pub fn at(address: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build();
        Self {
            base: format!("http://{address}/api/v1"),
            http: http.unwrap(),
        }
    }

    /// The data of an answer.
    pub async fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Value> {
        let url = reqwest::Url::parse_with_params(&format!("{}/{path}", self.base), parameters)?;
        let body: Value = self.http.get(url).send().await?.json().await?;
        anyhow::ensure!(body["status"] == "success", "{parameters:?}: {body}");
        Ok(body["data"].clone())
    }

    /// The series of a query; an error when it is none of PromQL.
    pub async fn query(&self, query: &str) -> anyhow::Result<Vec<Value>> {
        let data = self.ask("query", &[("query", query)]).await?;
        Ok(data["result"].as_array().cloned().unwrap_or_default())
    }

    /// How many values a label of a family has.
    pub async fn values(&self, family: &str, label: &str) -> anyhow::Result<usize> {
        let path = format!("label/{label}/values");
        let data = self.ask(&path, &[("match[]", family)]).await?;
        Ok(data.as_array().map_or(0, Vec::len))
    }

    /// Rules that could not be evaluated, or have not been yet.
    pub async fn sick_rules(&self) -> anyhow::Result<Vec<String>> {
        let data = self.ask("rules", &[]).await?;
        let groups = data["groups"].as_array().cloned().unwrap_or_default();
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().cloned().unwrap_or_default());
        let sick = rules.filter(|rule| rule["health"] != "ok");
        Ok(sick.map(|rule| rule.to_string()).collect())
    }
}

/// Asks once a second until nothing is missing any more.
pub async fn until(
    what: &str,
    patience: Duration,
    mut missing: impl AsyncFnMut() -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    let mut pace = tokio::time::interval(Duration::from_secs(1));
    loop {
        pace.tick().await;
        let left = match missing().await {
            Ok(left) if left.is_empty() => return Ok(()),
            Ok(left) => left.join("\n"),
            // It starts.
            Err(error) => format!("{error:#}"),
        };
        anyhow::ensure!(Instant::now() < deadline, "never: {what}\n{left}");
    }
}
