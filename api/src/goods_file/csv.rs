//! CSV: commas, semicolons, tabs or bars between cells, the names of the columns in the first row.

use std::io::{BufRead as _, BufReader, Cursor, Read as _};

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::columns::{Columns, Content};
use super::line::{Count, Line, Take};
use super::spool::unreadable;
use super::{GoodsFile, malformed, text};
use crate::problem::Problem;

/// The bytes in which the first row must end.
const HEADER: u64 = 16 * 1024;

/// Reads all rows; the row of names is row 1, empty rows do not count.
pub fn read(
    file: GoodsFile,
    content: Content,
    ignored: &mut Vec<String>,
    take: &mut Take<'_>,
) -> Result<(), Problem> {
    let mut text = BufReader::new(text::open(file.file, file.charset.as_deref())?);
    let mut start = Vec::new();
    let mut first = text.by_ref().take(HEADER);
    first.read_until(b'\n', &mut start).map_err(unreadable)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(&start))
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(start).chain(text));
    let (mut record, mut row, mut count) = (StringRecord::new(), 1, Count::default());
    reader.read_record(&mut record).map_err(broken)?;
    let columns = Columns::of(content, record.iter(), ignored)?;
    while reader.read_record(&mut record).map_err(broken)? {
        count.one()?;
        row += 1;
        let mut line = Line::new(row);
        for (place, cell) in record.iter().enumerate() {
            if let Some(column) = columns.at(place) {
                line.add(column, cell)?;
            }
        }
        if !line.is_empty() && take(line).is_break() {
            break;
        }
    }
    Ok(())
}

/// What separates the cells: the commonest one of the first row, outside of quotes.
fn separator(start: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in start {
        is_quoted ^= *byte == b'"';
        let found = counts.iter_mut().find(|(one, _)| one == byte && !is_quoted);
        if let Some((_, count)) = found {
            *count += 1;
        }
    }
    // Of equals the first.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    best.map_or(b',', |(one, _)| *one)
}

fn broken(error: csv::Error) -> Problem {
    match error.into_kind() {
        ErrorKind::Io(error) => unreadable(error),
        _ => malformed("the rows cannot be told apart"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_separated_by_what_separates_the_names_of_the_columns() {
        assert_eq!(separator(b"code,price\n"), b',');
        assert_eq!(separator(b"code;\"price, net\";stock\n"), b';');
        assert_eq!(separator(b"code\tprice\n"), b'\t');
        assert_eq!(separator(b"code|price\n"), b'|');
        assert_eq!(separator(b"code\n"), b',');
    }
}
