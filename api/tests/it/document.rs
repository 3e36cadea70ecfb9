//! The OpenAPI document: committed, complete, and true to what is served.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, expect};

fn document() -> Value {
    serde_json::to_value(kardan_api::document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    each.collect()
}

#[test]
fn snapshot_openapi_is_what_the_code_describes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let text = serde_json::to_string_pretty(&kardan_api::document()).unwrap() + "\n";
    if std::env::var("KARDAN_UPDATE_SNAPSHOTS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "api/openapi.json is not what the code describes: look at the change and run the test with \
         KARDAN_UPDATE_SNAPSHOTS=1"
    );
}

#[test]
fn every_route_is_described_with_its_problems_and_its_scope() {
    let document = document();
    let operations = operations(&document);
    let facts = kardan_api::facts();
    assert_eq!(operations.len(), facts.len());
    for fact in &facts {
        let found = operations
            .iter()
            .find(|(method, path, _)| (method, path) == (&fact.method, &fact.path));
        let (_, _, operation) =
            found.unwrap_or_else(|| panic!("{} {} is not described", fact.method, fact.path));
        let name = format!("{} {}", fact.method, fact.path);
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses
                .keys()
                .any(|status| status.starts_with('2') || status == "101"),
            "{name}: no success"
        );
        for status in ["404", "422", "429", "500", "503", "504"] {
            assert!(
                responses.contains_key(status),
                "{name}: {status} is missing"
            );
        }
        match fact.scope {
            Some(scope) => {
                assert_eq!(operation["security"][0]["token"][0], scope.word(), "{name}");
                assert!(
                    responses.contains_key("401") && responses.contains_key("403"),
                    "{name}"
                );
            }
            // Nothing asked for, or nothing as good as a token.
            None => assert!(
                operation["security"].is_null() || operation["security"][1] == json!({}),
                "{name}"
            ),
        }
        if operation["requestBody"].is_object() {
            assert!(
                responses.contains_key("413") && responses.contains_key("415"),
                "{name}"
            );
        }
        assert!(operation["summary"].is_string(), "{name}: no words");
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let named = parameters.iter().filter(|one| one["in"] == "path").count();
        assert_eq!(
            named,
            fact.path.matches('{').count(),
            "{name}: parameters of the path"
        );
    }
}

#[test]
fn everything_that_makes_something_can_be_asked_for_twice() {
    // Signing in makes a session of its own each time, and a ticket opens one stream.
    let free = ["/v1/sessions/", "/v1/sign-in/", "/v1/events/tickets"];
    for (method, path, operation) in operations(&document()) {
        let makes = operation["responses"]["201"].is_object();
        if method != "POST" || !makes || free.iter().any(|start| path.starts_with(start)) {
            continue;
        }
        let parameters = operation["parameters"].as_array().cloned();
        let keyed = parameters.iter().flatten();
        assert!(
            keyed.clone().any(|one| one["name"] == "Idempotency-Key"),
            "{path} takes no Idempotency-Key"
        );
    }
}

#[test]
fn word_lists_are_described_as_they_are_sent() {
    let document = document();
    let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    let sent = |all: Vec<Value>| Value::Array(all);
    let kinds = kardan_schema::Kind::ALL.iter();
    let roles = kardan_schema::Role::ALL.iter();
    assert_eq!(words("Kind"), sent(kinds.map(|one| json!(one)).collect()));
    assert_eq!(words("Role"), sent(roles.map(|one| json!(one)).collect()));
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    fn references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    into.push(reference);
                }
                map.values().for_each(|one| references(one, into));
            }
            Value::Array(all) => all.iter().for_each(|one| references(one, into)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    let operations = operations(&document);
    let names: BTreeSet<_> = operations
        .iter()
        .map(|(_, _, one)| one["operationId"].as_str())
        .collect();
    assert_eq!(names.len(), operations.len());
}

