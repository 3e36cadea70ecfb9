//! The folder where backups are kept.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Kind};
use crate::{Error, Key, Report};

const ABOUT: &str = "repository.json";
const KEY_CHECK: &str = "key-check.age";
const ENTRY: &str = "backup.json";
/// The beginning of the name of a backup that is not whole yet.
const UNFINISHED: &str = ".unfinished-";

#[derive(Debug, Serialize, Deserialize)]
struct About {
    format: u32,
    system_identifier: String,
}

/// A repository, and the key that opens it.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
    key: Option<Key>,
    system_identifier: String,
}

/// Held while something is written; nobody else writes meanwhile.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Repository {
    /// Opens one.
    ///
    /// # Errors
    /// [`Error::NoRepository`]; [`Error::Key`] when it is encrypted and the key is absent or wrong, or is not and there is one.
    pub fn open(root: &Path, key: Option<Key>) -> Result<Self, Error> {
        let about = root.join(ABOUT);
        let text = match fs::read_to_string(&about) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Error::NoRepository(root.to_owned()));
            }
            Err(error) => return Err(Error::file("read", &about)(error)),
        };
        let about: About = serde_json::from_str(&text)
            .map_err(|error| Error::damaged(&about, error.to_string()))?;
        if about.format != 1 {
            return Err(Error::Unfit(format!(
                "the repository has format {}, and this program knows 1: use a newer one",
                about.format
            )));
        }
        let mark = root.join(KEY_CHECK);
        match (&key, mark.exists()) {
            (Some(key), true) => key.check(&mark)?,
            (None, false) => {}
            (None, true) => {
                return Err(Error::Key(format!(
                    "the backups in {} are encrypted: give --key-file",
                    root.display()
                )));
            }
            (Some(_), false) => {
                return Err(Error::Key(format!(
                    "the backups in {} are not encrypted: leave --key-file away, or choose a new folder",
                    root.display()
                )));
            }
        }
        Ok(Self {
            root: root.to_owned(),
            key,
            system_identifier: about.system_identifier,
        })
    }

    /// Opens one for backups of this server; makes it where the folder is new or empty.
    ///
    /// # Errors
    /// Those of [`Repository::open`], [`Error::AnotherServer`], [`Error::NotEmpty`].
    pub fn open_for(root: &Path, key: Option<Key>, system_identifier: &str) -> Result<Self, Error> {
        let repository = match Self::open(root, key.clone()) {
            Err(Error::NoRepository(_)) => {
                create(root, key.as_ref(), system_identifier)?;
                Self::open(root, key)?
            }
            other => other?,
        };
        if repository.system_identifier != system_identifier {
            return Err(Error::AnotherServer {
                kept: repository.system_identifier,
                offered: system_identifier.to_owned(),
            });
        }
        Ok(repository)
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn system_identifier(&self) -> &str {
        &self.system_identifier
    }

    pub(crate) const fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Waits for nobody: who comes second is told who was first.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.root.join("lock");
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(Error::file("open", &path))?;
        if file.try_lock().is_err() {
            let mut by = String::new();
            file.read_to_string(&mut by)
                .map_err(Error::file("read", &path))?;
            return Err(Error::Busy {
                path: self.root.clone(),
                by: by.trim().to_owned(),
            });
        }
        let written = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(Error::file("write", &path))?;
        Ok(Lock { _file: file })
    }

    /// All backups that are whole, the oldest first.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a description that cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, Error> {
        let folder = self.backups();
        let mut entries = Vec::new();
        for found in fs::read_dir(&folder).map_err(Error::file("read", &folder))? {
            let found = found.map_err(Error::file("read", &folder))?;
            if found.file_name().to_string_lossy().starts_with(UNFINISHED) {
                continue;
            }
            let path = found.path().join(ENTRY);
            entries.push(read_json(&path)?);
        }
        entries.sort_by(|a: &Entry, b| (a.started_at, &a.id).cmp(&(b.started_at, &b.id)));
        Ok(entries)
    }

    /// A backup by its id, or the newest of a kind for `latest`.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Empty`], [`Error::Kind`], and those of [`Repository::list`].
    pub fn find(&self, id: &str, kind: Option<Kind>) -> Result<Entry, Error> {
        pick(self.list()?, id, kind)
    }

    /// The folder of a backup.
    #[must_use]
    pub fn folder(&self, id: &str) -> PathBuf {
        self.backups().join(id)
    }

    /// A folder for a new backup, and its id. What earlier attempts have left is taken away: the caller has the lock.
    pub(crate) fn begin(&self, kind: Kind, now: DateTime<Utc>) -> Result<(String, PathBuf), Error> {
        let folder = self.backups();
        for found in fs::read_dir(&folder).map_err(Error::file("read", &folder))? {
            let path = found.map_err(Error::file("read", &folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(UNFINISHED) {
                tracing::warn!(path = %path.display(), "half a backup is taken away");
                fs::remove_dir_all(&path).map_err(Error::file("remove", &path))?;
            }
        }
        let id_at = |at: DateTime<Utc>| format!("{}-{}", at.format("%Y%m%dT%H%M%SZ"), kind.name());
        // A small backup takes less than a second: the one that follows has the name of the next.
        let id = [now, now + TimeDelta::seconds(1)]
            .map(id_at)
            .into_iter()
            .find(|id| !self.folder(id).exists())
            .ok_or_else(|| {
                let id = id_at(now);
                Error::Unfit(format!(
                    "there is a backup {id} already: is the clock right?"
                ))
            })?;
        let path = folder.join(format!("{UNFINISHED}{id}"));
        fs::create_dir(&path).map_err(Error::file("create", &path))?;
        Ok((id, path))
    }

    /// The backup is whole: from now on it is listed.
    pub(crate) fn complete(&self, unfinished: &Path, entry: &Entry) -> Result<(), Error> {
        write_json(&unfinished.join(ENTRY), entry)?;
        let place = self.folder(&entry.id);
        fs::rename(unfinished, &place)
            .and_then(|()| File::open(self.backups())?.sync_all())
            .map_err(Error::file("put in place", &place))
    }

    pub(crate) fn remove(&self, id: &str) -> Result<(), Error> {
        // Renamed first: a backup that is half removed is none.
        let gone = self.backups().join(format!("{UNFINISHED}{id}"));
        fs::rename(self.folder(id), &gone)
            .and_then(|()| fs::remove_dir_all(&gone))
            .map_err(Error::file("remove", &gone))
    }

    /// What drills have found, the oldest first.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a report that cannot be read.
    pub fn reports(&self) -> Result<Vec<Report>, Error> {
        let folder = self.drills();
        let mut reports = Vec::new();
        for found in fs::read_dir(&folder).map_err(Error::file("read", &folder))? {
            let path = found.map_err(Error::file("read", &folder))?.path();
            if path.extension().is_some_and(|suffix| suffix == "json") {
                reports.push(read_json::<Report>(&path)?);
            }
        }
        reports.sort_by_key(|report| report.started_at);
        Ok(reports)
    }

    /// Where drills restore to.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Where what drills found is kept.
    pub(crate) fn drills(&self) -> PathBuf {
        self.root.join("drills")
    }

    /// Where the continuous archive is.
    pub(crate) fn wal(&self) -> PathBuf {
        self.root.join("wal")
    }

    fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }
}

