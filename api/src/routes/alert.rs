//! Alerts, as Alertmanager reports them to a webhook.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::notify::{self, Alert, AlertsReported};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Result};
use crate::app::App;
use crate::auth;
use crate::extract::Body;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table; alerts_report => "notify.alerts_report";);
}

/// A report of Alertmanager (version 4). What else is in it is not read.
#[derive(Deserialize, ToSchema)]
struct AlertReport {
    /// The alerts of a group.
    alerts: Vec<ReportedAlert>,
}

/// An alert of a report.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReportedAlert {
    /// Whether it rings.
    status: AlertStatus,
    /// What tells it from others.
    labels: AlertLabels,
    /// What its rule says of it.
    #[serde(default)]
    annotations: AlertAnnotations,
    /// When it began to ring.
    starts_at: DateTime<Utc>,
    /// When it ended; while it rings, it is not read.
    ends_at: DateTime<Utc>,
    /// Stands for its labels, 1 to 100 characters.
    fingerprint: String,
}

/// Whether an alert rings.
#[derive(Deserialize, ToSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
enum AlertStatus {
    Firing,
    Resolved,
}

/// The labels that are told.
#[derive(Deserialize, ToSchema)]
struct AlertLabels {
    /// What the rule is called.
    alertname: String,
    /// `critical`, `warning` or `info`.
    #[serde(default)]
    severity: String,
}

/// The annotations that are told.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct AlertAnnotations {
    /// What rings, in a sentence.
    summary: String,
    /// More of it.
    description: String,
    /// Where it stands what mends it.
    runbook: String,
}

impl From<ReportedAlert> for Alert {
    fn from(alert: ReportedAlert) -> Self {
        let is_over = alert.status == AlertStatus::Resolved;
        Self {
            fingerprint: alert.fingerprint,
            name: alert.labels.alertname,
            severity: alert.labels.severity,
            summary: alert.annotations.summary,
            description: alert.annotations.description,
            runbook: alert.annotations.runbook,
            started_at: alert.starts_at,
            ended_at: is_over.then_some(alert.ends_at),
        }
    }
}

/// Tell administrators of alerts, as a webhook of Alertmanager. What was told before is not told again.
#[utoipa::path(post, path = "/v1/alerts", tag = "administration",
    responses((status = 200, description = "What of it was new.", body = AlertsReported)))]
async fn alerts_report(
    State(app): State<App>,
    auth::Alert(me): auth::Alert,
    Body(AlertReport { alerts }): Body<AlertReport>,
) -> Result<Json<AlertsReported>> {
    let alerts: Vec<_> = alerts.into_iter().map(Alert::from).collect();
    let report = Alert::list(&alerts);
    Ok(Json(
        notify::alerts_report(&app.write().await?, me.user, &report).await?,
    ))
}
