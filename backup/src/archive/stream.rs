//! Archiving from outside of the server: `pg_receivewal` takes WAL as it is written, and what it has finished is pushed.
//!
//! The embedded server is archived like this. `archive_command` would be run by the server's own user, who, where root has
//! lent the work to another, reaches neither this program nor the repository nor the key; and it needs a restart. A slot
//! keeps on the server what has not been taken, so an archiver that is killed or absent loses nothing: it goes on where it was.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::name::WalFile;
use super::point::own;
use super::push;
use crate::source::failed;
use crate::{Error, Repository, Source};

/// The slot that keeps WAL for the archive.
pub const SLOT: &str = "kardan_archive";
/// How often finished segments are looked for.
const LOOK: Duration = Duration::from_millis(500);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// How to archive.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Where segments lie until they are whole; on the server's disk, for they are neither compressed nor encrypted.
    pub spool: PathBuf,
}

/// Archives a server until it is told to stop. What fails is told in the log and tried again: meanwhile the server keeps its WAL.
///
/// # Errors
/// [`Error::AnotherServer`], at the beginning.
pub async fn stream(
    source: &Source,
    repository: &Repository,
    how: &Stream,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    own(source, repository).await?;
    tokio::pin!(stop);
    loop {
        match run(source, repository, how, stop.as_mut()).await {
            Ok(()) => return Ok(()),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "archiving was interrupted, and goes on in {} s; the server keeps its WAL",
                AGAIN.as_secs()
            ),
        }
        tokio::select! {
            () = stop.as_mut() => return Ok(()),
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// Lets the server forget what was kept for an archive; whether there was such a slot. It is not taken from a running archiver.
///
/// # Errors
/// What the server says.
pub async fn end_slot(source: &Source) -> Result<bool, Error> {
    let dropped = source
        .connect()
        .await?
        .execute(
            "select pg_drop_replication_slot(s.slot_name) from pg_replication_slots as s
             where s.slot_name = $1 and not s.active",
            &[&SLOT],
        )
        .await
        .map_err(Error::sql("drop a replication slot"))?;
    Ok(dropped > 0)
}

async fn run(
    source: &Source,
    repository: &Repository,
    how: &Stream,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<(), Error> {
    fs::create_dir_all(&how.spool).map_err(Error::file("create", &how.spool))?;
    hold(source).await?;
    let mut receiver = receive(source, &how.spool)?;
    loop {
        tokio::select! {
            () = stop.as_mut() => {
                end(&mut receiver).await?;
                return drain(repository, &how.spool).await;
            }
            ended = receiver.wait() => {
                let status = ended.map_err(Error::file("run", Path::new("pg_receivewal")))?;
                drain(repository, &how.spool).await?;
                let said = receiver.wait_with_output().await.map(|said| said.stderr);
                return Err(failed("pg_receivewal", &status.to_string(), &said.unwrap_or_default()));
            }
            () = tokio::time::sleep(LOOK) => drain(repository, &how.spool).await?,
        }
    }
}

/// From now on the server keeps what was not taken.
async fn hold(source: &Source) -> Result<(), Error> {
    source
        .connect()
        .await?
        .execute(
            "select pg_create_physical_replication_slot($1, true)
             where not exists (select from pg_replication_slots as s where s.slot_name = $1)",
            &[&SLOT],
        )
        .await
        .map_err(Error::sql("keep its WAL (is a replication slot free?)"))?;
    Ok(())
}

fn receive(source: &Source, spool: &Path) -> Result<Child, Error> {
    let mut command = source.command("pg_receivewal");
    command
        .args(["--no-loop", "--no-password", "--slot", SLOT, "--directory"])
        .arg(spool)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    Command::from(command)
        .kill_on_drop(true)
        .spawn()
        .map_err(Error::file("run", Path::new("pg_receivewal")))
}

/// Ends it as a person would: it then tells the server how far it has come.
async fn end(receiver: &mut Child) -> Result<(), Error> {
    let pid = receiver
        .id()
        .and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(pid) = pid {
        // One that has just ended by itself needs no signal.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    }
    receiver
        .wait()
        .await
        .map_err(Error::file("run", Path::new("pg_receivewal")))?;
    Ok(())
}

/// Pushes what is finished, and takes it away when it is safe.
async fn drain(repository: &Repository, spool: &Path) -> Result<(), Error> {
    let (repository, spool) = (repository.clone(), spool.to_owned());
    tokio::task::spawn_blocking(move || {
        let mut finished = Vec::new();
        for found in fs::read_dir(&spool).map_err(Error::file("read", &spool))? {
            let path = found.map_err(Error::file("read", &spool))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Ok(WalFile::Segment(_) | WalFile::History(_)) = name.parse() {
                finished.push(path);
            }
        }
        finished.sort();
        for path in finished {
            push(&repository, &path)?;
            fs::remove_file(&path).map_err(Error::file("remove", &path))?;
        }
        Ok(())
    })
    .await?
}
