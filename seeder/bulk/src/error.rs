//! Why a database was not seeded; each says what to do next.

/// Why a database was not seeded, or not wholly. What was done is in the ledger, and `--resume` goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody said that this database may be filled with made-up data.
    #[error(
        "this database is not marked for seeding; if nothing in it is needed, run `kardan seed --mark` once"
    )]
    NotMarked,
    /// The program in the database is another one than in this binary.
    #[error(
        "the database has another version of the program than this binary; run `kardan migrate up` first"
    )]
    WrongContract,
    /// There are rows that the seeder did not make.
    #[error("{0} holds rows that the seeder did not make; seed an empty database")]
    NotEmpty(String),
    /// It is seeded.
    #[error(
        "the database is seeded already; --append makes it larger, --resume finishes what was stopped"
    )]
    AlreadySeeded,
    /// It is not seeded.
    #[error("there is nothing to {0}: the database is not seeded")]
    NothingThere(&'static str),
    /// Another seed made what is there.
    #[error("the database was seeded with another {0}; rows of both would not fit together")]
    AnotherMarket(&'static str),
    /// Another seeder is at work.
    #[error("another `kardan seed` is at work in this database")]
    Busy,
    /// Rights are missing.
    #[error("triggers have to rest during the load, which takes a superuser; connect as one")]
    Rights,
    /// There is no such table.
    #[error("{0} is not a table that is seeded; `kardan seed --dry-run` lists them")]
    UnknownTable(String),
    /// Time runs backwards.
    #[error("--to must be at least 30 days after --from")]
    Time,
    /// The disk is too small.
    #[error("about {wanted_mb} MB are needed and {free_mb} MB are free where the database lies")]
    Disk {
        /// Megabytes that the market takes.
        wanted_mb: u64,
        /// Megabytes that there are.
        free_mb: u64,
    },
    /// Stopped by whoever started it.
    #[error("stopped; `kardan seed --resume` goes on from here")]
    Stopped,
    /// Stopped while files were written.
    #[error(
        "stopped; what is not whole has .part after its name: empty the folder and begin again"
    )]
    ExportStopped,
    /// There is something in the folder.
    #[error("{} is not empty; name a folder that is, or that is not there yet", .0.display())]
    FolderNotEmpty(std::path::PathBuf),
    /// A type that files do not have yet.
    #[error("the column {0} has the type {1}, which an export cannot write")]
    UnknownType(String, String),
    /// A file could not be written.
    #[error("a file could not be written")]
    File(#[from] std::io::Error),
    /// A foreign key does not hold.
    #[error("{0} rows break {1}")]
    Broken(i64, String),
    /// A task was cut off.
    #[error("a part of the work was cut off")]
    Cut(#[from] tokio::task::JoinError),
    /// The database refused.
    #[error("the database refused")]
    Database(#[from] tokio_postgres::Error),
}
