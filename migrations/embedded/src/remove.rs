//! Deleting a data folder, for a start from nothing. Only what this crate put there goes.

use std::fs;
use std::io;
use std::path::Path;

use crate::folder::Folder;
use crate::lock::Lock;
use crate::orphan::running_in;
use crate::{Error, socket};

/// Deletes the cluster of a data folder with its log, socket, port and password, and the folder
/// itself if nothing else is in it. A folder without a cluster is left as it is.
///
/// # Errors
/// [`Error::Busy`] when a server runs there, be it this crate's or started by hand;
/// [`Error::NotACluster`] when `pg` is something else; [`Error::NotWritable`].
pub async fn remove(data_dir: &Path) -> Result<(), Error> {
    let folder = Folder::choose(data_dir)?;
    if !folder.pg().exists() {
        return Ok(());
    }
    let root = folder.root.clone();
    // Thousands of files: not on a thread that others wait for.
    let done = tokio::task::spawn_blocking(move || delete(&folder)).await;
    done.unwrap_or_else(|e| {
        let source = io::Error::other(e);
        Err(Error::System {
            operation: "remove",
            path: root,
            source,
        })
    })
}

fn delete(folder: &Folder) -> Result<(), Error> {
    let _lock = Lock::take(folder)?;
    let pg = folder.pg();
    if let Some(pid) = running_in(&pg) {
        return Err(Error::Busy {
            data_dir: folder.root.clone(),
            pid: Some(pid),
        });
    }
    if !pg.join("PG_VERSION").is_file() {
        return Err(Error::NotACluster { pg });
    }
    // Under this name an interrupted removal is finished by the next start.
    let gone = pg.with_file_name("pg.new");
    gone_or(fs::remove_dir_all(&gone), &gone)?;
    fs::rename(&pg, &gone).map_err(|e| Error::file("remove", &pg, e))?;
    gone_or(fs::remove_dir_all(&gone), &gone)?;

    let log = folder.log_file();
    for file in [
        log.with_extension("log.old"),
        log,
        folder.port_file(),
        folder.password_file(),
    ] {
        gone_or(fs::remove_file(&file), &file)?;
    }
    let socket_dir = socket::place(folder);
    for entry in fs::read_dir(&socket_dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(".s.PGSQL.") {
            gone_or(fs::remove_file(entry.path()), &entry.path())?;
        }
    }
    let lock = folder.lock_file();
    gone_or(fs::remove_file(&lock), &lock)?;
    // What people put beside our files keeps these folders.
    for dir in [&socket_dir, &folder.log_dir(), &folder.root] {
        let _ = fs::remove_dir(dir);
    }
    Ok(())
}

fn gone_or(result: io::Result<()>, path: &Path) -> Result<(), Error> {
    match result {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::file("remove", path, e)),
        _ => Ok(()),
    }
}
