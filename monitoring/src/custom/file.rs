//! The format of the file: a namespace, its query, its columns.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::versions::Range;

/// A query and what its columns are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Namespace {
    pub query: String,
    /// Each entry has one column.
    #[serde(default)]
    pub metrics: Vec<BTreeMap<String, Column>>,
    /// Only in the database of the data source, not in discovered ones.
    #[serde(default)]
    pub master: bool,
    #[serde(default)]
    pub cache_seconds: u64,
    /// On which versions of PostgreSQL it is asked.
    #[serde(default)]
    pub runonserver: Option<Range>,
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub usage: Usage,
    #[serde(default)]
    pub description: String,
    /// For `MAPPEDMETRIC`: what a text is worth.
    #[serde(default)]
    pub metric_mapping: BTreeMap<String, f64>,
    /// On which versions of PostgreSQL the column is told.
    #[serde(default)]
    pub pg_version: Option<Range>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Usage {
    Discard,
    Label,
    Counter,
    Gauge,
    MappedMetric,
    Duration,
    Histogram,
}

impl Namespace {
    /// The columns by name.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&String, &Column)> {
        self.metrics.iter().flatten()
    }

    pub(crate) fn is_for(&self, version: i32) -> bool {
        self.runonserver
            .as_ref()
            .is_none_or(|range| range.holds(version))
    }

    /// What YAML cannot say is wrong.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.query.trim().is_empty() {
            return Err("query: it is empty".to_owned());
        }
        for (name, column) in self.columns() {
            if column.usage == Usage::MappedMetric && column.metric_mapping.is_empty() {
                return Err(format!("{name}: MAPPEDMETRIC needs metric_mapping"));
            }
        }
        Ok(())
    }
}
