//! Which TCP port the server takes, and remembering it for the next start.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use crate::Error;
use crate::folder::{self, Folder};

/// The port for this start: the one asked for, else the last one if it is free, else a free one.
pub(crate) fn choose(asked: Option<u16>, folder: &Folder) -> Result<u16, Error> {
    if let Some(port) = asked {
        return if is_free(port) {
            Ok(port)
        } else {
            Err(Error::PortTaken { port })
        };
    }
    let last = fs::read_to_string(folder.port_file())
        .ok()
        .and_then(|text| text.trim().parse().ok());
    match last.filter(|port| is_free(*port)) {
        Some(port) => Ok(port),
        None => any_free().map_err(|e| Error::file("find a free port for", &folder.root, e)),
    }
}

/// Writes the port down for the next start.
pub(crate) fn remember(port: u16, folder: &Folder) -> Result<(), Error> {
    folder::replace(&folder.port_file(), &format!("{port}\n"), 0o644, None)
}

fn is_free(port: u16) -> bool {
    port != 0 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn any_free() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