#[tokio::test]
async fn every_described_path_is_served_and_no_other_method_of_it() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let served = expect(server.get("/openapi.json").await?, 200).await?;
    assert_eq!(served, document());
    let document = document();
    let operations = operations(&document);
    let paths: BTreeSet<_> = operations.iter().map(|(_, path, _)| path).collect();
    for path in paths {
        // A method that no route takes shows that the path is one, and which methods it has.
        let answer = server
            .ask(Method::TRACE, &path.replace(['{', '}'], ""))
            .send()
            .await?;
        assert_eq!(answer.status(), 405, "{path}");
        let mut allowed: BTreeSet<_> = answer.headers()["allow"]
            .to_str()?
            .split(',')
            .map(|one| one.trim().to_owned())
            .collect();
        allowed.remove("HEAD");
        let described: BTreeSet<_> = operations
            .iter()
            .filter(|one| &one.1 == path)
            .map(|one| one.0.clone())
            .collect();
        assert_eq!(allowed, described, "{path}");
    }
    Ok(())
}

/// Functions that the role may call and no route does, with the reason.
const NOT_ROUTES: &[(&str, &str)] = &[
    (
        "people.token_authenticate",
        "every request with a token calls it",
    ),
    (
        "people.token_used",
        "noted in the background after a request with a token",
    ),
    (
        "people.tokens_ended",
        "asked of all who listen to events, every few seconds",
    ),
    (
        "notify.event_position",
        "every server asks how far events can be read",
    ),
    (
        "notify.event_read",
        "every server reads events for all who listen",
    ),
    (
        "market.shop_token_authenticate",
        "every request with a token of a shop calls it",
    ),
    (
        "ops.log_position",
        "asked after every change where reads go to standbys",
    ),
    (
        "ops.log_reached",
        "asked before a read that must see what was written",
    ),
    (
        "market.shop_token_used",
        "noted in the background after a request with a token of a shop",
    ),
    ("ops.contract_get", "readiness asks it"),
    (
        "market.listing_moderating_refuse",
        "the inside of a listing asks it for a token without the scope moderate",
    ),
    (
        "market.photo_orphan_list",
        "the worker's sweep of photos asks it; servers of the release before still may",
    ),
    (
        "market.photo_sweep_claim",
        "workers ask it whether to sweep; servers of the release before still may",
    ),
    (
        "ops.clock_now",
        "granted for the public views that are inlined into queries",
    ),
];

#[tokio::test]
async fn every_function_that_the_api_may_call_is_reached_by_a_route() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let lines = kardan_schema::contract::lines_of(&*server.superuser().await?).await?;
    let granted: BTreeSet<&str> = lines
        .iter()
        .filter(|line| {
            line.rsplit_once(" -- ")
                .is_some_and(|(_, roles)| roles.split(", ").any(|one| one == "kardan_api"))
        })
        .filter_map(|line| {
            line.split_once('(')
                .filter(|(name, _)| !name.contains(' '))
                .map(|(name, _)| name)
        })
        .collect();
    assert!(granted.len() > 50, "{granted:?}");
    let facts = kardan_api::facts();
    let called: BTreeSet<&str> = facts
        .iter()
        .flat_map(|fact| fact.functions.iter().copied())
        .collect();
    let excused: BTreeSet<&str> = NOT_ROUTES.iter().map(|(name, _)| *name).collect();
    let unreached: Vec<_> = granted
        .iter()
        .filter(|one| !called.contains(*one) && !excused.contains(*one))
        .collect();
    assert!(unreached.is_empty(), "no route calls {unreached:?}");
    let refused: Vec<_> = called
        .iter()
        .filter(|one| !granted.contains(*one))
        .collect();
    assert!(
        refused.is_empty(),
        "routes call what the role may not: {refused:?}"
    );
    let idle: Vec<_> = excused
        .iter()
        .filter(|one| !granted.contains(*one) || called.contains(*one))
        .collect();
    assert!(idle.is_empty(), "excused for nothing: {idle:?}");
    Ok(())
}

#[tokio::test]
async fn the_pages_for_reading_it_come_from_this_server() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let page = server.get("/docs/").await?;
    assert_eq!(page.status(), 200);
    let text = page.text().await?;
    assert!(
        text.contains("swagger-ui") && !text.contains("https://"),
        "{text}"
    );
    assert_eq!(
        server.get("/docs/swagger-ui-bundle.js").await?.status(),
        200
    );
    Ok(())
}
