//! From a physical backup to files that a server starts on.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

use crate::entry::Entry;
use crate::source::finish;
use crate::stored::Reader;
use crate::take::space;
use crate::{Error, Plan, Progress, Repository, Target, archive, programs};

/// What a restore made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Restored {
    /// The data directory.
    pub data: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
}

/// Restores a backup as `FOLDER/pg`, checks every file against the manifest, and leaves it such that the server recovers to
/// the point of the backup when it is started.
///
/// # Errors
/// [`Error::NotEmpty`] and [`Error::Space`] before anything is written; [`Error::Damaged`] and [`Error::Program`] when what came
/// back is not what was copied.
pub async fn restore(
    repository: &Repository,
    entry: &Entry,
    folder: &Path,
    bin_dir: Option<&Path>,
    progress: &Arc<Progress>,
) -> Result<Restored, Error> {
    until(repository, entry, None, folder, bin_dir, progress).await
}

/// The same, to the target of a plan: with the WAL from the archive, so that the server needs nothing else to come there.
///
/// # Errors
/// Those of [`restore`].
pub async fn restore_to(
    repository: &Repository,
    plan: &Plan,
    folder: &Path,
    bin_dir: Option<&Path>,
    progress: &Arc<Progress>,
) -> Result<Restored, Error> {
    until(
        repository,
        &plan.backup,
        Some(plan),
        folder,
        bin_dir,
        progress,
    )
    .await
}

async fn until(
    repository: &Repository,
    entry: &Entry,
    plan: Option<&Plan>,
    folder: &Path,
    bin_dir: Option<&Path>,
    progress: &Arc<Progress>,
) -> Result<Restored, Error> {
    let begun = Instant::now();
    let wal = entry.wal.clone().ok_or_else(|| Error::Kind {
        id: entry.id.clone(),
        is: entry.kind.name(),
        wants: "physical",
    })?;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::NotEmpty(folder.to_owned()));
    }
    let programs = programs::of(entry.server_version, bin_dir)?;
    let stored = |name: &str| {
        let missing = || Error::damaged(&repository.folder(&entry.id), format!("it has no {name}"));
        entry.stored(name).cloned().ok_or_else(missing)
    };
    let (base, segments) = (stored("base.tar")?, stored("wal.tar")?);
    fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    let archived = plan.map(|plan| plan.archived(repository)).transpose()?;
    let archived = archived.unwrap_or_default();
    let bytes = base.raw_bytes + segments.raw_bytes + plan.map_or(0, |plan| plan.wal_bytes);
    space(folder, bytes + bytes / 20)?;
    progress.begin("restoring", bytes);
    let (source, key) = (repository.folder(&entry.id), repository.key().cloned());
    let (data, verify) = (
        folder.join("pg"),
        programs.bin_dir().join("pg_verifybackup"),
    );
    let progress = Arc::clone(progress);
    let place = data.clone();
    let until = plan.map_or_else(
        || (Target::Name(wal.target), wal.timeline),
        |plan| (plan.wish.clone(), plan.timeline),
    );
    tokio::task::spawn_blocking(move || {
        unpack(&source.join(&base.name), key.as_ref(), &data, &progress)?;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700))
            .map_err(Error::file("close", &data))?;
        progress.begin("checking the manifest", 0);
        let mut command = std::process::Command::new(verify);
        command.arg("--quiet").arg("--exit-on-error").arg(&data);
        finish("pg_verifybackup", &mut command)?;
        unpack(
            &source.join(&segments.name),
            key.as_ref(),
            &data.join("pg_wal"),
            &progress,
        )?;
        for stored in archived {
            let to = data.join("pg_wal").join(stored.file.to_string());
            progress.add(archive::unpack(&stored, key.as_ref(), &to)?);
        }
        recover(&data, &until.0, until.1)
    })
    .await??;
    Ok(Restored {
        data: place,
        bytes,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// Unpacks a tar that is stored into a folder.
fn unpack(
    from: &Path,
    key: Option<&crate::Key>,
    into: &Path,
    progress: &Arc<Progress>,
) -> Result<(), Error> {
    fs::create_dir_all(into).map_err(Error::file("create", into))?;
    let mut reader = Reader::open(from, key)?;
    let mut archive = tar::Archive::new(&mut reader);
    let damaged = |error: std::io::Error| Error::damaged(from, error.to_string());
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let bytes = entry.size();
        // Refuses what would leave the folder.
        entry.unpack_in(into).map_err(damaged)?;
        progress.add(bytes);
    }
    reader.finish()
}

/// Recovery to a target, with the WAL that lies in the data directory. Targets of an earlier recovery go: the copy has the
/// settings of the server, which may have been restored itself, and PostgreSQL takes one target only.
fn recover(data: &Path, target: &Target, timeline: u32) -> Result<(), Error> {
    let target = match target {
        Target::Name(name) => format!("recovery_target_name = '{}'\n", name.replace('\'', "''")),
        // A transaction that ended at exactly that time belongs to it.
        Target::Time(time) => format!("recovery_target_time = '{}'\n", time.format("%F %T%.6f+00")),
        // A record that begins at that position does not.
        Target::Lsn(lsn) => {
            format!("recovery_target_lsn = '{lsn}'\nrecovery_target_inclusive = 'off'\n")
        }
        Target::End => String::new(),
    };
    let path = data.join("postgresql.auto.conf");
    let before = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(Error::file("read", &path))?,
    };
    let mut settings: String = before
        .lines()
        .filter(|line| !line.trim_start().starts_with("recovery_target"))
        .flat_map(|line| [line, "\n"])
        .collect();
    settings.push_str(&format!(
        "# Written by kardan backup restore; the server takes these lines into account once.\n\
         restore_command = 'false'\n\
         {target}\
         recovery_target_timeline = '{timeline}'\n\
         recovery_target_action = 'promote'\n\
         # Two servers must not write into one archive. Take this away when the copy stands in for the server that is gone.\n\
         archive_mode = 'off'\n"
    ));
    fs::write(&path, settings).map_err(Error::file("write", &path))?;
    let signal = data.join("recovery.signal");
    fs::File::create(&signal).map_err(Error::file("create", &signal))?;
    Ok(())
}
