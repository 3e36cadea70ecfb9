//! Families and labels in expressions: a rule with a name that nobody tells is silent for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::files::{all, rules, told};

/// The labels that every series has: the target's, and those that HAProxy and others never lack.
const OF_TARGETS: &[&str] = &["instance", "job", "node", "le"];

static SELECTOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b((?:pg|kardan|patroni|etcd|haproxy|pgbouncer|prometheus|alertmanager)_\w+|up|ALERTS|\w+:\w+:\w+)\b(?:\{([^}]*)\})?",
    )
    .unwrap()
});
static MATCHER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*""#).unwrap());
static GROUPING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:by|on|group_left|group_right)\s*\(([^)]*)\)").unwrap());
/// The label that `label_replace` makes.
static MADE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#",\s*"(\w+)",\s*"[^"]*",\s*"\w*",\s*"[^"]*"\)"#).unwrap());
static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""[^"]*""#).unwrap());

/// Families of recording rules, with the labels that they group by, make, or have from the recorded ones before them.
fn recorded() -> BTreeMap<String, BTreeSet<String>> {
    // Prometheus records this one by itself.
    let alerts = ["alertname", "alertstate", "severity"].map(str::to_owned);
    let mut found = BTreeMap::from([("ALERTS".to_owned(), BTreeSet::from(alerts))]);
    for file in all("monitoring/prometheus/rules", "yml") {
        for rule in rules(&file) {
            let mut labels = grouped(&rule.expr);
            labels.extend(made(&rule.expr));
            for (family, _) in selectors(&rule.expr) {
                labels.extend(found.get(&family).cloned().unwrap_or_default());
            }
            found.insert(rule.name().to_owned(), labels);
        }
    }
    found
}

fn grouped(expr: &str) -> BTreeSet<String> {
    let lists = GROUPING.captures_iter(expr);
    let names = lists.flat_map(|found| {
        let list = found[1].to_owned();
        list.split(',')
            .map(|name| name.trim().to_owned())
            .collect::<Vec<_>>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Labels that an expression itself makes.
fn made(expr: &str) -> impl Iterator<Item = String> {
    MADE.captures_iter(expr).map(|found| found[1].to_owned())
}

/// Families of an expression, with the labels that are asked of each.
pub fn selectors(expr: &str) -> Vec<(String, Vec<String>)> {
    let found = SELECTOR.captures_iter(expr);
    found
        .filter(|one| {
            // Within quotes, or followed by an operator of a matcher, it is no family.
            let start = one.get(0).unwrap().start();
            !QUOTED
                .find_iter(expr)
                .any(|quoted| quoted.range().contains(&start))
        })
        .map(|one| {
            let asked = one.get(2).map_or("", |found| found.as_str());
            let labels = MATCHER
                .captures_iter(asked)
                .map(|found| found[1].to_owned());
            (one[1].to_owned(), labels.collect())
        })
        .collect()
}

/// What is wrong with the names of an expression.
pub fn mistakes(expr: &str) -> Vec<String> {
    let told = told();
    let recorded = recorded();
    let mut mistakes = Vec::new();
    let mut known: BTreeSet<String> = OF_TARGETS.iter().map(|name| (*name).to_owned()).collect();
    let selectors = selectors(expr);
    if selectors.is_empty() {
        mistakes.push(format!("no family in {expr}"));
    }
    for (family, labels) in selectors {
        let of_jobs = told.iter().filter(|((_, name), _)| *name == family);
        let has: BTreeSet<String> = match recorded.get(&family) {
            Some(labels) => labels.clone(),
            None => of_jobs
                .clone()
                .flat_map(|(_, labels)| labels.clone())
                .collect(),
        };
        if of_jobs.count() == 0 && family != "up" && !recorded.contains_key(&family) {
            mistakes.push(format!("nobody tells {family}"));
        }
        for label in labels {
            if !has.contains(&label) && !OF_TARGETS.contains(&label.as_str()) {
                mistakes.push(format!("{family} has no label {label}"));
            }
        }
        known.extend(has);
    }
    known.extend(made(expr));
    for label in grouped(expr) {
        if !known.contains(&label) {
            mistakes.push(format!("no family of {expr} has a label {label}"));
        }
    }
    mistakes
}

#[test]
fn a_wrong_family_a_wrong_label_and_a_wrong_grouping_are_found() {
    for (expr, wanted) in [
        ("pg_up == 0", None),
        ("pg_upp == 0", Some("nobody tells pg_upp")),
        (
            r#"kardan_job_failed{job_name="a"}"#,
            Some("kardan_job_failed has no label job_name"),
        ),
        (
            "sum by (lanes) (kardan_outbox_dead)",
            Some("has a label lanes"),
        ),
    ] {
        let found = mistakes(expr);
        match wanted {
            None => assert!(found.is_empty(), "{found:?}"),
            Some(text) => assert!(found.iter().any(|one| one.contains(text)), "{found:?}"),
        }
    }
}
