//! Alerts and recording rules.

use std::collections::BTreeSet;

use super::files::{TestFile, all, at, names, promtool, read, rules, stem, told};
use super::names::{mistakes, selectors};

const RULES: &str = "monitoring/prometheus/rules";
const ALERTS: &str = "monitoring/prometheus/alerts";
const TESTS: &str = "monitoring/prometheus/tests";

#[test]
fn promtool_finds_nothing_wrong_and_every_rule_test_holds() {
    let files = [all(RULES, "yml"), all(ALERTS, "yml")].concat();
    promtool(&["check", "rules"], &files);
    promtool(&["test", "rules"], &all(TESTS, "yml"));
    promtool(
        &["check", "config", "--syntax-only"],
        &[at("monitoring/prometheus/prometheus.yml")],
    );
}

#[test]
fn every_alert_has_a_test_in_which_it_rings_and_one_in_which_its_families_are_there_and_it_does_not()
 {
    let mut missing = Vec::new();
    for file in all(ALERTS, "yml") {
        let tests = at(TESTS).join(file.file_name().unwrap());
        let tests: TestFile = serde_saphyr::from_str(&read(&tests)).unwrap();
        for rule in rules(&file) {
            let name = rule.name();
            let of = |rings: bool| {
                let found = tests.tests.iter().find(|test| {
                    let mut asked = test.alert_rule_test.iter();
                    asked.any(|one| one.alertname == name && one.exp_alerts.is_empty() != rings)
                });
                found.map(|test| {
                    let series = test.input_series.iter();
                    series
                        .map(|one| one.series.split('{').next().unwrap_or_default())
                        .collect::<BTreeSet<_>>()
                })
            };
            if of(true).is_none() {
                missing.push(format!("{name}: never rings"));
            }
            let Some(calm) = of(false) else {
                missing.push(format!("{name}: no test of silence"));
                continue;
            };
            for (family, _) in selectors(&rule.expr) {
                if !family.contains(':') && !calm.contains(family.as_str()) {
                    missing.push(format!("{name}: silent because there is no {family}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_name_in_a_rule_is_told_by_somebody() {
    let mut found = Vec::new();
    for file in [all(RULES, "yml"), all(ALERTS, "yml")].concat() {
        for rule in rules(&file) {
            let wrong = mistakes(&rule.expr).into_iter();
            found.extend(wrong.map(|mistake| format!("{}: {mistake}", rule.name())));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn series_of_rule_tests_have_the_labels_that_targets_really_tell() {
    let told = told();
    let mut found = Vec::new();
    for file in all(TESTS, "yml") {
        let tests: TestFile = serde_saphyr::from_str(&read(&file)).unwrap();
        for series in tests.tests.iter().flat_map(|test| &test.input_series) {
            let (family, labels) = series.series.split_once('{').unwrap();
            let job = labels.split_once("job=\"").unwrap().1;
            let job = job.split('"').next().unwrap().to_owned();
            let names = names(labels);
            let row = (job, family.to_owned());
            let is_told = told
                .get(&row)
                .is_some_and(|has| names.iter().all(|name| has.contains(*name)));
            if family != "up" && !is_told {
                found.push(format!("{}: {row:?} {names:?}", stem(&file)));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn names_are_unique_and_severities_are_three() {
    let mut names = BTreeSet::new();
    for file in [all(RULES, "yml"), all(ALERTS, "yml")].concat() {
        for rule in rules(&file) {
            assert!(
                names.insert(rule.name().to_owned()),
                "twice: {}",
                rule.name()
            );
            if rule.alert.is_some() {
                let severity = rule.labels["severity"].as_str();
                assert!(
                    ["critical", "warning", "info"].contains(&severity),
                    "{}: {severity}",
                    rule.name()
                );
            }
        }
    }
}
