//! What a killed predecessor leaves in the folder: a server without a holder, or a pid file whose
//! number now belongs to somebody else. Called with the lock held, so no living process of ours is
//! concerned.
//!
//! `postmaster.pid` alone proves nothing. A process is a server of this folder when it works in it,
//! as every process of PostgreSQL does; `/proc` shows that. Where there is no `/proc`, nothing is
//! found here and PostgreSQL's own, more timid judgement decides.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Instant;

use rustix::process::{Pid, kill_process};

use crate::Error;
use crate::postmaster::{LOOK, STEPS};

/// The main process of a server that runs in `pg`, whoever started it.
pub(crate) fn running_in(pg: &Path) -> Option<u32> {
    named_in(pg).filter(|pid| works_in(&pid.to_string(), pg))
}

/// Clears the way for a start: stops a server that is still there, and removes a pid file that
/// names a stranger, which PostgreSQL would take for a server when it runs under the same user.
pub(crate) async fn clear(pg: &Path) -> Result<(), Error> {
    if let Some(pid) = running_in(pg) {
        tracing::warn!(
            process.pid = pid,
            "a server was left running in the data folder, stopping it"
        );
        return stop(pid, pg).await;
    }
    let Some(pid) = named_in(pg) else {
        return Ok(());
    };
    // While any process of the old server still writes, its pid file must stay: it leads
    // PostgreSQL to the shared memory that shows this.
    if Path::new("/proc").join(pid.to_string()).exists() && !anybody_works_in(pg) {
        tracing::info!(
            process.pid = pid,
            "removing a pid file that names another program"
        );
        let file = pg.join("postmaster.pid");
        fs::remove_file(&file).map_err(|e| Error::file("remove", &file, e))?;
    }
    Ok(())
}

async fn stop(pid: u32, pg: &Path) -> Result<(), Error> {
    let number = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let Some(number) = number else {
        return Err(Error::DoesNotStop { pid });
    };
    for (signal, patience) in STEPS {
        if let Err(e) = kill_process(number, signal) {
            let e = io::Error::from(e);
            if e.kind() == io::ErrorKind::PermissionDenied {
                return Err(Error::file("stop the server in", pg, e));
            }
        }
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if running_in(pg) != Some(pid) {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }
    Err(Error::DoesNotStop { pid })
}

fn named_in(pg: &Path) -> Option<u32> {
    let text = fs::read_to_string(pg.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

fn works_in(pid: &str, pg: &Path) -> bool {
    match (fs::metadata(format!("/proc/{pid}/cwd")), fs::metadata(pg)) {
        (Ok(theirs), Ok(ours)) => theirs.ino() == ours.ino() && theirs.dev() == ours.dev(),
        _ => false,
    }
}

fn anybody_works_in(pg: &Path) -> bool {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .any(|name| name.bytes().all(|b| b.is_ascii_digit()) && works_in(&name, pg))
}
