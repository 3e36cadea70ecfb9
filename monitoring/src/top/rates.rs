//! Totals become what they grew by since the last look.

use std::collections::HashMap;

use tokio::time::Instant;

use super::pane::{Cell, Table, Unit};

/// The totals of the last look.
#[derive(Debug, Default)]
pub(super) struct Rates {
    at: Option<Instant>,
    totals: HashMap<String, Vec<Option<f64>>>,
}

impl Rates {
    /// Puts rates in the place of totals, and the mean beside them. Rows that did not grow are left out; at the first look
    /// there is nothing to compare with, and the rates are over a second.
    pub(super) fn apply(&mut self, table: &mut Table) {
        let now = Instant::now();
        let seconds = self
            .at
            .map_or(1.0, |at| now.duration_since(at).as_secs_f64().max(0.001));
        let mut totals = HashMap::with_capacity(table.rows.len());
        for row in &mut table.rows {
            let (Some(Cell::Text(id)), numbers) = (row.first(), numbers(row)) else {
                continue;
            };
            let id = id.clone();
            let before = self.totals.get(&id);
            let grown: Vec<Option<f64>> = numbers
                .iter()
                .enumerate()
                .map(|(n, now)| {
                    let before = before.and_then(|b| *b.get(n)?).unwrap_or_default();
                    now.map(|now| if now >= before { now - before } else { now })
                })
                .collect();
            let mean = match (grown.first(), grown.get(1)) {
                (Some(Some(spent)), Some(Some(calls))) if *calls > 0.0 => Some(spent / calls),
                _ => None,
            };
            let mut grown = grown.into_iter();
            for (cell, column) in row.iter_mut().zip(table.pane.columns) {
                match (cell, column.unit) {
                    (Cell::Number(value), Unit::Rate) => {
                        *value = grown.next().flatten().map(|g| g / seconds)
                    }
                    (Cell::Number(value), Unit::Milliseconds) => *value = mean,
                    _ => {}
                }
            }
            totals.insert(id, numbers);
        }
        table
            .rows
            .retain(|row| matches!(row.get(2), Some(Cell::Number(Some(calls))) if *calls > 0.0));
        self.totals = totals;
        self.at = Some(now);
    }
}

fn numbers(row: &[Cell]) -> Vec<Option<f64>> {
    row.iter()
        .filter_map(|cell| match cell {
            Cell::Number(number) => Some(*number),
            Cell::Text(_) => None,
        })
        .collect()
}
