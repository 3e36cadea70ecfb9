//! A logical backup into a database of its own, on the server that one is connected to.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;

use crate::entry::Entry;
use crate::source::finish;
use crate::stored::Reader;
use crate::{Error, Progress, Repository, Source};

/// Makes the database and fills it over several connections. Roles that the dump names must be there; `roles.sql` of the backup
/// makes them. Returns what was left out, because a server has it once and in one database only.
///
/// # Errors
/// [`Error::NotEmpty`] when there is such a database; [`Error::Program`], after which the database is taken away again.
pub async fn restore_database(
    repository: &Repository,
    entry: &Entry,
    source: &Source,
    name: &str,
    jobs: usize,
    progress: &Arc<Progress>,
) -> Result<Vec<String>, Error> {
    let dump = entry.dump()?;
    let client = source.connect().await?;
    let is_there = client
        .query_opt("select from pg_database where datname = $1", &[&name])
        .await
        .map_err(Error::sql("list its databases"))?
        .is_some();
    if is_there {
        return Err(Error::NotEmpty(name.into()));
    }
    progress.begin("unpacking", dump.raw_bytes);
    let unpacked = unpack(repository, &repository.folder(&entry.id).join(&dump.name)).await?;
    let mut list = source.command("pg_restore");
    list.arg("--list").arg(unpacked.path());
    let contents = finish("pg_restore", &mut list)?;
    let contents = String::from_utf8_lossy(&contents);
    let (kept, left): (Vec<_>, Vec<_>) = contents.lines().partition(|line| !is_of_the_server(line));
    let mut chosen = scratch_file(&repository.scratch())?;
    chosen
        .write_all(kept.join("\n").as_bytes())
        .map_err(Error::file("write", chosen.path()))?;

    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    client
        .batch_execute(&format!("create database {quoted} template template0"))
        .await
        .map_err(Error::sql("create the database"))?;
    progress.begin("restoring", 0);
    let mut command = source.command("pg_restore");
    command
        .args(["--no-password", "--exit-on-error", "--jobs"])
        .arg(jobs.max(1).to_string())
        .arg("--use-list")
        .arg(chosen.path())
        .arg("--dbname")
        .arg(name)
        .arg(unpacked.path());
    let restored = tokio::task::spawn_blocking(move || finish("pg_restore", &mut command)).await?;
    if let Err(error) = restored {
        client
            .batch_execute(&format!("drop database {quoted}"))
            .await
            .map_err(Error::sql("take half a database away"))?;
        return Err(error);
    }
    Ok(left.into_iter().map(str::to_owned).collect())
}

/// `pg_restore` looks through a dump in a file only.
pub async fn unpack(repository: &Repository, path: &Path) -> Result<NamedTempFile, Error> {
    let (key, scratch, path) = (
        repository.key().cloned(),
        repository.scratch(),
        path.to_owned(),
    );
    tokio::task::spawn_blocking(move || {
        let unpacked = scratch_file(&scratch)?;
        let mut into = File::options()
            .write(true)
            .open(unpacked.path())
            .map_err(Error::file("write", unpacked.path()))?;
        let mut reader = Reader::open(&path, key.as_ref())?;
        io::copy(&mut reader, &mut into)
            .map_err(|error| Error::damaged(&path, error.to_string()))?;
        reader.finish()?;
        Ok(unpacked)
    })
    .await?
}

/// A file for the moment.
pub fn scratch_file(folder: &Path) -> Result<NamedTempFile, Error> {
    NamedTempFile::new_in(folder).map_err(Error::file("create a file in", folder))
}

/// pg_cron lives in one database of a server, which already has it.
pub fn is_of_the_server(line: &str) -> bool {
    !line.starts_with(';')
        && line
            .split_whitespace()
            .any(|word| word == "pg_cron" || word == "cron")
}
