//! What a scrape is to do, as the flags say it, once for all servers.

use std::time::Duration;

use crate::Config;
use crate::collect::{COLLECTORS, Collector, Dialect};
use crate::custom::QueryFile;
use crate::kardan::{GROUPS, Group};
use crate::session::Limits;
use crate::text::Labels;

/// The settings of all scrapes.
pub(crate) struct Options {
    pub collectors: Vec<&'static Collector>,
    pub groups: Vec<&'static Group>,
    pub dialect: Dialect,
    pub has_aliases: bool,
    pub has_legacy: bool,
    pub has_settings: bool,
    pub discovers: bool,
    pub exclude_databases: Vec<String>,
    pub include_databases: Vec<String>,
    pub constant_labels: Labels,
    pub prefix: String,
    pub queries: Option<QueryFile>,
    pub rolls_up: bool,
    pub table_limit: usize,
    pub query_limit: usize,
    pub size_cache: Duration,
    pub wait_sample: Duration,
    pub limits: Limits,
    pub most_sessions: usize,
    pub budget: Duration,
    pub patience: Duration,
}

fn names(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Options {
    pub(crate) fn of(config: &Config) -> Result<Self, crate::Error> {
        Ok(Self {
            collectors: COLLECTORS
                .iter()
                .filter(|c| config.collectors.is_on(c.name, c.is_default))
                .collect(),
            groups: GROUPS
                .iter()
                .filter(|g| config.collectors.is_on(g.name, true))
                .collect(),
            dialect: config.dialect,
            has_aliases: config.aliases,
            has_legacy: !config.disable_default_metrics,
            has_settings: !config.disable_settings_metrics,
            discovers: config.auto_discover_databases,
            exclude_databases: names(&config.exclude_databases),
            include_databases: names(&config.include_databases),
            constant_labels: constant_labels(&config.constant_labels)?,
            prefix: config.metric_prefix.clone(),
            queries: config.query_file().map(QueryFile::new),
            rolls_up: !config.each_partition,
            table_limit: config.table_limit,
            query_limit: config.query_limit,
            size_cache: config.size_cache,
            wait_sample: config.wait_sample,
            limits: Limits {
                lock: config.lock_timeout,
                statement: config.scrape_budget,
                prepares: config.pooler == crate::config::Pooler::Session,
            },
            most_sessions: config.max_sessions.max(1),
            budget: config.scrape_budget,
            patience: config.patience,
        })
    }
}

/// `label=value` pairs, separated by commas. Upstream logs a broken pair and goes on; a label that is missing from every
/// alert is found too late, so it is an error here.
fn constant_labels(text: &str) -> Result<Labels, crate::Error> {
    let wrong = |pair: &str| crate::Error::Flag {
        flag: "--constantLabels",
        reason: format!("{pair:?} is not label=value"),
    };
    names(text)
        .into_iter()
        .try_fold(Labels::none(), |labels, pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| wrong(&pair))?;
            let name = name.trim();
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !is_name || value.contains('=') {
                return Err(wrong(&pair));
            }
            Ok(labels.with(name.to_owned(), value.trim()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_labels_are_pairs_and_a_broken_one_is_named() {
        assert_eq!(
            constant_labels(" a=1 , b = x ").unwrap().text(),
            "a=\"1\",b=\"x\""
        );
        assert_eq!(constant_labels("").unwrap(), Labels::none());
        for broken in ["a", "a=1=2", "9a=1", "a=1,b"] {
            let error = constant_labels(broken).unwrap_err().to_string();
            assert!(error.starts_with("--constantLabels: "), "{error}");
        }
    }
}
