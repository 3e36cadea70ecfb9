//! How long events took, kept as whole microseconds, and what is told of that.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Lists that clients share, so that few wait for each other.
const PARTS: usize = 16;

/// What was heard since it was told last.
#[derive(Default)]
pub struct Figures([Mutex<Vec<Heard>>; PARTS]);

/// When an event was sent and heard, in microseconds since 1970.
#[derive(Clone, Copy)]
struct Heard {
    sent: u64,
    heard: u64,
}

/// What is told.
#[derive(Debug, Serialize)]
pub struct Told {
    count: usize,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    /// From the first that was heard to the last.
    span_ms: f64,
    /// From the first that was sent to the last that was heard.
    whole_ms: f64,
}

/// Microseconds since 1970.
pub fn now() -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

impl Figures {
    /// A client heard what was sent then.
    pub fn hear(&self, client: usize, sent: u64) {
        let heard = Heard { sent, heard: now() };
        if let Some(part) = self.0.get(client % PARTS) {
            part.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(heard);
        }
    }

    /// How many were heard since it was told last.
    pub fn count(&self) -> usize {
        let parts = self.0.iter();
        parts
            .map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).len())
            .sum()
    }

    /// Tells and forgets.
    pub fn tell(&self) -> Told {
        let mut all = Vec::new();
        for part in &self.0 {
            all.append(&mut part.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let first_sent = all.iter().map(|one| one.sent).min().unwrap_or_default();
        let first = all.iter().map(|one| one.heard).min().unwrap_or_default();
        let last = all.iter().map(|one| one.heard).max().unwrap_or_default();
        let mut took: Vec<_> = all
            .iter()
            .map(|one| one.heard.saturating_sub(one.sent))
            .collect();
        took.sort_unstable();
        // Of a hundred thousand the last per cent has a thousand.
        let at = |percent: usize| {
            let place = (took.len() * percent / 100).min(took.len().saturating_sub(1));
            ms(took.get(place).copied().unwrap_or_default())
        };
        Told {
            count: took.len(),
            p50_ms: at(50),
            p95_ms: at(95),
            p99_ms: at(99),
            max_ms: at(100),
            span_ms: ms(last - first),
            whole_ms: ms(last.saturating_sub(first_sent)),
        }
    }
}

fn ms(micros: u64) -> f64 {
    // More than an hour is none that anybody waits for.
    let micros = u32::try_from(micros).map_or(f64::INFINITY, f64::from);
    micros / 1000.0
}
