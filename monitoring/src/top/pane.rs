//! A pane: what it asks, its columns, and the rows that came.

use std::cmp::Ordering;

use tokio_postgres::Row;

use crate::kardan::Known;
use crate::session::Failure;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Words.
    Text,
    /// A whole number.
    Count,
    /// Seconds, shown as `1h02m`.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Bytes, shown as `1.5 MB`.
    Bytes,
    /// So many a second.
    Rate,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What it holds.
    pub unit: Unit,
}

/// A pane.
#[derive(Debug, Clone, Copy)]
pub struct Pane {
    /// Its name for `--pane`.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is said when there is no row.
    pub nothing: &'static str,
    /// The statement; none where the server or the database cannot tell.
    pub sql: fn(&Known, i32) -> Option<String>,
    /// The columns: `text` for words, `double precision` for the rest.
    pub columns: &'static [Column],
    /// The column that it is sorted by at first; none keeps the order of the statement.
    pub sorted: Option<usize>,
    /// Whether the numbers after the first column are totals of which the growth is shown.
    pub has_rates: bool,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number; none when there is none.
    Number(Option<f64>),
}

/// The rows of a pane.
#[derive(Debug, Clone)]
pub struct Table {
    /// Whose.
    pub pane: &'static Pane,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn empty(pane: &'static Pane) -> Self {
        Self {
            pane,
            rows: Vec::new(),
        }
    }

    pub(super) fn read(pane: &'static Pane, rows: &[Row]) -> Result<Self, Failure> {
        let broken = |e: tokio_postgres::Error| Failure::Unexpected(e.to_string());
        let cell = |row: &Row, n: usize, column: &Column| {
            Ok(match column.unit {
                Unit::Text => Cell::Text(
                    row.try_get::<_, Option<String>>(n)
                        .map_err(broken)?
                        .unwrap_or_default(),
                ),
                _ => Cell::Number(row.try_get(n).map_err(broken)?),
            })
        };
        let rows = rows
            .iter()
            .map(|row| {
                pane.columns
                    .iter()
                    .enumerate()
                    .map(|(n, c)| cell(row, n, c))
                    .collect()
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { pane, rows })
    }

    /// Sorts by a column's name, the biggest first, or the smallest with a `-` before it; without a name as the pane has
    /// it. A name that another pane has is an error only when `is_strict`.
    pub(super) fn sort_by(&mut self, name: Option<&str>, is_strict: bool) -> Result<(), String> {
        let Some(name) = name else {
            if let Some(column) = self.pane.sorted {
                self.sort(column, false);
            }
            return Ok(());
        };
        let (wanted, ascends) = name
            .strip_prefix('-')
            .map_or((name, false), |rest| (rest, true));
        match self
            .pane
            .columns
            .iter()
            .position(|column| column.name == wanted)
        {
            Some(column) => self.sort(column, ascends),
            None if is_strict => return Err(unknown_column(self.pane, wanted)),
            None => {}
        }
        Ok(())
    }

    /// Sorts by a column.
    pub(super) fn sort(&mut self, column: usize, ascends: bool) {
        self.rows.sort_by(|a, b| {
            let order = match (a.get(column), b.get(column)) {
                (Some(Cell::Number(a)), Some(Cell::Number(b))) => {
                    b.unwrap_or(f64::MIN).total_cmp(&a.unwrap_or(f64::MIN))
                }
                (Some(Cell::Text(a)), Some(Cell::Text(b))) => a.cmp(b),
                _ => Ordering::Equal,
            };
            if ascends { order.reverse() } else { order }
        });
    }
}

pub(super) fn unknown_column(pane: &Pane, name: &str) -> String {
    let names: Vec<_> = pane.columns.iter().map(|column| column.name).collect();
    format!(
        "the pane {} has no column {name:?}; it has {}",
        pane.name,
        names.join(", ")
    )
}

/// A value as it is shown.
pub(super) fn show(cell: &Cell, unit: Unit) -> String {
    match cell {
        // One line, whatever a statement holds.
        Cell::Text(text) => text.split_whitespace().fold(
            String::from(
                text.get(..text.len() - text.trim_start().len())
                    .unwrap_or_default(),
            ),
            |mut line, word| {
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
                line
            },
        ),
        Cell::Number(None) => "-".to_owned(),
        Cell::Number(Some(number)) => match unit {
            Unit::Seconds => seconds(*number),
            Unit::Bytes => bytes(*number),
            Unit::Milliseconds | Unit::Rate => format!("{number:.1}"),
            Unit::Count | Unit::Text => format!("{number:.0}"),
        },
    }
}

fn seconds(number: f64) -> String {
    if number < 60.0 {
        return format!("{number:.1}s");
    }
    let minutes = (number / 60.0).floor();
    if number < 3_600.0 {
        return format!("{minutes:.0}m{:02.0}s", (number % 60.0).floor());
    }
    let hours = (number / 3_600.0).floor();
    if hours < 48.0 {
        return format!("{hours:.0}h{:02.0}m", (minutes % 60.0).floor());
    }
    format!("{:.0}d", (hours / 24.0).floor())
}

fn bytes(number: f64) -> String {
    let mut value = number;
    for unit in ["B", "kB", "MB", "GB"] {
        if value.abs() < 1024.0 {
            return if unit == "B" {
                format!("{value:.0} B")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1024.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_for_people() {
        for (number, unit, text) in [
            (3.25, Unit::Seconds, "3.2s"),
            (125.0, Unit::Seconds, "2m05s"),
            (7_500.0, Unit::Seconds, "2h05m"),
            (400_000.0, Unit::Seconds, "4d"),
            (1_536.0, Unit::Bytes, "1.5 kB"),
            (12.0, Unit::Bytes, "12 B"),
            (7.0, Unit::Count, "7"),
            (0.123, Unit::Milliseconds, "0.1"),
        ] {
            assert_eq!(show(&Cell::Number(Some(number)), unit), text);
        }
        assert_eq!(
            show(&Cell::Text("  select\n   1".to_owned()), Unit::Text),
            "  select 1"
        );
        assert_eq!(show(&Cell::Number(None), Unit::Count), "-");
    }
}
