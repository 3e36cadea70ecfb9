//! What a load test has found: numbers for machines, from which text and page are made.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::journeys;
use crate::mix::Journey;
use crate::options::{Options, Pace};
use crate::tally::{Counted, Tally, Times};
use crate::threshold::Judged;
use crate::units::ms;

/// What was found. Latencies are milliseconds.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// The API.
    pub target: String,
    /// The seed.
    pub seed: u64,
    /// What decided when people came.
    pub pace: Pace,
    /// What people came for, by weight.
    pub mix: BTreeMap<&'static str, u64>,
    /// Seconds that people thought between two requests, on average.
    pub think_seconds: f64,
    /// Seconds that were not counted at the beginning.
    pub ramp_seconds: f64,
    /// Seconds that were counted.
    pub seconds: f64,
    /// Whether it was stopped before its end.
    pub is_stopped: bool,
    /// People who came, those of the ramp included.
    pub visits: u64,
    /// People who were to come and found too many under way until the end: the rate was not reached.
    pub left_out: u64,
    /// Requests before the time that is counted.
    pub ramp_requests: u64,
    /// How much later than meant requests were sent.
    pub late: Latency,
    /// All requests.
    pub total: Row,
    /// Requests by step, in the order of journeys.
    pub steps: Vec<StepRow>,
    /// Refusals and failures, the most frequent first, failures before refusals.
    pub reasons: Vec<Reason>,
    /// By time, from the beginning of the ramp on.
    pub timeline: Vec<Moment>,
    /// The latency below which this share of all requests stayed.
    pub distribution: Vec<Share>,
    /// What was asked of it.
    pub thresholds: Vec<Judged>,
}

/// Requests of one kind.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Requests.
    pub requests: u64,
    /// Requests a second.
    pub per_second: f64,
    /// Of them, refused as happens where nothing is wrong.
    pub refused: u64,
    /// Of them, failed.
    pub failed: u64,
    /// The share that failed, of one.
    pub failed_share: f64,
    /// From the moment at which they were meant to be sent.
    pub latency: Latency,
    /// From the moment at which they were sent.
    pub service: Latency,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
}

/// Requests of one step.
#[derive(Debug, Serialize)]
pub struct StepRow {
    /// Whose it is.
    pub journey: Journey,
    /// What it is called.
    pub step: &'static str,
    /// The method.
    pub method: &'static str,
    /// The route.
    pub route: &'static str,
    /// Its figures.
    #[serde(flatten)]
    pub row: Row,
}

/// Milliseconds.
#[derive(Debug, Default, Serialize)]
pub struct Latency {
    /// On average.
    pub mean: f64,
    /// Half are below.
    pub p50: f64,
    /// Nine of ten are below.
    pub p90: f64,
    /// 95 of a hundred are below.
    pub p95: f64,
    /// 99 of a hundred are below.
    pub p99: f64,
    /// 999 of a thousand are below.
    pub p999: f64,
    /// The longest.
    pub max: f64,
}

/// Why requests were refused or failed.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// Whose request.
    pub journey: Journey,
    /// Which request.
    pub step: &'static str,
    /// False: a refusal as happens where nothing is wrong.
    pub is_failure: bool,
    /// Status and code, or what happened instead of an answer.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// A stretch of time.
#[derive(Debug, Serialize)]
pub struct Moment {
    /// Seconds from the beginning of the ramp to the beginning of the stretch.
    pub at: f64,
    /// Answers.
    pub requests: u64,
    /// Answers a second.
    pub per_second: f64,
    /// Of them, refused.
    pub refused: f64,
    /// Of them, failed.
    pub failed: f64,
    /// Milliseconds; none when nothing was answered.
    pub p50: Option<f64>,
    /// Milliseconds.
    pub p95: Option<f64>,
    /// Milliseconds.
    pub p99: Option<f64>,
}

/// A share of all requests, and how long they took at most.
#[derive(Debug, Serialize)]
pub struct Share {
    /// The share, of one.
    pub share: f64,
    /// Milliseconds.
    pub ms: f64,
}

