//! How far a load is, and how it went.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ledger::Filled;

/// How far a table is; read it while the load runs.
#[derive(Debug, Default)]
pub struct Progress {
    tables: Mutex<BTreeMap<&'static str, Arc<Counts>>>,
    stage: Mutex<String>,
}

/// The counts of one table.
#[derive(Debug, Default)]
pub struct Counts {
    /// Of what its rows are counted by: done and wanted.
    pub done: AtomicU64,
    /// Wanted.
    pub wanted: AtomicU64,
    /// Rows.
    pub rows: AtomicU64,
    /// Bytes sent.
    pub bytes: AtomicU64,
    /// Time that connections spent on it, microseconds.
    pub busy_us: AtomicU64,
}

/// How it went.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// Seconds for all of it, and for rows, indexes and the rest.
    pub seconds: f64,
    /// Seconds of each stage.
    pub stages: Vec<(String, f64)>,
    /// Every table of the ledger.
    pub tables: BTreeMap<String, Filled>,
    /// Rows, and bytes of COPY, that this run wrote.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Of each table that this run wrote: rows a second of one connection.
    pub rows_per_second: BTreeMap<String, f64>,
}

impl Progress {
    pub(crate) fn of(&self, table: &'static str) -> Arc<Counts> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(table).or_default())
    }

    /// Every table that this run writes.
    #[must_use]
    pub fn tables(&self) -> Vec<(&'static str, Arc<Counts>)> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables
            .iter()
            .map(|(name, counts)| (*name, Arc::clone(counts)))
            .collect()
    }

    /// What is being done.
    #[must_use]
    pub fn stage(&self) -> String {
        self.stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn enter(&self, stage: &str) {
        stage.clone_into(&mut self.stage.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
