//! What clients asked for, what they were told, and when. Times are microseconds since the drill began, by one clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// What a client knows of what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was told that it is done.
    Ok,
    /// It knows that it is not done.
    Failed,
    /// It was told nothing, or something that leaves both open.
    Unknown,
}

/// One thing that a client asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// Its number among its kind.
    pub id: u64,
    /// When it was due. An open-loop client asks then, however slow the last answer was.
    pub start: u64,
    /// When the last word about it came.
    pub end: u64,
    /// What is known of it.
    pub outcome: Outcome,
    /// What was answered: the value of the counter.
    pub value: Option<i64>,
    /// The timeline of the server that answered.
    pub timeline: Option<u32>,
    /// The class of the error: an SQLSTATE, `http 503`, or what the client itself saw.
    pub error: Option<String>,
    /// How often it was tried.
    pub tries: u32,
}

/// All operations of one kind, while they are made.
#[derive(Debug, Clone)]
pub struct Log {
    began: Instant,
    ops: Arc<Mutex<Vec<Op>>>,
}

impl Log {
    pub(crate) fn new(began: Instant) -> Self {
        Self {
            began,
            ops: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        micros(self.began)
    }

    pub(crate) fn add(&self, op: Op) {
        self.ops
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(op);
    }

    /// Everything until now, by the time it was due.
    pub(crate) fn take(&self) -> Vec<Op> {
        let mut ops = std::mem::take(&mut *self.ops.lock().unwrap_or_else(PoisonError::into_inner));
        ops.sort_by_key(|op| op.start);
        ops
    }
}

/// Microseconds since then.
pub(crate) fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Everything that every kind of client did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct History {
    /// W1: inserts of numbers that nobody else inserts, each tried once.
    pub inserts: Vec<Op>,
    /// W2: transfers with a key, tried until they are done.
    pub transfers: Vec<Op>,
    /// W4: a counter that only grows, moved on at the writer.
    pub ticks: Vec<Op>,
    /// W4: the same counter, read at the replicas.
    pub reads: Vec<Op>,
    /// W5: listings written through the API with a key, tried until they are there.
    pub requests: Vec<Op>,
    /// W5: whether the API said that it is ready.
    pub ready: Vec<Op>,
}

impl History {
    /// The kinds that write at the database itself, from which outages are read.
    pub fn writes(&self) -> impl Iterator<Item = &Op> {
        self.inserts.iter().chain(&self.ticks)
    }

    /// Everything.
    pub fn all(&self) -> [(&'static str, &[Op]); 6] {
        [
            ("insert", &self.inserts),
            ("transfer", &self.transfers),
            ("tick", &self.ticks),
            ("read", &self.reads),
            ("request", &self.requests),
            ("ready", &self.ready),
        ]
    }
}
