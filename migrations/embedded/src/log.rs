//! The log of one start: kept for people, read by us only to tell why a start failed.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;

use crate::Error;
use crate::folder::Folder;

/// How many lines of a log an error carries.
const TAIL_LINES: usize = 15;

/// Why a server ended, as far as this crate can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The disk is full.
    DiskFull,
    /// Another program listens on the port.
    PortTaken,
    /// Processes of a killed predecessor have not ended yet.
    StillAttached,
    /// Anything else: people must read it.
    Other,
}

/// Puts the log of the last start aside and opens a new one.
pub(crate) fn open(folder: &Folder) -> Result<File, Error> {
    let path = folder.log_file();
    if path.exists() {
        fs::rename(&path, path.with_extension("log.old"))
            .map_err(|e| Error::file("put aside", &path, e))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    options
        .open(&path)
        .map_err(|e| Error::file("open", &path, e))
}

/// The whole log of this start; a log that cannot be read is an empty one.
pub(crate) fn read(folder: &Folder) -> String {
    fs::read(folder.log_file())
        .map(|b| String::from_utf8_lossy(&b).into_owned())
        .unwrap_or_default()
}

/// The last lines, for an error.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(TAIL_LINES);
    lines.get(start..).unwrap_or_default().join("\n")
}

/// Recognises the reasons in the text of `postgres` or `initdb` (both run with English messages).
pub(crate) fn reason(text: &str) -> Reason {
    let has = |part: &str| text.contains(part);
    if has("No space left on device") || has("Disk quota exceeded") {
        Reason::DiskFull
    } else if has("could not bind") && has("Address already in use") {
        Reason::PortTaken
    } else if has("pre-existing shared memory block") {
        Reason::StillAttached
    } else {
        Reason::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognised_in_what_the_server_says() {
        let log = "FATAL:  could not write lock file \"postmaster.pid\": No space left on device\n";
        assert_eq!(reason(log), Reason::DiskFull);
        let wal = "PANIC:  could not write to file \"pg_wal/xlogtemp.7\": No space left on device";
        assert_eq!(reason(wal), Reason::DiskFull);
        assert_eq!(
            reason("initdb: error: Disk quota exceeded"),
            Reason::DiskFull
        );
    }

    #[test]
    fn a_taken_port_is_told_from_a_taken_socket() {
        let log = "LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use\n\
                   FATAL:  could not create any TCP/IP sockets\n";
        assert_eq!(reason(log), Reason::PortTaken);
        assert_eq!(
            reason("FATAL:  lock file \".s.PGSQL.1.lock\" already exists"),
            Reason::Other
        );
    }

    #[test]
    fn processes_that_still_run_are_recognised() {
        let log = "FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use";
        assert_eq!(reason(log), Reason::StillAttached);
    }

    #[test]
    fn an_error_carries_only_the_last_lines() {
        let text: String = (1..=40).map(|n| format!("line {n}\n")).collect();
        let tail = tail(&text);
        assert!(
            tail.starts_with("line 26\n") && tail.ends_with("line 40"),
            "{tail}"
        );
        assert_eq!(super::tail("one"), "one");
    }
}
