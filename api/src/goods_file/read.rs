//! Reads a file on a thread of its own and sends it on in batches. Two batches at most wait, so that a slow database
//! holds up the reader and nothing piles up in memory.

use std::io::{Read as _, Seek as _};
use std::ops::ControlFlow;

use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};

use super::columns::Content;
use super::line::Line;
use super::spool::{GoodsFile, unreadable};
use super::{csv, malformed, xlsx, yml};
use crate::problem::Problem;

/// Rows that go into the database at a time.
const BATCH: usize = 1000;

/// Batches that wait for it.
const WAITING: usize = 2;

/// A file that is being read.
pub struct Reading {
    /// Its rows, as arrays of at most [`BATCH`].
    batches: Receiver<Value>,
    work: JoinHandle<Result<Vec<String>, Problem>>,
}

impl Reading {
    /// Begins to read.
    pub fn begin(file: GoodsFile, content: Content) -> Self {
        let (sender, batches) = channel(WAITING);
        let work = spawn_blocking(move || read(file, content, &sender));
        Self { batches, work }
    }

    /// The next batch; none at the end of the file, and when it breaks off: [`Self::end`] tells.
    pub async fn batch(&mut self) -> Option<Value> {
        self.batches.recv().await
    }

    /// The names of columns that said nothing, or why the file could not be read.
    pub async fn end(self) -> Result<Vec<String>, Problem> {
        drop(self.batches);
        self.work.await.unwrap_or_else(|error| {
            // What a file can bring a parser to do is the file's fault.
            tracing::error!(%error, "a file of goods broke its reader");
            Err(malformed("the file cannot be read"))
        })
    }
}

fn read(
    mut file: GoodsFile,
    content: Content,
    batches: &Sender<Value>,
) -> Result<Vec<String>, Problem> {
    let mut ignored = Vec::new();
    let mut batch = Vec::with_capacity(BATCH);
    let mut take = |line: Line| {
        batch.push(line.into_value());
        if batch.len() < BATCH || send(batches, &mut batch) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    match kind(&mut file).map_err(unreadable)? {
        Kind::Xlsx => xlsx::read(file.file, content, &mut ignored, &mut take)?,
        Kind::Yml => yml::read(file, content, &mut take)?,
        Kind::Csv => csv::read(file, content, &mut ignored, &mut take)?,
    }
    if !batch.is_empty() {
        send(batches, &mut batch);
    }
    Ok(ignored)
}

/// Whether somebody still takes the rows.
fn send(batches: &Sender<Value>, batch: &mut Vec<Value>) -> bool {
    let full = std::mem::replace(batch, Vec::with_capacity(BATCH));
    batches.blocking_send(Value::Array(full)).is_ok()
}

/// What a file is.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Xlsx,
    Yml,
}

/// By its first bytes: what it calls itself is often wrong.
fn kind(file: &mut GoodsFile) -> std::io::Result<Kind> {
    let mut start = Vec::new();
    file.file.by_ref().take(512).read_to_end(&mut start)?;
    file.file.rewind()?;
    if start.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Xlsx);
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(match first {
        Some(b'<') => Kind::Yml,
        _ => Kind::Csv,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[tokio::test]
    async fn a_reader_waits_for_whoever_takes_the_rows_and_holds_two_batches_at_most() {
        let mut file = tempfile::tempfile().unwrap();
        let rows: String = (0..20_000).map(|row| format!("A-{row},1\n")).collect();
        write!(file, "code,price\n{rows}").unwrap();
        file.rewind().unwrap();
        let charset = None;
        let mut reading = Reading::begin(GoodsFile { file, charset }, Content::PriceList);
        let (mut count, mut most) = (0, 0);
        while let Some(batch) = reading.batch().await {
            // Gives the reader all the time that it could want.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            most = most.max(reading.batches.len());
            count += batch.as_array().map_or(0, Vec::len);
        }
        assert_eq!(count, 20_000);
        assert!(most <= WAITING, "{most}");
        assert!(reading.end().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_reader_ends_when_nobody_takes_its_rows() {
        let mut file = tempfile::tempfile().unwrap();
        write!(file, "code\n{}", "A\n".repeat(50_000)).unwrap();
        file.rewind().unwrap();
        let charset = None;
        let mut reading = Reading::begin(GoodsFile { file, charset }, Content::PriceList);
        reading.batch().await;
        assert!(reading.end().await.is_ok());
    }
}
