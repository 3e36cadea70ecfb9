//! What clients were told, held against what the database kept. Pure: a history and what was found afterwards go in, a
//! verdict comes out, so that it can be tried on histories with every anomaly planted.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::history::{History, Op, Outcome};

/// What one node held, at one time after everything was mended.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Which node, and when: `db1, healed`.
    pub place: String,
    /// Every inserted number, and how often it is there.
    pub inserts: HashMap<u64, u64>,
    /// Every key of the ledger.
    pub transfers: HashSet<u64>,
    /// The sum of all accounts, which were empty at first.
    pub ledger_sum: i64,
    /// Accounts whose balance is not the sum of their transfers.
    pub ledger_off: u64,
    /// The counter.
    pub counter: i64,
}

/// The listings that clients wrote through the API, each title's number and how often it is there.
pub type Listings = HashMap<u64, u64>;

/// How often something went wrong, and the first few.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    /// How often.
    pub count: u64,
    /// The first ten.
    pub examples: Vec<String>,
}

impl Anomaly {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < 10 {
            self.examples.push(example());
        }
    }
}

/// Everything that must not be, and what clients had to do without knowing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Acknowledged, and not there.
    pub lost: Anomaly,
    /// There, though nobody asked for it or its client knew that it failed.
    pub phantom: Anomaly,
    /// There more than once.
    pub duplicate: Anomaly,
    /// The sum of all accounts is not zero, or one is not the sum of its transfers.
    pub ledger: Anomaly,
    /// The counter at the writer was lower than it had been.
    pub backwards: Anomaly,
    /// Acknowledged by a leader after its successor had acknowledged something.
    pub old_leader: Anomaly,
    /// Operations with an open outcome.
    pub unknown: u64,
    /// How many of the inserts among them are there.
    pub unknown_done: u64,
}

impl Verdict {
    /// Every kind of anomaly.
    #[must_use]
    pub fn anomalies(&self) -> [(&'static str, &Anomaly); 6] {
        [
            ("lost", &self.lost),
            ("phantom", &self.phantom),
            ("duplicate", &self.duplicate),
            ("ledger", &self.ledger),
            ("backwards", &self.backwards),
            ("old leader", &self.old_leader),
        ]
    }

    /// Is nothing wrong?
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.anomalies().iter().all(|(_, one)| one.count == 0)
    }
}

/// Compares.
#[must_use]
pub fn check(history: &History, found: &[Found], listings: &Listings) -> Verdict {
    let mut verdict = Verdict::default();
    for node in found {
        let place = &node.place;
        compare(
            &mut verdict,
            &format!("insert on {place}"),
            &history.inserts,
            &node.inserts,
        );
        let keys: HashMap<u64, u64> = node.transfers.iter().map(|key| (*key, 1)).collect();
        compare(
            &mut verdict,
            &format!("transfer on {place}"),
            &history.transfers,
            &keys,
        );
        if node.ledger_sum != 0 {
            verdict
                .ledger
                .add(|| format!("sum {} on {place}", node.ledger_sum));
        }
        if node.ledger_off != 0 {
            verdict
                .ledger
                .add(|| format!("{} accounts on {place}", node.ledger_off));
        }
        let told = history
            .ticks
            .iter()
            .filter_map(|op| op.value)
            .max()
            .unwrap_or_default();
        if node.counter < told {
            verdict.lost.add(|| {
                format!(
                    "counter {} on {place}, {told} was acknowledged",
                    node.counter
                )
            });
        }
    }
    compare(&mut verdict, "listing", &history.requests, listings);
    backwards(&mut verdict, &history.ticks);
    old_leader(&mut verdict, history);
    verdict.unknown = history
        .all()
        .iter()
        .flat_map(|(_, ops)| *ops)
        .filter(|op| op.outcome == Outcome::Unknown)
        .count() as u64;
    if let Some(node) = found.first() {
        verdict.unknown_done = history
            .inserts
            .iter()
            .filter(|op| op.outcome == Outcome::Unknown && node.inserts.contains_key(&op.id))
            .count() as u64;
    }
    verdict
}

/// What was asked for, and what is there.
fn compare(verdict: &mut Verdict, what: &str, asked: &[Op], there: &HashMap<u64, u64>) {
    let mut known = HashMap::with_capacity(asked.len());
    for op in asked {
        known.insert(op.id, op.outcome);
        if op.outcome == Outcome::Ok && !there.contains_key(&op.id) {
            verdict.lost.add(|| format!("{what}: {}", op.id));
        }
    }
    let mut numbers: Vec<_> = there.iter().collect();
    numbers.sort_unstable();
    for (id, times) in numbers {
        if !matches!(known.get(id), Some(Outcome::Ok | Outcome::Unknown)) {
            verdict.phantom.add(|| format!("{what}: {id}"));
        }
        if *times > 1 {
            verdict
                .duplicate
                .add(|| format!("{what}: {id}, {times} times"));
        }
    }
}

/// Whatever was answered before an operation began is less than what that one answers.
fn backwards(verdict: &mut Verdict, ticks: &[Op]) {
    let value = |op: &Op| op.value.filter(|_| op.outcome == Outcome::Ok);
    after_all_before(ticks.iter(), value, |op, highest, own| {
        if own <= highest {
            verdict
                .backwards
                .add(|| format!("tick {}: {own} after {highest}", op.id));
        }
    });
}

/// A timeline ends when its successor begins: who acknowledges on it afterwards is a leader that was replaced.
fn old_leader(verdict: &mut Verdict, history: &History) {
    let timeline = |op: &Op| op.timeline.filter(|_| op.outcome == Outcome::Ok);
    after_all_before(history.writes(), timeline, |op, highest, own| {
        if own < highest {
            verdict.old_leader.add(|| {
                format!(
                    "operation {} on timeline {own}, while {highest} had begun",
                    op.id
                )
            });
        }
    });
}

/// Hands every operation over with the highest value that was answered before it began.
fn after_all_before<'a, V: Ord + Copy>(
    ops: impl Iterator<Item = &'a Op>,
    value: impl Fn(&Op) -> Option<V>,
    mut see: impl FnMut(&Op, V, V),
) {
    let mut begun: Vec<(&Op, V)> = ops.filter_map(|op| Some((op, value(op)?))).collect();
    let mut ended: Vec<(u64, V)> = begun.iter().map(|(op, own)| (op.end, *own)).collect();
    begun.sort_by_key(|(op, _)| op.start);
    ended.sort_unstable();
    let mut ended = ended.into_iter().peekable();
    let mut highest = None;
    for (op, own) in begun {
        while let Some((_, value)) = ended.next_if(|(end, _)| *end < op.start) {
            highest = highest.max(Some(value));
        }
        if let Some(highest) = highest {
            see(op, highest, own);
        }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
