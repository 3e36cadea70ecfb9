//! The proof: a backup is restored to a server of its own, which is then asked for everything.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use kardan_embedded::{Config as ServerConfig, Installation, Server};
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Kind};
use crate::repository::write_json;
use crate::rows::{self, Rows};
use crate::source::{connect, finish};
use crate::stored::Reader;
use crate::{Error, Progress, Repository, Source, programs, restore, schema, verify};

/// How to drill.
#[derive(Debug, Clone)]
pub struct Drill {
    /// The backup, or `latest`.
    pub id: String,
    /// PostgreSQL's programs; `None`: those that are installed for the backup's version.
    pub bin_dir: Option<std::path::PathBuf>,
    /// Connections that count and look through indexes.
    pub jobs: usize,
    /// Whether the restored server is left, stopped, for somebody to look at.
    pub keep: bool,
}

/// Whether a backup is worth its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All of it came back.
    Good,
    /// It did not.
    Bad,
    /// It is restored and whole, but no rows were counted with which it could be compared.
    Unproven,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What.
    pub name: String,
    /// Whether it is as it should be.
    pub is_good: bool,
    /// What was found.
    pub found: String,
    /// How long it took.
    pub seconds: f64,
}

/// What a drill found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The backup.
    pub id: String,
    /// When the drill began.
    pub started_at: DateTime<Utc>,
    /// All in all.
    pub verdict: Verdict,
    /// From the stored files to a server that answers: the time that an emergency would take.
    pub ready_seconds: f64,
    /// Of the whole drill.
    pub seconds: f64,
    /// What was restored, in bytes.
    pub bytes: u64,
    /// Everything that was looked at, in order; a drill ends at the first thing without which nothing else can be looked at.
    pub checks: Vec<Check>,
}

/// Restores a backup and compares it with what was counted when it was made. The report is also kept in the repository.
///
/// # Errors
/// When nothing could be tried: no such backup, no room, no programs. A backup that is bad is no error but a verdict.
pub async fn drill(
    repository: &Repository,
    how: &Drill,
    progress: &Arc<Progress>,
) -> Result<Report, Error> {
    let entry = repository.find(&how.id, Some(Kind::Physical))?;
    let programs = programs::of(entry.server_version, how.bin_dir.as_deref())?;
    let _lock = repository.lock()?;
    let folder = kardan_embedded::place(&repository.scratch().join(&entry.id))?;
    // Of a drill that was broken off.
    remove(&folder).await?;
    let mut run = Run {
        report: Report {
            id: entry.id.clone(),
            started_at: Utc::now(),
            verdict: Verdict::Good,
            ready_seconds: 0.0,
            seconds: 0.0,
            bytes: 0,
            checks: Vec::new(),
        },
        begun: Instant::now(),
        last: Instant::now(),
    };
    run.all(repository, &entry, &folder, &programs, how, progress)
        .await?;
    if !how.keep {
        remove(&folder).await?;
    }
    let mut report = run.report;
    report.seconds = run.begun.elapsed().as_secs_f64();
    if report.checks.iter().any(|check| !check.is_good) {
        report.verdict = Verdict::Bad;
    }
    let name = format!(
        "{}-{}.json",
        report.started_at.format("%Y%m%dT%H%M%SZ"),
        report.id
    );
    write_json(&repository.drills().join(name), &report)?;
    Ok(report)
}

/// Takes away what an earlier drill has left, unless a server runs in it.
async fn remove(folder: &Path) -> Result<(), Error> {
    match kardan_embedded::remove(folder).await {
        // Half a restore.
        Ok(()) | Err(kardan_embedded::Error::NotACluster { .. }) => {}
        Err(error) => return Err(Error::Server(error)),
    }
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::file("remove", folder)(error))
        }
        _ => Ok(()),
    }
}

struct Run {
    report: Report,
    begun: Instant,
    last: Instant,
}