fn create(root: &Path, key: Option<&Key>, system_identifier: &str) -> Result<(), Error> {
    fs::create_dir_all(root).map_err(Error::file("create", root))?;
    let mut entries = fs::read_dir(root).map_err(Error::file("read", root))?;
    if entries.next().is_some() {
        return Err(Error::NotEmpty(root.to_owned()));
    }
    for name in ["backups", "drills", "scratch"] {
        let path = root.join(name);
        fs::create_dir(&path).map_err(Error::file("create", &path))?;
    }
    if let Some(key) = key {
        key.mark(&root.join(KEY_CHECK))?;
    }
    let about = About {
        format: 1,
        system_identifier: system_identifier.to_owned(),
    };
    write_json(&root.join(ABOUT), &about)
}

/// One of these backups by its id, or the newest of a kind for `latest`.
pub fn pick(mut entries: Vec<Entry>, id: &str, kind: Option<Kind>) -> Result<Entry, Error> {
    if id == "latest" {
        entries.retain(|entry| kind.is_none_or(|kind| entry.kind == kind));
        return entries
            .pop()
            .ok_or(Error::Empty(kind.map_or("", Kind::name)));
    }
    let have = entries
        .iter()
        .map(|entry| entry.id.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let Some(entry) = entries.into_iter().find(|entry| entry.id == id) else {
        return Err(Error::Unknown {
            id: id.to_owned(),
            have: if have.is_empty() {
                "none".to_owned()
            } else {
                have
            },
        });
    };
    match kind {
        Some(kind) if kind != entry.kind => Err(Error::Kind {
            id: entry.id,
            is: entry.kind.name(),
            wants: kind.name(),
        }),
        _ => Ok(entry),
    }
}

/// Reads what [`write_json`] wrote.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read_to_string(path).map_err(Error::file("read", path))?;
    serde_json::from_str(&text).map_err(|error| Error::damaged(path, error.to_string()))
}

/// Writes beside and renames, so that nobody reads half of it.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::damaged(path, error.to_string()))?;
    let written = File::create(&beside).and_then(|mut file| {
        writeln!(file, "{text}")?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    written.map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_backups_of_one_second_have_two_names_and_a_third_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::open_for(&folder.path().join("r"), None, "7").unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut names = Vec::new();
        for _ in 0..2 {
            let (id, path) = repository.begin(Kind::Physical, now).unwrap();
            fs::rename(path, repository.folder(&id)).unwrap();
            names.push(id);
        }
        assert!(names[0] < names[1], "{names:?}");
        let third = repository.begin(Kind::Physical, now);
        assert!(matches!(third, Err(Error::Unfit(_))), "{third:?}");
    }
}