/// What the run itself knows.
pub(crate) struct Ran {
    pub begun_at: DateTime<Utc>,
    pub took: Duration,
    pub is_stopped: bool,
    pub visits: u64,
    pub left_out: u64,
}

impl Report {
    pub(crate) fn new(options: &Options, tally: &Tally, ran: &Ran) -> Self {
        let whole = options.ramp + options.duration;
        let counted = ran.took.min(whole).saturating_sub(options.ramp);
        let seconds = counted.as_secs_f64();
        Self {
            begun_at: ran.begun_at,
            target: options.target.clone(),
            seed: options.seed,
            pace: options.pace,
            mix: options.mix.weights(),
            think_seconds: options.think.as_secs_f64(),
            ramp_seconds: options.ramp.as_secs_f64(),
            seconds,
            is_stopped: ran.is_stopped,
            visits: ran.visits,
            left_out: ran.left_out,
            ramp_requests: tally.of_ramp,
            late: latency(&tally.late),
            total: row(&tally.total, seconds),
            steps: steps(tally, seconds),
            reasons: reasons(tally),
            timeline: timeline(tally),
            distribution: distribution(&tally.total.latency),
            thresholds: Vec::new(),
        }
    }

    /// Whether something that was asked of it did not hold.
    #[must_use]
    pub fn is_above(&self) -> bool {
        self.thresholds.iter().any(|one| !one.holds)
    }
}

fn latency(times: &Times) -> Latency {
    if times.is_empty() {
        return Latency::default();
    }
    let at = |quantile| ms(times.value_at_quantile(quantile));
    Latency {
        mean: times.mean() / 1e3,
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        p999: at(0.999),
        max: ms(times.max()),
    }
}

fn row(counted: &Counted, seconds: f64) -> Row {
    Row {
        requests: counted.requests,
        per_second: rate(counted.requests, seconds),
        refused: counted.refused,
        failed: counted.failed,
        failed_share: rate(counted.failed, counted.requests as f64),
        latency: latency(&counted.latency),
        service: latency(&counted.service),
        statuses: counted.statuses.clone(),
    }
}

fn rate(count: u64, of: f64) -> f64 {
    if of > 0.0 { count as f64 / of } else { 0.0 }
}

fn steps(tally: &Tally, seconds: f64) -> Vec<StepRow> {
    let rows = journeys::steps().filter_map(|step| {
        let counted = tally.steps.get(&(step.journey, step.name))?;
        Some(StepRow {
            journey: step.journey,
            step: step.name,
            method: step.method,
            route: step.route,
            row: row(counted, seconds),
        })
    });
    rows.collect()
}

fn reasons(tally: &Tally) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = tally
        .reasons
        .iter()
        .map(|((journey, step, is_failure, reason), count)| Reason {
            journey: *journey,
            step,
            is_failure: *is_failure,
            reason: reason.clone(),
            count: *count,
        })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse((reason.is_failure, reason.count)));
    reasons
}

fn timeline(tally: &Tally) -> Vec<Moment> {
    let width = tally.width.as_secs_f64();
    let end = tally.last.as_secs_f64();
    let moments = (0_u32..).zip(&tally.windows).map(|(number, window)| {
        let begin = f64::from(number) * width;
        // The last one is not over when the last answer comes.
        let seconds = (end - begin).clamp(width / 10.0, width);
        let at = |quantile| {
            (!window.latency.is_empty()).then(|| ms(window.latency.value_at_quantile(quantile)))
        };
        Moment {
            at: begin,
            requests: window.requests,
            per_second: rate(window.requests, seconds),
            refused: rate(window.refused, seconds),
            failed: rate(window.failed, seconds),
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
        }
    });
    moments.collect()
}

/// Finer towards the end: each nine has as many points as the one before it.
fn distribution(times: &Times) -> Vec<Share> {
    let shares = times.iter_quantiles(5).map(|point| Share {
        share: point.quantile_iterated_to(),
        ms: ms(point.value_iterated_to().min(times.max())),
    });
    shares.collect()
}
