//! How far a load test is, for whoever waits for it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::tally::Verdict;

/// Counters that are read while the test runs.
#[derive(Debug, Default)]
pub struct Progress {
    /// Visits that began.
    pub begun: AtomicU64,
    /// Visits that ended.
    pub ended: AtomicU64,
    /// Requests that were answered or not.
    pub done: AtomicU64,
    /// Of them, those that failed.
    pub failed: AtomicU64,
}

impl Progress {
    pub(crate) fn done(&self, verdict: &Verdict) {
        self.done.fetch_add(1, Ordering::Relaxed);
        if matches!(verdict, Verdict::Failed(..)) {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}
