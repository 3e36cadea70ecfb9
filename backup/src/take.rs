//! Making a backup.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use chrono::Utc;
use serde::Deserialize;
use tokio_postgres::Client;

use crate::entry::{Entry, Kind, StoredFile, Wal};
use crate::moment::{self, Moment};
use crate::repository::Repository;
use crate::rows::{self, Rows};
use crate::source::{Facts, failed};
use crate::stored::Writer;
use crate::{Error, Key, Progress, Source, logical, schema, wal};

/// How much of the server's files is copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// All of them.
    #[default]
    Full,
    /// What has changed since the last full one.
    Differential,
    /// What has changed since the last one.
    Incremental,
}

impl Depth {
    /// What pgBackRest calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Differential => "diff",
            Self::Incremental => "incr",
        }
    }
}

/// How to make one.
#[derive(Debug, Clone)]
pub struct Take {
    /// All files of the server, or the rows of one database.
    pub kind: Kind,
    /// How much of the files; whole copies are what every engine makes.
    pub depth: Depth,
    /// Something to write beside it.
    pub label: Option<String>,
    /// Whether rows are counted, so that a drill can compare them. For this every table is locked against writers once, for
    /// some milliseconds.
    pub count: bool,
    /// Connections that count.
    pub jobs: usize,
}

/// Makes a backup, and tells what it is.
///
/// # Errors
/// See [`Error`]. A backup that failed is not listed, and harms none that was made before.
pub async fn take(
    root: &Path,
    key: Option<Key>,
    source: &Source,
    how: &Take,
    progress: &Arc<Progress>,
) -> Result<Entry, Error> {
    let client = source.connect().await?;
    let facts = source.facts(&client).await?;
    let repository = Repository::open_for(root, key, &facts.system_identifier)?;
    let _lock = repository.lock()?;
    // What it will take is not known before; a third of it is what a market compresses to.
    space(root, facts.data_bytes / 3)?;
    let started_at = Utc::now();
    let (id, folder) = repository.begin(how.kind, started_at)?;
    let target = format!("kardan backup {id}");
    let key = repository.key();

    let mut files = Vec::new();
    let (wal, moment) = match how.kind {
        Kind::Physical => {
            wal::hold(&client).await?;
            let copied = copy(source, &facts, &target, &folder, key, progress).await?;
            files.push(copied.file);
            progress.begin("WAL", 0);
            let moment = mark(source, &client, &target, how.count).await?;
            files.push(
                wal::store(&client, &copied.range.end, &moment.target_lsn, &folder, key).await?,
            );
            let wal = Wal {
                timeline: copied.range.timeline,
                start: copied.range.start,
                end: copied.range.end,
                target,
                target_lsn: moment.target_lsn.clone(),
            };
            (Some(wal), moment)
        }
        Kind::Logical => {
            let moment = mark(source, &client, &target, how.count).await?;
            files.extend(
                logical::dump(source, &facts, moment.snapshot(), &folder, key, progress).await?,
            );
            (None, moment)
        }
    };
    let counted = match moment.found {
        None => None,
        Some(moment) => {
            let text = schema::dump(source, Some(&moment.snapshot)).await?;
            files.push(put(&folder, "schema.sql", key, text.as_bytes())?);
            let rows = count(source, moment, how.jobs, progress).await?;
            let text = serde_json::to_vec(&rows)
                .map_err(|error| Error::Unfit(format!("rows cannot be written: {error}")))?;
            files.push(put(&folder, "rows.json", key, &text)?);
            Some(rows::counted(&rows))
        }
    };
    let entry = Entry {
        id,
        kind: how.kind,
        label: how.label.clone(),
        started_at,
        finished_at: Utc::now(),
        server_version: facts.version,
        system_identifier: facts.system_identifier,
        database: facts.database,
        data_bytes: facts.data_bytes,
        wal,
        counted,
        is_encrypted: key.is_some(),
        files,
        engine_bytes: None,
    };
    repository.complete(&folder, &entry)?;
    Ok(entry)
}

/// The point to which a copy is recovered, and what is seen there when rows are to be counted.
struct Marked {
    target_lsn: String,
    found: Option<Moment>,
}

impl Marked {
    fn snapshot(&self) -> Option<&str> {
        self.found.as_ref().map(|moment| moment.snapshot.as_str())
    }
}

async fn mark(
    source: &Source,
    client: &Client,
    target: &str,
    count: bool,
) -> Result<Marked, Error> {
    if count {
        let moment = moment::find(source, target).await?;
        return Ok(Marked {
            target_lsn: moment.target_lsn.clone(),
            found: Some(moment),
        });
    }
    let target_lsn = client
        .query_one("select pg_create_restore_point($1)::text", &[&target])
        .await
        .map_err(Error::sql("make a restore point"))?
        .get(0);
    Ok(Marked {
        target_lsn,
        found: None,
    })
}

