//! What `pgbackrest info --output=json` says, as far as it is wanted here.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::Error;
use crate::entry::{Entry, Kind, Wal};

#[derive(Debug, Deserialize)]
pub struct Stanza {
    pub cipher: String,
    pub status: Status,
    #[serde(default)]
    db: Vec<Database>,
    #[serde(default)]
    backup: Vec<Backup>,
}

#[derive(Debug, Deserialize)]
pub struct Status {
    pub code: u32,
    pub message: String,
}

#[derive(Debug, Deserialize)]
struct Database {
    id: u32,
    #[serde(rename = "system-id")]
    system_id: u64,
    version: String,
}

#[derive(Debug, Deserialize)]
struct Backup {
    label: String,
    #[serde(default)]
    annotation: Option<Annotation>,
    archive: StartStop<Option<String>>,
    lsn: StartStop<Option<String>>,
    timestamp: StartStop<i64>,
    database: DatabaseOf,
    info: Sizes,
}

#[derive(Debug, Deserialize)]
struct Annotation {
    label: Option<String>,
}

#[derive(Debug, Deserialize)]
struct StartStop<T> {
    start: T,
    stop: T,
}

#[derive(Debug, Deserialize)]
struct DatabaseOf {
    id: u32,
}

#[derive(Debug, Deserialize)]
struct Sizes {
    size: u64,
    repository: Repository,
}

#[derive(Debug, Deserialize)]
struct Repository {
    delta: u64,
}

/// Reads it; nothing for a stanza of which nothing is kept yet.
pub fn read(text: &[u8]) -> Result<Option<Stanza>, Error> {
    let stanzas: Vec<Stanza> =
        serde_json::from_slice(text).map_err(|error| unclear(&error.to_string()))?;
    Ok(stanzas.into_iter().next())
}

fn unclear(why: &str) -> Error {
    Error::Unfit(format!(
        "pgbackrest info says something that this program does not understand: {why}"
    ))
}

impl Stanza {
    /// Its backups, the oldest first.
    pub fn entries(&self) -> Result<Vec<Entry>, Error> {
        let is_encrypted = self.cipher != "none";
        let of = |backup: &Backup| {
            let mut all = self.db.iter();
            let database = all
                .find(|database| database.id == backup.database.id)
                .ok_or_else(|| unclear(&format!("{} is of no server", backup.label)))?;
            backup.entry(database, is_encrypted)
        };
        self.backup.iter().map(of).collect()
    }
}

impl Backup {
    fn entry(&self, database: &Database, is_encrypted: bool) -> Result<Entry, Error> {
        let at = |seconds: i64| {
            DateTime::<Utc>::from_timestamp(seconds, 0)
                .ok_or_else(|| unclear(&format!("{} is no time", seconds)))
        };
        let major: u32 = database
            .version
            .split('.')
            .next()
            .and_then(|major| major.parse().ok())
            .ok_or_else(|| unclear(&format!("{:?} is no version", database.version)))?;
        Ok(Entry {
            id: self.label.clone(),
            kind: Kind::Physical,
            label: self.annotation.as_ref().and_then(|one| one.label.clone()),
            started_at: at(self.timestamp.start)?,
            finished_at: at(self.timestamp.stop)?,
            server_version: major * 10_000,
            system_identifier: database.system_id.to_string(),
            database: String::new(),
            data_bytes: self.info.size,
            wal: self.wal(),
            counted: None,
            is_encrypted,
            files: Vec::new(),
            engine_bytes: Some(self.info.repository.delta),
        })
    }

    /// Nothing is known of it where the copy was made from a server that stood still.
    fn wal(&self) -> Option<Wal> {
        let timeline = self.archive.stop.as_ref()?.get(..8)?;
        let end = self.lsn.stop.clone()?;
        Some(Wal {
            timeline: u32::from_str_radix(timeline, 16).ok()?,
            start: self.lsn.start.clone()?,
            end: end.clone(),
            target: "immediate".to_owned(),
            target_lsn: end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &[u8] = br#"[{"archive":[],"backup":[{"annotation":{"label":"before the sale"},
        "archive":{"start":"00000002000000000000000A","stop":"0000000A0000000000000010"},
        "backrest":{"format":5,"version":"2.55.1"},"database":{"id":1,"repo-key":1},"error":false,
        "info":{"delta":72710633,"repository":{"delta":9102544,"delta-map":76208,"size-map":76208},"size":72710700},
        "label":"20261128-060605F","lsn":{"start":"0/A000028","stop":"0/10000268"},"prior":null,"reference":null,
        "timestamp":{"start":1795845965,"stop":1795845971},"type":"full"}],"cipher":"aes-256-cbc",
        "db":[{"id":1,"repo-key":1,"system-id":7713099468730220583,"version":"17"}],"name":"kardan",
        "status":{"code":0,"lock":{"backup":{"held":false}},"message":"ok"}}]"#;

    #[test]
    fn what_pgbackrest_says_becomes_a_backup_like_any_other() {
        let stanza = read(SAID).unwrap().unwrap();
        let entry = stanza.entries().unwrap().remove(0);
        assert_eq!(entry.id, "20261128-060605F");
        assert_eq!(entry.label.as_deref(), Some("before the sale"));
        assert_eq!(entry.server_version, 170_000);
        assert_eq!(entry.system_identifier, "7713099468730220583");
        assert_eq!(
            (entry.data_bytes, entry.stored_bytes()),
            (72_710_700, 9_102_544)
        );
        assert!(entry.is_encrypted);
        let wal = entry.wal.unwrap();
        assert_eq!((wal.timeline, wal.end.as_str()), (10, "0/10000268"));
        assert_eq!((entry.finished_at - entry.started_at).num_seconds(), 6);
    }

    #[test]
    fn a_stanza_of_which_nothing_is_kept_is_none_and_nonsense_is_named() {
        assert!(read(b"[]").unwrap().is_none());
        let said = read(b"what").unwrap_err().to_string();
        assert!(said.contains("pgbackrest info"), "{said}");
    }
}
