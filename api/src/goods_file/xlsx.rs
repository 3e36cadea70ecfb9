//! XLSX: the sheets whose first row names the columns, cell by cell as they are unpacked. What the file claims to be when
//! it is unpacked is not believed: it is unpacked once into nothing and measured.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, copy, sink};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zip::ZipArchive;

use super::columns::{Columns, Content};
use super::line::{Count, Line, Take};
use super::malformed;
use super::spool::unreadable;
use crate::problem::Problem;

/// The bytes that a file may have when it is unpacked.
const UNPACKED: u64 = 256 * 1024 * 1024;

/// The bytes of the texts that all cells share: they lie in memory.
const SHARED: u64 = 32 * 1024 * 1024;

/// The files in a file.
const FILES: usize = 1000;

/// Reads all rows by their numbers in the sheet; those of a further sheet go on after those of the one before.
pub fn read(
    mut file: File,
    content: Content,
    ignored: &mut Vec<String>,
    take: &mut Take<'_>,
) -> Result<(), Problem> {
    measure(&mut file)?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(broken)?;
    let (mut count, mut last, mut is_known) = (Count::default(), 0, false);
    let mut refusal = None;
    for name in book.sheet_names() {
        let mut sheet = Sheet {
            content,
            columns: None,
            before: last,
            last,
        };
        match sheet.read(&mut book, &name, ignored, &mut count, take) {
            Ok(true) => return Ok(()),
            Ok(false) => is_known = true,
            // A sheet without columns holds something else.
            Err(problem) if sheet.columns.is_none() => {
                refusal.get_or_insert(problem);
            }
            Err(problem) => return Err(problem),
        }
        last = sheet.last;
    }
    match refusal {
        Some(problem) if !is_known => Err(problem),
        _ => Ok(()),
    }
}

/// One sheet of a book.
struct Sheet {
    content: Content,
    columns: Option<Columns>,
    before: i32,
    last: i32,
}

impl Sheet {
    /// Whether nobody wants more.
    fn read(
        &mut self,
        book: &mut Xlsx<BufReader<File>>,
        name: &str,
        ignored: &mut Vec<String>,
        count: &mut Count,
        take: &mut Take<'_>,
    ) -> Result<bool, Problem> {
        let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
        let mut row: Option<(u32, Vec<(u32, String)>)> = None;
        loop {
            let cell = cells.next_cell().map_err(broken)?;
            let next = cell.as_ref().map(|cell| cell.get_position());
            if let Some((number, _)) = row.as_ref()
                && next.map(|(row, _)| row) != Some(*number)
                && let Some((number, whole)) = row.take()
                && self.row(number, whole, ignored, count, take)?
            {
                return Ok(true);
            }
            let (Some(cell), Some((number, place))) = (cell, next) else {
                break;
            };
            let (_, whole) = row.get_or_insert_with(|| (number, Vec::new()));
            whole.push((place, written(cell.get_value())));
        }
        match self.columns {
            Some(_) => Ok(false),
            None => Err(malformed("the column code is missing")),
        }
    }

    fn row(
        &mut self,
        number: u32,
        cells: Vec<(u32, String)>,
        ignored: &mut Vec<String>,
        count: &mut Count,
        take: &mut Take<'_>,
    ) -> Result<bool, Problem> {
        if cells.iter().all(|(_, cell)| cell.trim().is_empty()) {
            return Ok(false);
        }
        let row = i32::try_from(number).unwrap_or(i32::MAX / 2) + 1 + self.before;
        if row <= self.last {
            return Err(malformed(format!("row {row} does not stand in its place")));
        }
        self.last = row;
        let Some(columns) = &self.columns else {
            self.columns = Some(header(self.content, &cells, ignored)?);
            return Ok(false);
        };
        count.one()?;
        let mut line = Line::new(row);
        for column in columns.names() {
            line.add(column, "")?;
        }
        for (place, cell) in &cells {
            let place = usize::try_from(*place).ok();
            if let Some(column) = place.and_then(|place| columns.at(place)) {
                line.add(column, cell)?;
            }
        }
        Ok(!line.is_empty() && take(line).is_break())
    }
}

/// The row of names, with gaps where no cell stands.
fn header(
    content: Content,
    cells: &[(u32, String)],
    ignored: &mut Vec<String>,
) -> Result<Columns, Problem> {
    let width = cells.iter().map(|(place, _)| *place).max().unwrap_or(0);
    let names = (0..=width).map(|place| {
        let found = cells.iter().find(|(one, _)| *one == place);
        found.map_or("", |(_, name)| name.as_str())
    });
    Columns::of(content, names, ignored)
}

/// A cell as people see it, nearly: numbers to fifteen digits, as spreadsheets count.
fn written(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::DateTime(time) => decimal(time.as_f64()),
        DataRef::Bool(is_so) => is_so.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// Unpacks everything once, and keeps nothing.
fn measure(file: &mut File) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(BufReader::new(&mut *file)).map_err(|_| damaged())?;
    if archive.len() > FILES {
        return Err(too_much());
    }
    let mut left = UNPACKED;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| damaged())?;
        let is_shared = part
            .name()
            .is_ok_and(|name| name.ends_with("sharedStrings.xml"));
        let most = if is_shared { SHARED.min(left) } else { left };
        let length = copy(&mut part.take(most + 1), &mut sink()).map_err(|_| damaged())?;
        if length > most {
            return Err(too_much());
        }
        left -= length;
    }
    drop(archive);
    file.rewind().map_err(unreadable)
}

fn too_much() -> Problem {
    malformed("unpacked, the file is larger than it may be")
}

fn damaged() -> Problem {
    malformed("the file is no XLSX, or it is damaged")
}

fn broken(error: XlsxError) -> Problem {
    tracing::debug!(%error, "an XLSX was not read");
    damaged()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_spreadsheets_show_them() {
        for (number, text) in [
            (1234.5, "1234.5"),
            (7.0, "7"),
            (0.1 + 0.2, "0.3"),
            (123_456_789_012.0, "123456789012"),
            (-5.0, "-5"),
        ] {
            assert_eq!(decimal(number), text);
        }
    }
}
