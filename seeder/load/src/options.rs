//! What is wanted of a load test.

use std::time::Duration;

use crate::mix::Mix;

/// What decides when people come.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Pace {
    /// So many come a second, whether or not those before them have been served: an open loop.
    Rate {
        /// People who come a second.
        per_second: f64,
    },
    /// So many are there all the time; each goes on when they have an answer and have thought: a closed loop.
    Users {
        /// People at once.
        users: u32,
    },
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API, without a slash at its end.
    pub target: String,
    /// What decides when people come.
    pub pace: Pace,
    /// From nobody to everybody takes so long; this time is not counted.
    pub ramp: Duration,
    /// How long is counted.
    pub duration: Duration,
    /// The same seed, people and listings give the same visits.
    pub seed: u64,
    /// What people come for.
    pub mix: Mix,
    /// How long people think between two requests, on average.
    pub think: Duration,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// Visits at once; who comes when so many are under way waits, and is measured waiting.
    pub at_once: usize,
    /// What tells this run's idempotency keys from another's.
    pub run: String,
}
