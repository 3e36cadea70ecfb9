//! Reads a file in batches of rows: UTF-8 with or without a mark, separated by commas or semicolons.

use std::io::{Cursor, ErrorKind};

use csv_async::{AsyncReader, AsyncReaderBuilder, ByteRecord};
use kardan_schema::UserId;
use kardan_schema::market::ListingFitmentImport;
use tokio::io::{AsyncRead, AsyncReadExt as _, Chain};

use super::Target;
use super::columns::{Columns, malformed};
use crate::cell::plain;
use crate::extract::CsvReader;
use crate::problem::{Own, Problem};

/// Rows that go into the database at a time.
const BATCH: usize = 1000;

/// The rows that a file may have.
const MOST: i32 = 50_000;

/// The bytes in which the first row must end.
const HEADER: usize = 4096;

/// A file that is being read.
pub struct FitmentFile {
    reader: AsyncReader<Chain<Cursor<Vec<u8>>, CsvReader>>,
    columns: Columns,
    row: i32,
}

impl FitmentFile {
    /// Reads the first row: the columns.
    pub async fn open(mut file: CsvReader) -> Result<Self, Problem> {
        let start = beginning(&mut file).await?;
        let mut reader = AsyncReaderBuilder::new()
            .delimiter(separator(&start))
            .has_headers(false)
            .flexible(true)
            .create_reader(Cursor::new(start).chain(file));
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header).await.map_err(broken)?;
        Ok(Self {
            columns: Columns::of(&header)?,
            reader,
            row: 1,
        })
    }

    /// Reads up to [`BATCH`] rows into an import, and whether there may be more. Rows are counted from the file's
    /// first, empty ones left aside.
    pub async fn batch(
        &mut self,
        actor: UserId,
        target: Target,
    ) -> Result<(ListingFitmentImport, bool), Problem> {
        let mut batch = empty(actor, target);
        let mut record = ByteRecord::new();
        while batch.rows.len() < BATCH {
            if !self
                .reader
                .read_byte_record(&mut record)
                .await
                .map_err(broken)?
            {
                return Ok((batch, false));
            }
            self.row += 1;
            if self.row > MOST + 1 {
                return Err(Problem::from(Own::BodyTooLarge).detail(format!("at most {MOST} rows")));
            }
            batch.rows.push(self.row);
            for (name, column) in [
                ("listing_id", &mut batch.listings),
                ("make", &mut batch.makes),
                ("model", &mut batch.models),
                ("generation", &mut batch.generations),
                ("year_from", &mut batch.years_from),
                ("year_to", &mut batch.years_to),
                ("note", &mut batch.notes),
            ] {
                column.push(self.cell(&record, name)?);
            }
        }
        Ok((batch, true))
    }

    /// A cell; empty when the row or the file does not have it.
    fn cell(&self, record: &ByteRecord, name: &str) -> Result<String, Problem> {
        let place = self.columns.place(name);
        let bytes = place
            .and_then(|place| record.get(place))
            .unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(plain(text).to_owned()),
            Err(_) => Err(malformed(format!("row {} is not UTF-8", self.row))),
        }
    }
}

/// The beginning of a file, at least its first row, without the mark of UTF-8.
async fn beginning(file: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Problem> {
    let mut start = Vec::with_capacity(HEADER);
    while !start.contains(&b'\n') && start.len() < HEADER {
        let read = file.read_buf(&mut start).await;
        if read.map_err(|error| broken(error.into()))? == 0 {
            break;
        }
    }
    if start.starts_with(b"\xEF\xBB\xBF") {
        start.drain(..3);
    }
    Ok(start)
}

/// What separates the cells: the commoner one of the first row.
fn separator(start: &[u8]) -> u8 {
    let first = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    if count(b';') > count(b',') {
        b';'
    } else {
        b','
    }
}

fn broken(error: csv_async::Error) -> Problem {
    match error.into_kind() {
        csv_async::ErrorKind::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
            Own::BodyTooLarge.into()
        }
        csv_async::ErrorKind::Io(_) => Own::BadRequest.into(),
        _ => malformed("the rows cannot be told apart"),
    }
}

fn empty(actor: UserId, target: Target) -> ListingFitmentImport {
    ListingFitmentImport {
        actor,
        listing: target.listing(),
        shop: target.shop(),
        rows: Vec::new(),
        listings: Vec::new(),
        makes: Vec::new(),
        models: Vec::new(),
        generations: Vec::new(),
        years_from: Vec::new(),
        years_to: Vec::new(),
        notes: Vec::new(),
    }
}
