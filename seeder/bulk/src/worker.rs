//! One connection of a load: chunks by COPY or by a statement, each a transaction with its row in the ledger.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use futures_util::SinkExt as _;
use tokio_postgres::{Client, CopyInSink};
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::Error;
use crate::copy::{HEADER, Rows, TRAILER};
use crate::engine::FRAME;
use crate::ledger::{self, Range};
use crate::market::Market;
use crate::prepare;
use crate::progress::Progress;
use crate::tables::{Derived, Table};

/// A part of the work.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Task {
    Rows(&'static Table, Range),
    Derive(Derived, Range),
    /// A statement over the listings from $1 to $2 that may be repeated.
    Anew(&'static str, Range),
    Rebuild(usize),
    Analyze(&'static str),
}

/// A connection that takes one part of the work after another.
pub(crate) struct Worker {
    pub(crate) client: Client,
    pub(crate) market: Arc<Market>,
    pub(crate) progress: Arc<Progress>,
    pub(crate) stop: CancellationToken,
    pub(crate) rebuilds: Arc<Vec<Vec<prepare::Rebuild>>>,
}

impl Worker {
    pub(crate) async fn run(&mut self, task: Task) -> Result<(), Error> {
        if self.stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        match task {
            Task::Rows(table, range) => self.rows(table, range).await,
            Task::Derive(derived, range) => self.derive(derived, range).await,
            Task::Anew(statement, range) => {
                let (first, last) = numbers(range);
                self.client.execute(statement, &[&first, &last]).await?;
                Ok(())
            }
            Task::Rebuild(at) => {
                for rebuild in Arc::clone(&self.rebuilds).get(at).into_iter().flatten() {
                    prepare::make(&mut self.client, rebuild).await?;
                }
                Ok(())
            }
            Task::Analyze(table) => {
                self.client
                    .batch_execute(&format!("analyze {table}"))
                    .await?;
                Ok(())
            }
        }
    }

    async fn rows(&mut self, table: &'static Table, range: Range) -> Result<(), Error> {
        let since = Instant::now();
        let counts = self.progress.of(table.name);
        let columns = table.columns.join(", ");
        let statement = format!(
            "copy {} ({columns}) from stdin (format binary)",
            table.relation()
        );
        let tx = self.client.transaction().await?;
        let sink: CopyInSink<Bytes> = tx.copy_in(&statement).await?;
        let mut sink = pin!(sink);
        sink.send(Bytes::from_static(&HEADER)).await?;
        let mut rows = Rows::with_capacity(FRAME + FRAME / 4);
        let mut told = 0;
        for number in range.first..range.end {
            (table.write)(&self.market, number, &mut rows);
            if rows.len() >= FRAME {
                if self.stop.is_cancelled() {
                    // Dropped: the server rolls the chunk back.
                    return Err(Error::Stopped);
                }
                let frame = rows.take();
                counts
                    .bytes
                    .fetch_add(frame.len() as u64, Ordering::Relaxed);
                counts
                    .done
                    .fetch_add(number + 1 - range.first - told, Ordering::Relaxed);
                told = number + 1 - range.first;
                sink.send(Bytes::from(frame)).await?;
            }
        }
        let frame = rows.take();
        counts
            .bytes
            .fetch_add(frame.len() as u64, Ordering::Relaxed);
        sink.send(Bytes::from(frame)).await?;
        sink.send(Bytes::from_static(&TRAILER)).await?;
        sink.finish().await?;
        ledger::note(&tx, table.name, table.version, range, rows.counted()).await?;
        tx.commit().await?;
        counts
            .done
            .fetch_add(range.end - range.first - told, Ordering::Relaxed);
        counts.rows.fetch_add(rows.counted().0, Ordering::Relaxed);
        counts
            .busy_us
            .fetch_add(since.elapsed().as_micros() as u64, Ordering::Relaxed);
        Ok(())
    }

    async fn derive(&mut self, derived: Derived, range: Range) -> Result<(), Error> {
        let since = Instant::now();
        let counts = self.progress.of(derived.name);
        let tx = self.client.transaction().await?;
        let (first, last) = numbers(range);
        tx.execute(derived.statement, &[&first, &last]).await?;
        ledger::note(&tx, derived.name, 1, range, (0, 0)).await?;
        tx.commit().await?;
        counts
            .done
            .fetch_add(range.end - range.first, Ordering::Relaxed);
        counts
            .busy_us
            .fetch_add(since.elapsed().as_micros() as u64, Ordering::Relaxed);
        Ok(())
    }
}

/// The first and the last number of a range; they begin with 1.
const fn numbers(range: Range) -> (i64, i64) {
    (range.first.cast_signed() + 1, range.end.cast_signed())
}