impl Run {
    /// Notes what was found, with the time since the last note; whether it was good.
    fn note(&mut self, name: &'static str, found: Result<String, String>) -> bool {
        let seconds = self.last.elapsed().as_secs_f64();
        self.last = Instant::now();
        let is_good = found.is_ok();
        self.report.checks.push(Check {
            name: name.to_owned(),
            is_good,
            found: found.unwrap_or_else(|why| why),
            seconds,
        });
        is_good
    }

    async fn all(
        &mut self,
        repository: &Repository,
        entry: &Entry,
        folder: &Path,
        programs: &Installation,
        how: &Drill,
        progress: &Arc<Progress>,
    ) -> Result<(), Error> {
        let broken = verify(repository, entry, progress).await?;
        let broken: Vec<_> = broken
            .iter()
            .map(|broken| format!("{}: {}", broken.file, broken.why))
            .collect();
        let files = format!("{} files as they were written", entry.files.len());
        if !self.note("stored", none(broken, files)) {
            return Ok(());
        }

        let begun = Instant::now();
        let restored = match restore(
            repository,
            entry,
            folder,
            Some(programs.bin_dir()),
            progress,
        )
        .await
        {
            Ok(restored) => restored,
            Err(error @ (Error::Space { .. } | Error::Missing { .. } | Error::File { .. })) => {
                return Err(error);
            }
            Err(error) => {
                self.note("restore", Err(chain(&error)));
                return Ok(());
            }
        };
        self.report.bytes = restored.bytes;
        self.note(
            "restore",
            Ok(format!(
                "{} bytes, as the manifest has them",
                restored.bytes
            )),
        );

        progress.begin("recovering", 0);
        isolate(&restored.data)?;
        let server = match Server::start(config(folder, programs, entry)).await {
            Ok(server) => server,
            Err(error) => {
                self.note("recovery", Err(chain(&error)));
                return Ok(());
            }
        };
        self.report.ready_seconds = begun.elapsed().as_secs_f64();
        self.note(
            "recovery",
            Ok("the server answers at the point of the backup".to_owned()),
        );
        let looked = self.look(repository, entry, &server, how, progress).await;
        server.stop().await?;
        looked?;

        progress.begin("checking pages", 0);
        let pages = pages(&restored.data, programs).await?;
        self.note("pages", pages);
        Ok(())
    }

    /// What only a running server can tell.
    async fn look(
        &mut self,
        repository: &Repository,
        entry: &Entry,
        server: &Server,
        how: &Drill,
        progress: &Arc<Progress>,
    ) -> Result<(), Error> {
        let config: tokio_postgres::Config = server
            .url(&entry.database)
            .parse()
            .map_err(Error::Unreachable)?;
        if let Some(rows) = get(repository, entry, "rows.json")? {
            let kept: Rows = serde_json::from_slice(&rows).map_err(|error| {
                Error::damaged(&repository.folder(&entry.id), error.to_string())
            })?;
            let mut clients = Vec::new();
            for _ in 0..how.jobs.max(1) {
                clients.push(connect(&config).await?);
            }
            let compared = match clients.first() {
                Some(client) => rows::tables(client).await?,
                None => Vec::new(),
            };
            let found = rows::count(clients, &compared, Some(&kept), progress).await;
            let outcome = match found {
                Ok(found) => {
                    let counted = rows::counted(&found);
                    none(
                        rows::differences(&kept, &found),
                        format!(
                            "{} rows of {} tables are equal",
                            counted.rows, counted.tables
                        ),
                    )
                }
                Err(error) => Err(chain(&error)),
            };
            self.note("rows", outcome);
        } else {
            self.report.verdict = Verdict::Unproven;
        }
        let source = Source::new(config, Some(server.installation().bin_dir())).await?;
        if let Some(kept) = get(repository, entry, "schema.sql")? {
            progress.begin("comparing definitions", 0);
            let found = schema::dump(&source, None).await?;
            let difference = schema::difference(&String::from_utf8_lossy(&kept), &found);
            self.note(
                "definitions",
                none(difference.into_iter().collect(), "equal".to_owned()),
            );
        }
        progress.begin("checking indexes", 0);
        let mut amcheck = source.command("pg_amcheck");
        amcheck
            .args([
                "--no-password",
                "--install-missing",
                "--heapallindexed",
                "--parent-check",
            ])
            .arg("--jobs")
            .arg(how.jobs.max(1).to_string())
            .arg(&entry.database);
        let checked =
            tokio::task::spawn_blocking(move || finish("pg_amcheck", &mut amcheck)).await?;
        let outcome = match checked {
            Ok(_) => Ok("tables and indexes agree".to_owned()),
            Err(error) => Err(chain(&error)),
        };
        self.note("indexes", outcome);
        Ok(())
    }
}

