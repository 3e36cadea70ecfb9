//! Reading the files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// A file or folder of the repository.
pub fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder with this ending, in order.
pub fn all(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(at(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// Debian's promtool, with its complaint when something is wrong.
pub fn promtool(args: &[&str], files: &[PathBuf]) {
    let done = Command::new("promtool")
        .args(args)
        .args(files)
        .output()
        .expect("promtool of Debian's package prometheus");
    let said = [done.stdout, done.stderr].concat();
    assert!(
        done.status.success(),
        "{args:?}\n{}",
        String::from_utf8_lossy(&said)
    );
}

#[derive(Deserialize)]
pub struct RuleFile {
    pub groups: Vec<RuleGroup>,
}

#[derive(Deserialize)]
pub struct RuleGroup {
    pub rules: Vec<Rule>,
}

/// An alert, or a recording rule.
#[derive(Deserialize)]
pub struct Rule {
    pub alert: Option<String>,
    pub record: Option<String>,
    pub expr: String,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl Rule {
    pub fn name(&self) -> &str {
        self.alert.as_ref().or(self.record.as_ref()).unwrap()
    }
}

pub fn rules(path: &Path) -> Vec<Rule> {
    let file: RuleFile = serde_saphyr::from_str(&read(path)).unwrap();
    file.groups.into_iter().flat_map(|g| g.rules).collect()
}

#[derive(Deserialize)]
pub struct TestFile {
    pub tests: Vec<RuleTest>,
}

#[derive(Deserialize)]
pub struct RuleTest {
    pub input_series: Vec<Series>,
    pub alert_rule_test: Vec<AlertTest>,
}

#[derive(Deserialize)]
pub struct Series {
    pub series: String,
}

#[derive(Deserialize)]
pub struct AlertTest {
    pub alertname: String,
    #[serde(default)]
    pub exp_alerts: Vec<Expected>,
}

/// Only that there is one matters here; promtool compares it.
#[derive(Deserialize)]
pub struct Expected {}

/// What targets tell: the label names of each job and family, without those that Prometheus gives to every series of a target,
/// and without labels whose value is empty, which are none. Our own programs by the list that the test of the dashboards keeps,
/// the others by pages that they told.
pub fn told() -> BTreeMap<(String, String), BTreeSet<String>> {
    const FOLDER: &str = "monitoring/tests/reference/targets";
    let mut rows: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for file in all(FOLDER, "prom") {
        let job = stem(&file).split('-').next().unwrap().to_owned();
        for line in read(&file).lines().filter(|line| !line.starts_with('#')) {
            let (series, _) = line.rsplit_once(' ').unwrap();
            let (family, labels) = series.split_once('{').unwrap_or((series, ""));
            let row = rows.entry((job.clone(), family.trim().to_owned()));
            let names = names(labels).into_iter().map(str::to_owned);
            row.or_default().extend(names);
        }
    }
    for line in read(&at(FOLDER).join("own.tsv")).lines().skip(1) {
        let [job, family, labels] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("own.tsv: {line}");
        };
        let row = rows.entry((job.to_owned(), family.to_owned())).or_default();
        row.extend(
            labels
                .split(',')
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        );
    }
    rows
}

/// The names of labels that have a value, in order, without those of targets.
pub fn names(labels: &str) -> Vec<&str> {
    let labels = labels.trim_end_matches('}').split("\",");
    let with_values = labels.filter_map(|label| label.split_once("=\""));
    let mut names: Vec<_> = with_values
        .filter(|(name, value)| {
            !value.trim_end_matches('"').is_empty() && !["instance", "job", "node"].contains(name)
        })
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names
}
