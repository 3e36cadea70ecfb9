//! Rows on their way from a file to the function that takes them.

use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::malformed;
use crate::cell::plain;
use crate::problem::{Own, Problem};

/// The rows that a file may have.
const MOST: i32 = 50_000;

/// The characters of a cell that are looked at: twice the longest text of a listing.
const LONGEST: usize = 16_000;

/// Takes rows one by one; breaks when nobody wants more.
pub type Take<'a> = dyn FnMut(Line) -> ControlFlow<()> + 'a;

/// One row: its number and its cells by column.
#[derive(Debug)]
pub struct Line {
    row: i32,
    cells: Map<String, Value>,
}

impl Line {
    /// A row without cells.
    pub fn new(row: i32) -> Self {
        Self {
            row,
            cells: Map::new(),
        }
    }

    /// Adds a cell as it was written into the file.
    pub fn add(&mut self, column: &'static str, cell: &str) -> Result<(), Problem> {
        let cell = plain(cell).trim();
        if cell.chars().any(is_unreadable) {
            return Err(malformed(format!(
                "row {}, column {column}: this is no text in the encoding of the file",
                self.row
            )));
        }
        let cell = cell.chars().take(LONGEST).collect();
        self.cells.insert(column.to_owned(), Value::String(cell));
        Ok(())
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.cells.values().all(|cell| cell == "")
    }

    /// The row as the function takes it.
    pub fn into_value(mut self) -> Value {
        self.cells.insert("row".to_owned(), self.row.into());
        Value::Object(self.cells)
    }
}

/// What no text has: it was written in another encoding, or is no text.
fn is_unreadable(one: char) -> bool {
    one == char::REPLACEMENT_CHARACTER || (one.is_control() && !matches!(one, '\t' | '\n' | '\r'))
}

/// Counts rows as far as a file may have them.
#[derive(Debug, Default)]
pub struct Count(i32);

impl Count {
    /// One more.
    pub fn one(&mut self) -> Result<(), Problem> {
        self.0 += 1;
        if self.0 > MOST {
            return Err(Problem::from(Own::BodyTooLarge).detail(format!("at most {MOST} rows")));
        }
        Ok(())
    }
}