/// Good when there is nothing to tell; otherwise the first few of it.
fn none(wrong: Vec<String>, good: String) -> Result<String, String> {
    const MOST: usize = 5;
    let Some(last) = wrong.len().checked_sub(1) else {
        return Ok(good);
    };
    let mut told = wrong
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    if last >= MOST {
        told = format!("{told}; and {} more", wrong.len() - MOST);
    }
    Err(told)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    said
}

/// A small file of a backup, by its name without the suffix.
fn get(repository: &Repository, entry: &Entry, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let Some(file) = entry.stored(name) else {
        return Ok(None);
    };
    let path = repository.folder(&entry.id).join(&file.name);
    let mut reader = Reader::open(&path, repository.key())?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut bytes)
        .map_err(|error| Error::damaged(&path, error.to_string()))?;
    reader.finish()?;
    Ok(Some(bytes))
}

/// Leaves nothing of the settings of the server that was copied: no archiving, no jobs, no addresses. Whoever owns the scratch folder
/// gets in by the socket.
fn isolate(data: &Path) -> Result<(), Error> {
    for (name, text) in [
        ("postgresql.conf", ""),
        ("postgresql.auto.conf", ""),
        ("pg_hba.conf", "local all all trust\n"),
        ("pg_ident.conf", ""),
    ] {
        let path = data.join(name);
        fs::write(&path, text).map_err(Error::file("write", &path))?;
    }
    let standby = data.join("standby.signal");
    if standby.exists() {
        fs::remove_file(&standby).map_err(Error::file("remove", &standby))?;
    }
    Ok(())
}

fn config(folder: &Path, programs: &Installation, entry: &Entry) -> ServerConfig {
    let target = entry.wal.as_ref().map(|wal| wal.target.clone());
    let settings = [
        ("listen_addresses", ""),
        ("archive_mode", "off"),
        // Nobody is let in before recovery has come to its end.
        ("hot_standby", "off"),
        ("autovacuum", "off"),
        ("restore_command", "false"),
        (
            "recovery_target_name",
            target.as_deref().unwrap_or_default(),
        ),
        ("recovery_target_timeline", "current"),
        ("recovery_target_action", "promote"),
    ];
    ServerConfig {
        bin_dir: Some(programs.bin_dir().to_owned()),
        settings: settings
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        start_timeout: Duration::from_secs(3600),
        ..ServerConfig::for_tests(folder)
    }
}

/// The checksum of every page, where the server has them.
async fn pages(data: &Path, programs: &Installation) -> Result<Result<String, String>, Error> {
    let mut command = std::process::Command::new(programs.bin_dir().join("pg_checksums"));
    command.arg("--check").arg("--pgdata").arg(data);
    let checked = tokio::task::spawn_blocking(move || finish("pg_checksums", &mut command)).await?;
    Ok(match checked {
        Ok(said) => {
            let said = String::from_utf8_lossy(&said);
            let blocks = said.lines().find(|line| line.starts_with("Blocks scanned"));
            Ok(blocks.unwrap_or("all pages").to_lowercase())
        }
        Err(error) if error.to_string().contains("not enabled") => Ok(
            "the server has no checksums of pages; initdb --data-checksums makes them".to_owned(),
        ),
        Err(error) => Err(chain(&error)),
    })
}
