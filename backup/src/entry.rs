//! What is known of a backup: `backup.json`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Error;

/// How a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The files of the whole server and the WAL that makes them consistent.
    Physical,
    /// The definitions and rows of one database.
    Logical,
}

impl Kind {
    /// Its name in sentences and in ids.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Logical => "logical",
        }
    }
}

/// A file of a backup, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its path in the folder of the backup.
    pub name: String,
    /// Its size as it is stored.
    pub bytes: u64,
    /// Its size before it was compressed and encrypted.
    pub raw_bytes: u64,
    /// SHA-256 of it as it is stored, in hexadecimal digits.
    pub sha256: String,
}

/// Which WAL a physical backup has, and where it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wal {
    /// The timeline of all of it.
    pub timeline: u32,
    /// Where the copy began.
    pub start: String,
    /// Where the copy ended: with less WAL it is not consistent.
    pub end: String,
    /// The restore point to which it is recovered; `immediate` where that is the end of the copy.
    pub target: String,
    /// Where that point is.
    pub target_lsn: String,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `20261127T220507Z-physical`.
    pub id: String,
    /// How it was made.
    pub kind: Kind,
    /// What somebody wrote beside it.
    pub label: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was whole.
    pub finished_at: DateTime<Utc>,
    /// `server_version_num`.
    pub server_version: u32,
    /// The server's number for itself.
    pub system_identifier: String,
    /// The database whose rows were counted; of a logical backup, the one that was dumped. Empty where nothing was counted
    /// in one.
    pub database: String,
    /// What the server's files were before they were compressed.
    pub data_bytes: u64,
    /// WAL of a physical backup.
    pub wal: Option<Wal>,
    /// Tables and rows that were counted, for a drill to compare; `None` without.
    pub counted: Option<Counted>,
    /// Whether the files are encrypted.
    pub is_encrypted: bool,
    /// Its files; what is not listed does not belong to it. None where an engine keeps them in a way of its own.
    pub files: Vec<StoredFile>,
    /// What it takes where an engine keeps its files in a way of its own; of an increment, what it added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_bytes: Option<u64>,
}

/// How much was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Tables, each partition one.
    pub tables: u64,
    /// Rows of all of them.
    pub rows: u64,
}

impl Entry {
    /// What it takes in the repository.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        let files = self.files.iter().map(|file| file.bytes).sum::<u64>();
        files + self.engine_bytes.unwrap_or(0)
    }

    /// The dump of a logical backup.
    ///
    /// # Errors
    /// [`Error::Kind`] for another kind of backup.
    pub(crate) fn dump(&self) -> Result<&StoredFile, Error> {
        let dump = match self.kind {
            Kind::Logical => self.stored("database.dump"),
            Kind::Physical => None,
        };
        dump.ok_or_else(|| Error::Kind {
            id: self.id.clone(),
            is: self.kind.name(),
            wants: Kind::Logical.name(),
        })
    }

    /// A file by its name without the suffix of how it is stored.
    #[must_use]
    pub fn stored(&self, name: &str) -> Option<&StoredFile> {
        self.files.iter().find(|file| {
            let rest = file.name.strip_prefix(name);
            rest.is_some_and(|suffix| [".zst", ".zst.age"].contains(&suffix))
        })
    }
}
