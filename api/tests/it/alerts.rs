//! Alertmanager's webhook.

use kardan_schema::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, expect, problem};

/// As Alertmanager 0.25 sends it.
fn report(status: &str) -> Value {
    json!({
        "receiver": "kardan", "status": status, "version": "4", "groupKey": "{}:{alertname=\"KardanApiSlow\"}",
        "truncatedAlerts": 0, "externalURL": "http://alertmanager:9093", "groupLabels": {"alertname": "KardanApiSlow"},
        "commonLabels": {"alertname": "KardanApiSlow", "severity": "warning"}, "commonAnnotations": {},
        "alerts": [{
            "status": status, "labels": {"alertname": "KardanApiSlow", "severity": "warning", "route": "/v1/search"},
            "annotations": {"summary": "/v1/search answers slowly"}, "generatorURL": "http://prometheus:9090/graph",
            "startsAt": "2026-03-01T10:00:00.123Z", "fingerprint": "c8f4bd5b3ef0d1c2",
            "endsAt": if status == "firing" { "0001-01-01T00:00:00Z" } else { "2026-03-01T11:00:00Z" },
        }],
    })
}

#[tokio::test]
async fn a_report_of_alertmanager_is_told_once_in_the_feed_of_administrators() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let admin = server.person(Role::Admin).await?;
    let reporter = server.back(admin.user, server.token(admin.user, &[Scope::Alert]).await?);
    for (status, news) in [
        ("firing", 1),
        ("firing", 0),
        ("resolved", 1),
        ("resolved", 0),
        ("firing", 0),
    ] {
        let answer = reporter
            .send(Method::POST, "/v1/alerts", &report(status), 200)
            .await?;
        let wanted = json!({"news_count": news, "told_count": news});
        assert_eq!(answer, wanted, "{status}");
    }
    let feed = expect(admin.get("/v1/me/notices").await?, 200).await?;
    let told: Vec<_> = feed["items"].as_array().unwrap().iter().collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["data"]["resolved"], 1);
    assert_eq!(
        told[1]["data"]["alerts"][0]["summary"],
        "/v1/search answers slowly"
    );
    Ok(())
}

#[tokio::test]
async fn a_token_for_alerts_does_nothing_else_and_no_other_token_reports_them() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let admin = server.person(Role::Admin).await?;
    let moderator = server.person(Role::Moderator).await?;
    for (user, scope, status, code) in [
        (admin.user, Scope::Administer, 403, "scope_required"),
        (moderator.user, Scope::Alert, 403, "role_required"),
    ] {
        let caller = server.back(user, server.token(user, &[scope]).await?);
        let request = caller.ask(Method::POST, "/v1/alerts");
        let answer = request.json(&report("firing")).send().await?;
        problem(answer, status, code).await?;
    }
    let reporter = server.back(admin.user, server.token(admin.user, &[Scope::Alert]).await?);
    problem(
        reporter.get("/v1/dead-letters").await?,
        403,
        "scope_required",
    )
    .await?;
    problem(reporter.get("/v1/me").await?, 403, "scope_required").await?;
    let mut broken = report("firing");
    broken["alerts"][0]["startsAt"] = "yesterday".into();
    let request = reporter.ask(Method::POST, "/v1/alerts");
    let answer = request.json(&broken).send().await?;
    let said = problem(answer, 422, "body_invalid").await?;
    assert_eq!(said["errors"][0]["pointer"], "/alerts/0/startsAt");
    Ok(())
}
