//! The cluster in `pg/`: recognising one, making one. It is made beside its place and moved there
//! when complete, so that an interrupted `initdb` leaves nothing that looks like a cluster.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;

use crate::folder::{FRESH_BYTES, Folder, free_bytes};
use crate::install::Installation;
use crate::log::{self, Reason};
use crate::{Config, Error};

/// Whether a cluster that this installation can run is there. `false`: one has to be made.
pub(crate) fn exists(folder: &Folder, install: &Installation) -> Result<bool, Error> {
    let pg = folder.pg();
    let version = pg.join("PG_VERSION");
    match fs::read_to_string(&version) {
        Ok(text) if text.trim() == install.major().to_string() => Ok(true),
        Ok(text) => Err(Error::OtherMajor {
            pg,
            found: text.trim().to_owned(),
            have: install.major(),
        }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => match fs::read_dir(&pg) {
            Ok(mut entries) => match entries.next() {
                None => Ok(false),
                Some(_) => Err(Error::NotACluster { pg }),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(Error::file("read", &pg, e)),
        },
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => Err(Error::NotACluster { pg }),
        Err(e) => Err(Error::file("read", &version, e)),
    }
}

/// Makes a cluster: UTF-8, the locale `C.UTF-8` (every Debian has it, and unlike `C` it knows
/// letters beyond ASCII, which `lower` and trigrams of Cyrillic words need), page checksums, the
/// superuser `postgres`, trust on the socket and SCRAM over TCP.
pub(crate) async fn make(
    folder: &Folder,
    install: &Installation,
    config: &Config,
) -> Result<(), Error> {
    folder.require_space(FRESH_BYTES)?;
    let (pg, new) = (folder.pg(), folder.root.join("pg.new"));
    clear(&new)?;
    fs::create_dir(&new).map_err(|e| Error::file("make the folder", &new, e))?;
    folder
        .account
        .give(&new)
        .map_err(|e| Error::file("give away the folder", &new, e))?;

    let program = install.program("initdb");
    let mut command = folder.account.command(&program);
    command.arg("-D").arg(&new).args([
        "--username=postgres",
        "--encoding=UTF8",
        "--locale-provider=libc",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--no-instructions",
    ]);
    if !config.durable {
        command.arg("--no-sync");
    }
    command.stdin(Stdio::null());
    let output = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|e| Error::BrokenProgram {
            program,
            detail: "it cannot be run".to_owned(),
            source: Some(e),
        })?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&said);
        let free = free_bytes(&folder.root).unwrap_or(0);
        let error = match log::reason(&text) {
            Reason::DiskFull => Error::DiskFull {
                path: pg,
                free,
                needed: FRESH_BYTES,
            },
            _ => Error::Initdb {
                pg,
                output: log::tail(&text),
            },
        };
        clear(&new)?;
        return Err(error);
    }
    let moved = fs::rename(&new, &pg).and_then(|()| fs::File::open(&folder.root)?.sync_all());
    moved.map_err(|e| Error::file("put in place", &pg, e))
}

fn clear(new: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::file("remove", new, e)),
        _ => Ok(()),
    }
}
