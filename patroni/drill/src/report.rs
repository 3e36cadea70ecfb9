//! What a drill found: as JSON for machines, as Markdown for people, as a picture.

mod markdown;
mod plot;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::check::Verdict;
use crate::fault::{Class, Fault};
use crate::history::{History, Outcome};
use crate::measure::{Impact, Window, gave_up, impact, quantile, staleness};
use crate::scenario::Scenario;

pub use markdown::markdown;
pub use plot::plot;

/// The report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The seed of the scenario.
    pub seed: u64,
    /// When it began.
    pub began: DateTime<Utc>,
    /// Every fault.
    pub steps: Vec<StepReport>,
    /// Faults by class.
    pub classes: BTreeMap<Class, ClassReport>,
    /// What was compared, and found.
    pub verdict: Verdict,
    /// Operations by kind.
    pub operations: BTreeMap<String, Counts>,
    /// Idempotent operations that gave up, where somebody could have led.
    pub gave_up: u64,
    /// Answers of the API that a careful client must not see: 5xx other than 503.
    pub bare_5xx: u64,
    /// How old what replicas answered was, in milliseconds.
    pub staleness_ms: Spread,
    /// What was not done, and why.
    pub notes: Vec<String>,
}

/// One fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepReport {
    /// What was broken.
    pub fault: Fault,
    /// When.
    pub window: Window,
    /// What clients saw.
    pub impact: Impact,
    /// What must not have happened.
    pub violation: Option<String>,
    /// Why it was not played to its end.
    pub trouble: Option<String>,
}

/// What faults of one class have in common.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ClassReport {
    /// How many.
    pub count: u64,
    /// How long no write was acknowledged, in milliseconds.
    pub stall_ms: Spread,
    /// How long the API wrote nothing, in milliseconds.
    pub api_stall_ms: Spread,
    /// From a new leader's first acknowledgement to the API's, in milliseconds.
    pub api_recovery_ms: Spread,
    /// From mended to whole, in milliseconds.
    pub rejoin_ms: Spread,
    /// Errors of clients that try once.
    pub errors: BTreeMap<String, u64>,
    /// Idempotent clients that gave up.
    pub gave_up: u64,
}

/// How values are spread; zeros without any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub n: u64,
    /// Half are below.
    pub p50: f64,
    /// Nineteen of twenty are below.
    pub p95: f64,
    /// All but the last per cent are below.
    pub p99: f64,
    /// None is above.
    pub max: f64,
}

/// Operations of one kind by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Acknowledged.
    pub ok: u64,
    /// Refused for certain.
    pub failed: u64,
    /// Open.
    pub unknown: u64,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let at = |share| quantile(values, share).unwrap_or_default();
        Self {
            n: values.len() as u64,
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

impl Report {
    pub(crate) fn new(
        scenario: &Scenario,
        began: DateTime<Utc>,
        mut steps: Vec<StepReport>,
        history: &History,
        verdict: Verdict,
        notes: Vec<String>,
    ) -> Self {
        for step in &mut steps {
            step.impact = impact(history, &step.window);
        }
        let intended: Vec<&Window> = steps
            .iter()
            .filter(|step| step.fault.may_outlast_clients())
            .map(|step| &step.window)
            .collect();
        let excused = |op: &&crate::history::Op| {
            !intended
                .iter()
                .any(|window| op.start <= window.end() && op.end >= window.begun)
        };
        Self {
            seed: scenario.seed,
            began,
            gave_up: gave_up(history).filter(excused).count() as u64,
            classes: classes(&steps),
            operations: operations(history),
            bare_5xx: history
                .requests
                .iter()
                .filter(|op| {
                    let class = op.error.as_deref().unwrap_or_default();
                    class.starts_with("http 5") && class != "http 503"
                })
                .count() as u64,
            staleness_ms: Spread::of(&staleness(history)),
            steps,
            verdict,
            notes,
        }
    }

    /// Did everything that must not happen not happen?
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.verdict.is_clean() && self.steps.iter().all(|step| step.violation.is_none())
    }
}

fn classes(steps: &[StepReport]) -> BTreeMap<Class, ClassReport> {
    let mut by_class: BTreeMap<Class, Vec<&StepReport>> = BTreeMap::new();
    for step in steps {
        by_class.entry(step.fault.class()).or_default().push(step);
    }
    by_class
        .into_iter()
        .map(|(class, steps)| (class, class_report(&steps)))
        .collect()
}

fn class_report(steps: &[&StepReport]) -> ClassReport {
    let spread = |value: fn(&Impact) -> Option<f64>| {
        let values: Vec<f64> = steps
            .iter()
            .filter_map(|step| value(&step.impact))
            .collect();
        Spread::of(&values)
    };
    let mut errors = BTreeMap::new();
    for (class, count) in steps.iter().flat_map(|step| &step.impact.errors) {
        *errors.entry(class.clone()).or_default() += count;
    }
    ClassReport {
        count: steps.len() as u64,
        stall_ms: spread(|impact| Some(impact.stall_ms)),
        api_stall_ms: spread(|impact| Some(impact.api_stall_ms)),
        api_recovery_ms: spread(|impact| impact.api_recovery_ms),
        rejoin_ms: spread(|impact| impact.rejoin_ms),
        errors,
        gave_up: steps.iter().map(|step| step.impact.gave_up).sum(),
    }
}

fn operations(history: &History) -> BTreeMap<String, Counts> {
    history
        .all()
        .into_iter()
        .map(|(kind, ops)| {
            let of = |outcome| ops.iter().filter(|op| op.outcome == outcome).count() as u64;
            let counts = Counts {
                ok: of(Outcome::Ok),
                failed: of(Outcome::Failed),
                unknown: of(Outcome::Unknown),
            };
            (kind.to_owned(), counts)
        })
        .collect()
}
