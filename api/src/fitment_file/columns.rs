//! The columns of a file and where they stand in it.

use csv_async::ByteRecord;

use crate::problem::{Own, Problem};

/// The columns as they are written.
pub const NAMES: [&str; 7] = [
    "listing_id",
    "make",
    "model",
    "generation",
    "year_from",
    "year_to",
    "note",
];

/// The columns without which a row says nothing.
const NEEDED: [&str; 3] = ["make", "model", "generation"];

/// Where each of [`NAMES`] stands in a file.
pub struct Columns([Option<usize>; 7]);

impl Columns {
    /// Reads the first row: names in any order and case; every column once, the needed ones at least.
    pub fn of(header: &ByteRecord) -> Result<Self, Problem> {
        let mut places = [None; 7];
        for (place, name) in header.iter().enumerate() {
            let name = String::from_utf8_lossy(name).trim().to_lowercase();
            let known = NAMES
                .iter()
                .zip(places.iter_mut())
                .find(|(one, _)| **one == name);
            match known {
                Some((_, at @ None)) => *at = Some(place),
                Some(_) => return Err(malformed(format!("the column {name} stands there twice"))),
                None if name.is_empty() => {}
                None => {
                    let names = NAMES.join(", ");
                    return Err(malformed(format!(
                        "no column is called {name:?}; there are {names}"
                    )));
                }
            }
        }
        let columns = Self(places);
        match NEEDED.iter().find(|name| columns.place(name).is_none()) {
            Some(name) => Err(malformed(format!("the column {name} is missing"))),
            None => Ok(columns),
        }
    }

    /// Where a column stands; none when the file has it not.
    pub fn place(&self, name: &str) -> Option<usize> {
        let found = NAMES.iter().zip(self.0).find(|(one, _)| **one == name);
        found.and_then(|(_, place)| place)
    }
}

/// A file that cannot be read, and why.
pub fn malformed(detail: impl Into<String>) -> Problem {
    Problem::from(Own::CsvMalformed).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Result<Columns, Problem> {
        Columns::of(&ByteRecord::from(names.to_vec()))
    }

    #[test]
    fn columns_come_in_any_order_and_case_and_may_be_left_out() {
        let columns = read(&["Note", " MODEL ", "make", "Generation", ""]).unwrap();
        assert_eq!(columns.place("note"), Some(0));
        assert_eq!(columns.place("model"), Some(1));
        assert_eq!(columns.place("year_to"), None);
    }

    #[test]
    fn a_file_without_a_needed_column_or_with_a_strange_or_double_one_is_refused() {
        for (names, said) in [
            (vec!["make", "model"], "the column generation is missing"),
            (
                vec!["make", "model", "generation", "price"],
                "no column is called",
            ),
            (
                vec!["make", "model", "Make", "generation"],
                "stands there twice",
            ),
            (vec![], "the column make is missing"),
        ] {
            let problem = read(&names).err().map(|problem| format!("{problem:?}"));
            assert!(problem.unwrap().contains(said), "{names:?}");
        }
    }
}
