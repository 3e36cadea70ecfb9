//! Everything that can go wrong between "start" and "ready", each with the next step to take.
//! Mapping of plain input/output failures to the telling variants is here too.

use std::io;
use std::path::{Path, PathBuf};

/// Why the server was not started, stopped or removed. The text names the operation and what to do
/// next; the cause, if there is one, is the error's source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// None of the places searched holds a PostgreSQL server.
    #[error(
        "no PostgreSQL server found (looked in {}); install the Debian package `postgresql` \
         (version 15 or newer) or set KARDAN_PG_BIN to the folder that holds `postgres` and `initdb`",
        list(.looked)
    )]
    NoPostgres {
        /// The folders that were tried, in order.
        looked: Vec<PathBuf>,
    },
    /// The programs found are of a version that is not supported.
    #[error(
        "PostgreSQL {version} in {} is too old: 15 or newer is needed; install the Debian package \
         `postgresql` or set KARDAN_PG_BIN to a newer one", .bin_dir.display()
    )]
    TooOld {
        /// Where the programs are.
        bin_dir: PathBuf,
        /// What they call themselves, such as `14.9`.
        version: String,
    },
    /// A program of the installation could not be run or said something unexpected.
    #[error(
        "`{}` does not work as a program of PostgreSQL ({detail}); reinstall the Debian package \
         `postgresql` or set KARDAN_PG_BIN to another folder", .program.display()
    )]
    BrokenProgram {
        /// The program that was run.
        program: PathBuf,
        /// What it answered.
        detail: String,
        /// Why it could not be run, if it could not.
        #[source]
        source: Option<io::Error>,
    },
    /// An extension has no control file in this installation.
    #[error(
        "the extension `{name}` is not installed for PostgreSQL {major}; install the Debian \
         package `{package}` (looked in {})", .looked.display()
    )]
    ExtensionMissing {
        /// The extension asked for.
        name: String,
        /// The Debian package that has it.
        package: String,
        /// Major version of the server.
        major: u32,
        /// The folder of control files.
        looked: PathBuf,
    },
    /// The port asked for cannot be listened on.
    #[error(
        "port {port} on 127.0.0.1 is taken by another program; stop it (`ss -ltnp 'sport = :{port}'` \
         names it), choose another port, or leave the choice to the server"
    )]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The cluster was made by another major version of PostgreSQL.
    #[error(
        "the data in {} belongs to PostgreSQL {found}, the server found is {have}; set \
         KARDAN_PG_BIN=/usr/lib/postgresql/{found}/bin, upgrade the data with pg_upgrade, or start \
         anew with another or a fresh data folder", .pg.display()
    )]
    OtherMajor {
        /// The cluster's folder.
        pg: PathBuf,
        /// What its `PG_VERSION` says.
        found: String,
        /// Major version of the programs found.
        have: u32,
    },
    /// Another process runs the server of this folder.
    #[error(
        "the data folder {} is in use by {}; stop that one or choose another data folder",
        .data_dir.display(), process(*.pid)
    )]
    Busy {
        /// The data folder.
        data_dir: PathBuf,
        /// The process, when it is known.
        pid: Option<u32>,
    },
    /// The cluster's place is taken by something that is not a cluster.
    #[error(
        "{} holds files but no PostgreSQL cluster; move them away or choose another data folder",
        .pg.display()
    )]
    NotACluster {
        /// The folder.
        pg: PathBuf,
    },
    /// The folder or a file in it cannot be written.
    #[error(
        "cannot write {} as user {uid}; make it writable for this user or choose another data folder",
        .path.display()
    )]
    NotWritable {
        /// What was to be written.
        path: PathBuf,
        /// Number of the user who tried.
        uid: u32,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The disk is full, or too full for a new cluster.
    #[error(
        "not enough space on the disk of {}: {} MiB free, at least {} MiB needed; free some space \
         or choose a data folder on another disk", .path.display(), .free >> 20, .needed >> 20
    )]
    DiskFull {
        /// The data folder.
        path: PathBuf,
        /// Free bytes seen.
        free: u64,
        /// Bytes that should be free.
        needed: u64,
    },
    /// The short folder for the socket exists and is not ours.
    #[error(
        "{} cannot hold the server's socket: it {why}; remove it or choose a data folder with a \
         shorter path", .path.display()
    )]
    UnsafeSocketDir {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// `initdb` failed.
    #[error("initdb could not make a cluster in {}; it said:\n{output}", .pg.display())]
    Initdb {
        /// Where the cluster was to be.
        pg: PathBuf,
        /// The last lines of its output.
        output: String,
    },
    /// The server ended instead of becoming ready.
    #[error(
        "PostgreSQL refused to start; correct what the last lines of {} name and start again:\n{tail}",
        .log.display()
    )]
    Refused {
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server did not become ready in time.
    #[error(
        "PostgreSQL was not ready after {seconds} s and was stopped; if {} shows a recovery in \
         progress, give it more time. Its last lines:\n{tail}", .log.display()
    )]
    Slow {
        /// How long it was waited for.
        seconds: u64,
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// A running server does not end.
    #[error(
        "the server process {pid} does not stop; look at it with `ps -fp {pid}` and end it by hand"
    )]
    DoesNotStop {
        /// The process.
        pid: u32,
    },
    /// The server runs but a statement of this crate failed.
    #[error("could not {operation} on the started server; its log says more: {}", .log.display())]
    Query {
        /// What was being done.
        operation: &'static str,
        /// The server's log.
        log: PathBuf,
        /// What the client said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// Anything else between this process and the system.
    #[error("could not {operation} {}", .path.display())]
    System {
        /// What was being done.
        operation: &'static str,
        /// To which file or program.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// A failure of a file operation, as the variant that tells most.
    pub(crate) fn file(operation: &'static str, path: &Path, source: io::Error) -> Self {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let path = path.to_path_buf();
        match source.kind() {
            StorageFull | QuotaExceeded => {
                let free = crate::folder::free_bytes(&path).unwrap_or(0);
                Self::DiskFull {
                    free,
                    needed: crate::folder::START_BYTES,
                    path,
                }
            }
            PermissionDenied | ReadOnlyFilesystem => Self::NotWritable {
                path,
                uid: rustix::process::geteuid().as_raw(),
                source,
            },
            _ => Self::System {
                operation,
                path,
                source,
            },
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if names.is_empty() {
        "PATH".to_owned()
    } else {
        names.join(", ")
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}
