//! Alerts that are reported to administrators.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::outbox::without_zeros;
use crate::UserId;

row! {
    /// What a report of alerts came to.
    pub struct AlertsReported {
        /// Alerts that begin to ring or end with this report; the rest was told before.
        pub news_count: i32,
        /// People, or chats, that are told of them.
        pub told_count: i32,
    }
}

/// An alert of a report, an element of what [`alerts_report()`] takes.
#[derive(Debug, Clone, Serialize)]
pub struct Alert {
    /// Stands for its labels, 1 to 100 characters.
    pub fingerprint: String,
    /// What the rule is called.
    pub name: String,
    /// How bad it is: `critical`, `warning`, `info`, or another word; empty: it does not say.
    pub severity: String,
    /// What rings, in a sentence.
    pub summary: String,
    /// More of it.
    pub description: String,
    /// Where it stands what mends it.
    pub runbook: String,
    /// When it began to ring.
    pub started_at: DateTime<Utc>,
    /// When it ended; none while it rings.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Alert {
    /// A report as [`alerts_report()`] takes it.
    #[must_use]
    pub fn list(alerts: &[Self]) -> Value {
        without_zeros(serde_json::to_value(alerts).unwrap_or_default())
    }
}

entries! {
    "notify";

    /// Takes a report of at most 1000 alerts; see [`Alert::list`].
    fn alerts_report(actor: UserId, alerts: &Value) -> one<AlertsReported>;
}
