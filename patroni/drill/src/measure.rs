//! Figures: how long writes stood still, what clients saw, how stale replicas were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::{History, Op, Outcome};

/// The times of one fault, in microseconds since the drill began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// It is being broken.
    pub begun: u64,
    /// Everything that was taken away is back.
    pub mended: u64,
    /// Every node is there again, and a standby acknowledges commits; `None` if that never came.
    pub whole: Option<u64>,
}

impl Window {
    /// The end of what belongs to this fault.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.whole.unwrap_or(self.mended).max(self.mended)
    }

    fn holds(&self, op: &Op) -> bool {
        op.end >= self.begun && op.start <= self.end()
    }
}

/// What clients saw of one fault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// The longest time without an acknowledged write, in milliseconds.
    pub stall_ms: f64,
    /// The longest time without a listing that was written through the API, in milliseconds.
    pub api_stall_ms: f64,
    /// From the first acknowledgement by a new leader to the first listing that was begun after it; `None` without a
    /// new leader.
    pub api_recovery_ms: Option<f64>,
    /// From mended to whole, in milliseconds; `None` if it never was.
    pub rejoin_ms: Option<f64>,
    /// Errors of clients that try once, by their class.
    pub errors: BTreeMap<String, u64>,
    /// Idempotent clients that gave up.
    pub gave_up: u64,
}

/// What happened within a window.
#[must_use]
pub fn impact(history: &History, window: &Window) -> Impact {
    let mut impact = Impact {
        stall_ms: stall(history.writes(), window),
        api_stall_ms: stall(history.requests.iter(), window),
        api_recovery_ms: api_recovery(history, window),
        rejoin_ms: window
            .whole
            .map(|whole| millis(whole.saturating_sub(window.mended))),
        ..Impact::default()
    };
    for op in history.writes().filter(|op| window.holds(op)) {
        if let Some(class) = &op.error {
            *impact.errors.entry(class.clone()).or_default() += 1;
        }
    }
    impact.gave_up = gave_up(history).filter(|op| window.holds(op)).count() as u64;
    impact
}

/// Idempotent operations that did not come to their end within the budget.
pub fn gave_up(history: &History) -> impl Iterator<Item = &Op> {
    let idempotent = history.transfers.iter().chain(&history.requests);
    idempotent.filter(|op| op.outcome != Outcome::Ok)
}

/// The longest gap between acknowledgements that touches the window.
fn stall<'a>(ops: impl Iterator<Item = &'a Op>, window: &Window) -> f64 {
    let mut ends: Vec<u64> = ops
        .filter(|op| op.outcome == Outcome::Ok)
        .map(|op| op.end)
        .collect();
    ends.sort_unstable();
    let gaps = ends.windows(2).filter_map(|pair| match *pair {
        [from, to] if to >= window.begun && from <= window.end() => Some(to - from),
        _ => None,
    });
    millis(gaps.max().unwrap_or_default())
}

/// How long the API's pools need once there is somebody to talk to.
fn api_recovery(history: &History, window: &Window) -> Option<f64> {
    let ok = |op: &&Op| op.outcome == Outcome::Ok;
    let before = history
        .writes()
        .filter(ok)
        .filter(|op| op.end < window.begun)
        .filter_map(|op| op.timeline)
        .max()?;
    let new = history
        .writes()
        .filter(ok)
        .filter(|op| window.holds(op) && op.timeline.is_some_and(|timeline| timeline > before))
        .map(|op| op.end)
        .min()?;
    let listed = history.requests.iter().filter(ok).map(|op| op.end);
    let first = listed.filter(|end| *end >= new).min()?;
    Some(millis(first - new))
}

/// How old what replicas answered was, in milliseconds: since when a newer value had been acknowledged.
#[must_use]
pub fn staleness(history: &History) -> Vec<f64> {
    let mut told: Vec<(i64, u64)> = history
        .ticks
        .iter()
        .filter_map(|op| Some((op.value?, op.end)))
        .collect();
    told.sort_unstable();
    // The time of the first acknowledgement of this value or any above it.
    let mut first = u64::MAX;
    for (_, end) in told.iter_mut().rev() {
        first = first.min(*end);
        *end = first;
    }
    history
        .reads
        .iter()
        .filter_map(|op| Some((op.value?, op.start)))
        .map(|(value, start)| {
            let next = told.partition_point(|(known, _)| *known <= value);
            let newer = told.get(next).map_or(u64::MAX, |(_, end)| *end);
            millis(start.saturating_sub(newer))
        })
        .collect()
}

/// The value below which `share` of all lie; none without values.
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    // Nearest rank: one of the values, not something between two.
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1).min(last)).copied()
}

/// Microseconds as milliseconds.
pub fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::{Window, impact, quantile, staleness};
    use crate::history::{History, Op, Outcome};

    fn op(start: u64, end: u64, value: Option<i64>, timeline: u32) -> Op {
        Op {
            id: start,
            start,
            end,
            outcome: Outcome::Ok,
            value,
            timeline: Some(timeline),
            error: None,
            tries: 1,
        }
    }

    #[test]
    fn a_stall_is_the_longest_gap_that_touches_the_fault() {
        let history = History {
            inserts: [0, 10_000, 20_000, 95_000, 100_000, 300_000]
                .map(|at| op(at, at, None, 1))
                .to_vec(),
            ..History::default()
        };
        let window = Window {
            begun: 25_000,
            mended: 50_000,
            whole: Some(99_000),
        };
        let seen = impact(&history, &window);
        assert!((seen.stall_ms - 75.0).abs() < 1e-9, "{seen:?}");
        assert_eq!(seen.rejoin_ms, Some(49.0));
    }

    #[test]
    fn a_read_is_as_stale_as_the_first_acknowledgement_of_something_newer() {
        let history = History {
            ticks: vec![op(0, 10_000, Some(1), 1), op(10_000, 20_000, Some(2), 1)],
            reads: vec![
                op(25_000, 26_000, Some(1), 1),
                op(25_000, 26_000, Some(2), 1),
                op(15_000, 16_000, Some(1), 1),
            ],
            ..History::default()
        };
        assert_eq!(staleness(&history), [5.0, 0.0, 0.0]);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(quantile(&values, 0.5), Some(10.0));
        assert_eq!(quantile(&values, 0.95), Some(19.0));
        assert_eq!(quantile(&values, 1.0), Some(20.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
