//! Every row into files instead of a database, one file a table: CSV and SQL that PostgreSQL reads, and Parquet for everything
//! else. The rows and their fingerprints are those of a seeded database.

mod column;
mod files;
mod parquet;
mod text;

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use self::column::{Column, columns};
use self::files::{index, name_of, prepare};
use crate::Error;
use crate::catalogue::Catalogue;
use crate::engine::{FRAME, Options, chosen, connect};
use crate::market::Market;
use crate::progress::Progress;
use crate::tables::Table;

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `copy … with (format csv, header)` reads it: texts in quotes, null without.
    Csv,
    /// Apache Parquet with zstd; moments are microseconds in UTC, and `infinity` is the last of them.
    Parquet,
    /// A script for `psql`: `copy … from stdin`.
    Sql,
}

impl Format {
    /// How names of such files end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Sql => "sql",
        }
    }
}

/// A file that was written.
#[derive(Debug, serde::Serialize)]
pub struct Exported {
    /// The table.
    pub table: &'static str,
    /// The file, within the folder.
    pub file: String,
    /// Rows.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// The sum over the rows, as a seeded database has it.
    pub fingerprint: String,
}

/// Takes the rows of one table.
trait Sink {
    /// Takes rows as COPY has them.
    fn write(&mut self, rows: &[u8]) -> std::io::Result<()>;
    /// Ends the file.
    fn finish(self: Box<Self>) -> std::io::Result<()>;
}

/// Writes every row over the catalogue of this database into files of this folder, which must be empty or not there. Writes
/// nothing into the database.
///
/// # Errors
/// When the folder holds something, the disk is full, the database refuses, or it was stopped; a file that is not whole has
/// `.part` after its name.
pub async fn export(
    config: &Config,
    options: &Options,
    (folder, format): (&Path, Format),
    progress: &Arc<Progress>,
    stop: &CancellationToken,
) -> Result<Vec<Exported>, Error> {
    let tables = chosen(&options.only)?;
    prepare(folder)?;
    let client = connect(config).await?;
    let market = options.market(Catalogue::read(&client).await?);
    progress.enter("files");
    let mut jobs = VecDeque::new();
    for (place, table) in (1_usize..).zip(&tables) {
        let counts = progress.of(table.name);
        let wanted = table.per.count(options.listings);
        counts.wanted.store(wanted, Ordering::Relaxed);
        let name = name_of(place, table.name, format);
        jobs.push_back((*table, name, columns(&client, table).await?));
    }
    drop(client);
    let work = Arc::new(Work {
        market,
        format,
        listings: options.listings,
        folder: folder.to_owned(),
        progress: Arc::clone(progress),
        stop: stop.clone(),
        jobs: Mutex::new(jobs),
    });
    let mut threads = tokio::task::JoinSet::new();
    for _ in 0..options.jobs.clamp(1, tables.len()) {
        let work = Arc::clone(&work);
        threads.spawn_blocking(move || work.run());
    }
    let mut done = Vec::new();
    while let Some(files) = threads.join_next().await {
        // The first failure lets the others end with the file that they are at.
        done.extend(files?.inspect_err(|_| work.empty())?);
    }
    done.sort_by(|one: &Exported, other| one.file.cmp(&other.file));
    index(&work.market, folder, format, &done)?;
    Ok(done)
}

type Job = (&'static Table, String, Vec<Column>);

/// What threads take their tables from.
struct Work {
    market: Market,
    format: Format,
    listings: u64,
    folder: PathBuf,
    progress: Arc<Progress>,
    stop: CancellationToken,
    jobs: Mutex<VecDeque<Job>>,
}

impl Work {
    fn next(&self) -> Option<Job> {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    }

    fn empty(&self) {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn run(&self) -> Result<Vec<Exported>, Error> {
        std::iter::from_fn(|| self.next())
            .map(|job| self.table(job))
            .collect()
    }

    fn table(&self, (table, file, columns): Job) -> Result<Exported, Error> {
        let (path, part) = (
            self.folder.join(&file),
            self.folder.join(format!("{file}.part")),
        );
        let out = BufWriter::with_capacity(FRAME, File::create_new(&part)?);
        let mut sink: Box<dyn Sink> = match self.format {
            Format::Csv => Box::new(text::Csv::new(out, columns)?),
            Format::Sql => Box::new(text::Sql::new(out, table, columns)?),
            Format::Parquet => Box::new(parquet::Parquet::new(out, columns)?),
        };
        let counts = self.progress.of(table.name);
        let (count, sum) = table.frames(&self.market, self.listings, |done, frame| {
            if self.stop.is_cancelled() {
                return Err(Error::ExportStopped);
            }
            sink.write(&frame)?;
            counts.done.store(done, Ordering::Relaxed);
            counts
                .bytes
                .fetch_add(frame.len() as u64, Ordering::Relaxed);
            Ok(())
        })?;
        sink.finish()?;
        std::fs::rename(&part, &path)?;
        counts.rows.store(count, Ordering::Relaxed);
        Ok(Exported {
            table: table.name,
            bytes: std::fs::metadata(&path)?.len(),
            file,
            rows: count,
            fingerprint: format!("{sum:016x}"),
        })
    }
}
