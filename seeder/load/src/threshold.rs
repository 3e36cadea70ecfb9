//! What is asked of a load test, so that a script can tell a good one from a bad one.

use std::time::Duration;

use serde::Serialize;

use crate::report::Report;

/// What is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Thresholds {
    /// 99 of a hundred requests are not slower than this, from the moment at which they were meant to be sent.
    pub p99: Option<Duration>,
    /// Not more than this share of all requests failed.
    pub errors: Option<f64>,
}

/// What was asked, and what was found.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// What was asked: `p99_ms` or `failed_share`.
    pub name: &'static str,
    /// No more than this.
    pub limit: f64,
    /// This was found.
    pub found: f64,
    /// Whether it holds; of no requests nothing does.
    pub holds: bool,
}

impl Thresholds {
    /// Whether they hold for this report.
    #[must_use]
    pub fn judge(&self, report: &Report) -> Vec<Judged> {
        let judged = |name, limit: f64, found: f64| Judged {
            name,
            limit,
            found,
            holds: report.total.requests > 0 && found <= limit,
        };
        let p99 = self.p99.map(|limit| {
            judged(
                "p99_ms",
                limit.as_secs_f64() * 1e3,
                report.total.latency.p99,
            )
        });
        let errors = self
            .errors
            .map(|limit| judged("failed_share", limit, report.total.failed_share));
        p99.into_iter().chain(errors).collect()
    }
}
