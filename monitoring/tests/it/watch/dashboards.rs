//! Dashboards as Grafana reads them: made by the script, whole, with units, and links that lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

use super::files::{all, at, promtool, read, stem};
use super::names::mistakes;

const FOLDER: &str = "monitoring/grafana/dashboards";

fn dashboards() -> BTreeMap<String, Value> {
    let files = all(FOLDER, "json");
    let read = files.iter().map(|file| {
        let board = serde_json::from_str(&read(file)).unwrap();
        (stem(file), board)
    });
    read.collect()
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value[key].as_array().into_iter().flatten()
}

/// Panels that show something, and not the titles between them.
fn panels(board: &Value) -> impl Iterator<Item = &Value> {
    items(board, "panels").filter(|panel| panel["type"] != "row")
}

/// Every query of a dashboard, with its variables chosen.
fn queries(board: &Value) -> Vec<String> {
    let names: Vec<_> = items(&board["templating"], "list")
        .map(|one| format!("${}", one["name"].as_str().unwrap()))
        .collect();
    let targets = panels(board).flat_map(|panel| items(panel, "targets"));
    let annotations = items(&board["annotations"], "list");
    targets
        .chain(annotations)
        .map(|one| one["expr"].as_str().unwrap())
        .map(|expr| {
            names
                .iter()
                .fold(expr.to_owned(), |expr, name| expr.replace(name, ".*"))
        })
        .collect()
}

#[test]
fn the_committed_files_are_what_the_script_makes() {
    let done = Command::new("python3")
        .arg(at("monitoring/grafana/make.py"))
        .arg("--check")
        .output()
        .expect("python3");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn every_query_is_promql_and_names_only_what_is_told() {
    let mut rules = Vec::new();
    let mut found = Vec::new();
    for (name, board) in dashboards() {
        for query in queries(&board) {
            assert!(!query.contains('$'), "{name}: {query}: no such variable");
            let wrong = mistakes(&query).into_iter();
            found.extend(wrong.map(|mistake| format!("{name}: {mistake}")));
            rules.push(json!({"record": format!("a:q{}:b", rules.len()), "expr": query}));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.yml");
    let text = json!({"groups": [{"name": "queries", "rules": rules}]});
    std::fs::write(&file, text.to_string()).unwrap();
    promtool(&["check", "rules"], &[file]);
}

#[test]
fn every_panel_has_a_title_a_sentence_a_unit_a_source_and_a_place_of_its_own() {
    for (name, board) in dashboards() {
        let mut ids = BTreeSet::new();
        let mut taken = BTreeSet::new();
        for panel in items(&board, "panels") {
            let title = panel["title"].as_str().unwrap();
            assert!(
                ids.insert(panel["id"].as_u64().unwrap()),
                "{name}: {title}: id"
            );
            let place = |key: &str| panel["gridPos"][key].as_u64().unwrap();
            assert!(place("x") + place("w") <= 24, "{name}: {title}: too wide");
            for x in place("x")..place("x") + place("w") {
                for y in place("y")..place("y") + place("h") {
                    assert!(
                        taken.insert((x, y)),
                        "{name}: {title} lies over another panel"
                    );
                }
            }
        }
        for panel in panels(&board) {
            let title = panel["title"].as_str().unwrap();
            let kind = panel["type"].as_str().unwrap();
            assert!(
                ["timeseries", "stat", "table"].contains(&kind),
                "{name}: {title}: {kind}"
            );
            let defaults = &panel["fieldConfig"]["defaults"];
            let unit = defaults["unit"].as_str().unwrap_or_default();
            assert!(
                UNITS.contains(&unit),
                "{name}: {title}: the unit is {unit:?}"
            );
            assert!(
                !panel["description"].as_str().unwrap().is_empty(),
                "{name}: {title}"
            );
            assert!(panel["options"].is_object(), "{name}: {title}");
            let steps: Vec<_> = items(&defaults["thresholds"], "steps").collect();
            assert!(steps[0]["value"].is_null(), "{name}: {title}: thresholds");
            let values = steps[1..]
                .iter()
                .map(|step| step["value"].as_f64().unwrap());
            assert!(
                values.is_sorted(),
                "{name}: {title}: thresholds not in order"
            );
            let refs: Vec<_> = items(panel, "targets")
                .map(|one| one["refId"].as_str())
                .collect();
            let different: BTreeSet<_> = refs.iter().collect();
            assert!(
                !refs.is_empty() && different.len() == refs.len(),
                "{name}: {title}: {refs:?}"
            );
        }
    }
}

/// Units of Grafana (`packages/grafana-data/src/valueFormats/categories.ts`).
const UNITS: &[&str] = &[
    "none",
    "short",
    "percentunit",
    "bytes",
    "Bps",
    "s",
    "reqps",
    "rowsps",
    "ops",
];

#[test]
fn dashboards_know_their_source_and_find_each_other() {
    let source = read(&at(
        "monitoring/grafana/provisioning/datasources/kardan.yml",
    ));
    let mut uids = BTreeSet::new();
    for (name, board) in dashboards() {
        let uid = board["uid"].as_str().unwrap().to_owned();
        assert!(uid.len() <= 40 && uids.insert(uid), "{name}: uid");
        assert!(board["schemaVersion"].as_u64().unwrap() >= 36, "{name}");
        let tags: Vec<_> = items(&board, "tags").collect();
        let links: Vec<_> = items(&board, "links").collect();
        assert!(!links.is_empty(), "{name}: no way to the others");
        for link in links {
            assert_eq!(link["type"], "dashboards", "{name}");
            assert!(items(link, "tags").all(|tag| tags.contains(&tag)), "{name}");
        }
        let sources = panels(&board).flat_map(|panel| items(panel, "targets"));
        let asking = sources
            .chain(panels(&board))
            .chain(items(&board["templating"], "list"))
            .chain(items(&board["annotations"], "list"));
        for one in asking {
            let uid = one["datasource"]["uid"].as_str().unwrap_or_default();
            assert!(
                source.contains(&format!("uid: {uid}\n")) && !uid.is_empty(),
                "{name}: {one}"
            );
        }
    }
}
