//! Why a database could not be brought up to date, each with what to do next.

/// The failures of [`crate::up`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server is older than PostgreSQL 15.
    #[error("the server is PostgreSQL {found}; Kardan needs 15 or later")]
    Version {
        /// The server's own name for its version.
        found: String,
    },
    /// Roles or extensions are missing and this login may not make them.
    #[error(
        "{missing} is missing and {login} is no superuser; let a superuser run once: \
         kardan migrate bootstrap | psql DATABASE"
    )]
    NotBootstrapped {
        /// The first thing that is missing.
        missing: String,
        /// Who is connected.
        login: String,
    },
    /// This login may not become kardan_owner.
    #[error("{login} may not migrate; connect as kardan_migrator or as a superuser")]
    NotMigrator {
        /// Who is connected.
        login: String,
    },
    /// An extension's files are not installed on the server.
    #[error(
        "the extension {name} is not installed on the server; on Debian: apt install {package}"
    )]
    ExtensionMissing {
        /// The extension.
        name: &'static str,
        /// Debian's package that holds it.
        package: String,
    },
    /// A file that was applied differs from the file of today.
    #[error(
        "migration {applied} was applied to this database with other contents than {file} has now; an applied file is \
         never edited: restore it, and write a new migration for the change"
    )]
    ChecksumChanged {
        /// As it was applied.
        applied: String,
        /// As it is now.
        file: String,
    },
    /// A file that was applied is gone, or one was added before the last applied one.
    #[error(
        "migration {0} is out of order: it is missing here or in the database, while later ones are applied"
    )]
    OutOfOrder(String),
    /// A migration failed; it was rolled back, those before it stay.
    #[error("a migration failed and was rolled back")]
    Migration(#[source] refinery::Error),
    /// An online step's file does not name its index.
    #[error("the online step {0} must begin with the line `-- index: SCHEMA.NAME`")]
    OnlineUnnamed(&'static str),
    /// An online step failed; the next run takes it up again.
    #[error("the online step {name} failed; the next run takes it up again")]
    Online {
        /// The step.
        name: &'static str,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
    /// An online step ran, and its index is not valid.
    #[error("the online step {name} left no valid index {index}")]
    OnlineUnverified {
        /// The step.
        name: &'static str,
        /// The index that it names.
        index: String,
    },
    /// The program could not be loaded.
    #[error("the program could not be loaded; the former one is still in place")]
    Load(#[from] kardan_schema::load::LoadError),
    /// Another statement failed.
    #[error("could not {during}")]
    Database {
        /// What it was doing.
        during: &'static str,
        /// PostgreSQL's error.
        #[source]
        source: tokio_postgres::Error,
    },
}

pub(crate) fn during(during: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |source| Error::Database { during, source }
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        use refinery::error::Kind;
        match error.kind() {
            Kind::DivergentVersion(applied, file) => Self::ChecksumChanged {
                applied: applied.to_string(),
                file: file.to_string(),
            },
            Kind::MissingVersion(migration) => Self::OutOfOrder(migration.to_string()),
            _ => Self::Migration(error),
        }
    }
}