async fn count(
    source: &Source,
    moment: Moment,
    jobs: usize,
    progress: &Arc<Progress>,
) -> Result<Rows, Error> {
    let mut clients = Vec::new();
    for _ in 1..jobs.max(1) {
        let client = source.connect().await?;
        let see = format!(
            "begin isolation level repeatable read read only; set transaction snapshot '{}'",
            moment.snapshot
        );
        client
            .batch_execute(&see)
            .await
            .map_err(Error::sql("share a snapshot"))?;
        clients.push(client);
    }
    clients.push(moment.session);
    rows::count(clients, &moment.tables, None, progress).await
}

/// Stores something small.
pub fn put(
    folder: &Path,
    name: &str,
    key: Option<&Key>,
    bytes: &[u8],
) -> Result<StoredFile, Error> {
    let mut writer = Writer::create(folder, name, key)?;
    writer
        .write_all(bytes)
        .map_err(Error::file("write", &folder.join(name)))?;
    writer.finish()
}

/// Refuses when a place has less room than this.
pub fn space(place: &Path, needed: u64) -> Result<(), Error> {
    let free = free_bytes(place)?;
    if free < needed {
        return Err(Error::Space {
            path: place.to_owned(),
            free,
            needed,
        });
    }
    Ok(())
}

/// Bytes that may still be written at a place, which need not be there yet.
///
/// # Errors
/// [`Error::File`].
pub fn free_bytes(place: &Path) -> Result<u64, Error> {
    let place = std::path::absolute(place).map_err(Error::file("find", place))?;
    let there = place.ancestors().find(|part| part.exists());
    let there = there.unwrap_or(&place);
    let said =
        rustix::fs::statvfs(there).map_err(|error| Error::file("look at", there)(error.into()))?;
    Ok(said.f_bavail * said.f_frsize)
}

/// A copy of the server's files.
struct Copied {
    file: StoredFile,
    range: Range,
}

/// The part of `backup_manifest` that is wanted here.
#[derive(Debug, Deserialize)]
struct Manifest {
    #[serde(rename = "WAL-Ranges")]
    ranges: Vec<Range>,
}

#[derive(Debug, Deserialize)]
struct Range {
    #[serde(rename = "Timeline")]
    timeline: u32,
    #[serde(rename = "Start-LSN")]
    start: String,
    #[serde(rename = "End-LSN")]
    end: String,
}

async fn copy(
    source: &Source,
    facts: &Facts,
    label: &str,
    folder: &Path,
    key: Option<&Key>,
    progress: &Arc<Progress>,
) -> Result<Copied, Error> {
    progress.begin("copying files", facts.data_bytes);
    let mut command = source.command("pg_basebackup");
    command.args([
        "--pgdata=-",
        "--format=tar",
        "--wal-method=fetch",
        "--checkpoint=fast",
        "--no-password",
        "--label",
        label,
    ]);
    let (folder, key, progress) = (PathBuf::from(folder), key.cloned(), Arc::clone(progress));
    tokio::task::spawn_blocking(move || {
        let mut program = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::file("run", Path::new("pg_basebackup")))?;
        let (Some(from), Some(mut said)) = (program.stdout.take(), program.stderr.take()) else {
            return Err(Error::Unfit("pg_basebackup has no output".to_owned()));
        };
        // Read beside, or a talkative program would wait for it.
        let said = std::thread::spawn(move || {
            let mut text = Vec::new();
            said.read_to_end(&mut text).map(|_| text)
        });
        let mut writer = Writer::create(&folder, "base.tar", key.as_ref())?;
        let manifest = through(from, &mut writer, &progress);
        let status = program
            .wait()
            .map_err(Error::file("run", Path::new("pg_basebackup")))?;
        if !status.success() {
            let said = said.join().ok().and_then(Result::ok).unwrap_or_default();
            return Err(failed("pg_basebackup", &status.to_string(), &said));
        }
        let manifest = manifest.map_err(Error::file("write", &folder.join("base.tar")))?;
        let file = writer.finish()?;
        let ranges = serde_json::from_str::<Manifest>(&manifest.unwrap_or_default());
        match ranges.map(|manifest| manifest.ranges) {
            Ok(mut ranges) if ranges.len() == 1 => Ok(Copied {
                file,
                range: ranges.remove(0),
            }),
            _ => Err(Error::Unfit(
                "pg_basebackup gave no manifest with one range of WAL".to_owned(),
            )),
        }
    })
    .await?
}

/// Stores a stream of tar as it comes, and gives the manifest in it.
fn through(from: impl Read, into: &mut Writer, progress: &Progress) -> io::Result<Option<String>> {
    let mut manifest = None;
    let mut tee = Tee {
        from: progress.counting(from),
        into,
    };
    let mut archive = tar::Archive::new(&mut tee);
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()?.as_os_str() == "backup_manifest" {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            manifest = Some(text);
        }
    }
    io::copy(&mut tee, &mut io::sink())?;
    Ok(manifest)
}

/// Writes what is read through it.
struct Tee<'a, R> {
    from: R,
    into: &'a mut Writer,
}

impl<R: Read> Read for Tee<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(bytes)?;
        if let Some(piece) = bytes.get(..count) {
            self.into.write_all(piece)?;
        }
        Ok(count)
    }
}
