//! The continuous archive: every segment of WAL that a server has written, in the folder `wal/` of a repository.
//!
//! | entry                          | what it is                                                              |
//! | ------------------------------ | ----------------------------------------------------------------------- |
//! | `archive.json`                 | its format, and how large segments are                                  |
//! | `TIMELINE+LOG/NAME-SHA256.zst` | a segment; the hash is of its content before it was compressed          |
//! | `00000002.history-SHA256.zst`  | where a timeline has left another one                                   |
//! | `points/NAME.json`             | a named restore point, and where it is                                  |
//! | `lock`                         | held for the moment in which a file gets its name                       |
//!
//! The hash is part of the name, so that a file and what is known of it come into being by one renaming: there is no
//! moment at which a crash would leave one without the other.

mod check;
mod expire;
mod fetch;
mod header;
mod history;
mod name;
mod point;
mod push;
mod state;
mod stream;
mod stretch;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use check::{BrokenWal, check_wal};
pub use expire::SparedWal;
pub(crate) use expire::remove as remove_wal;
pub(crate) use fetch::unpack;
pub use fetch::{Got, get};
pub(crate) use history::Leg;
pub(crate) use name::Segment;
use name::WalFile;
pub use point::{Point, Switched, make_point, own, switch};
pub use push::{Pushed, push};
pub use state::{ServerWal, server_wal, set_archive_timeout};
pub use stream::{SLOT, Stream, end_slot, stream};
pub use stretch::{Gap, Stretch};

use crate::repository::{read_json, write_json};
use crate::stored::suffix;
use crate::{Error, Key, Repository};

const ABOUT: &str = "archive.json";
/// The beginning of the name of a file that is not whole yet.
const INCOMING: &str = ".incoming-";

#[derive(Debug, Serialize, Deserialize)]
struct About {
    format: u32,
    segment_bytes: u64,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredWal {
    /// What the server calls it.
    pub file: WalFile,
    /// Where it lies.
    pub path: PathBuf,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// What is in the archive of a repository.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    key: Option<Key>,
    /// Bytes of a segment.
    pub segment_bytes: u64,
    /// All segments that are stored.
    pub(crate) segments: BTreeMap<Segment, StoredWal>,
    /// Histories of timelines.
    pub(crate) histories: BTreeMap<u32, StoredWal>,
}

impl Archive {
    /// Looks what is there; `None` when nothing was ever archived.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Damaged`].
    pub fn load(repository: &Repository) -> Result<Option<Self>, Error> {
        let root = repository.wal();
        let Some(segment_bytes) = segment_bytes(&root)? else {
            return Ok(None);
        };
        let mut archive = Self {
            root: root.clone(),
            key: repository.key().cloned(),
            segment_bytes,
            segments: BTreeMap::new(),
            histories: BTreeMap::new(),
        };
        let suffix = suffix(repository.key());
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for found in read(&folder)? {
                let path = found.map_err(Error::file("read", &folder))?.path();
                if folder == root && path.is_dir() && path.file_name() != Some("points".as_ref()) {
                    folders.push(path);
                } else if let Some(stored) = stored(&path, suffix) {
                    archive.keep(stored);
                }
            }
        }
        Ok(Some(archive))
    }

    fn keep(&mut self, stored: StoredWal) {
        match stored.file {
            WalFile::Segment(stem) => {
                self.segments
                    .insert(stem.segment(self.segment_bytes), stored);
            }
            WalFile::History(timeline) => {
                self.histories.insert(timeline, stored);
            }
            // Nobody recovers from these; they are kept for people.
            WalFile::Partial(_) | WalFile::Label(..) => {}
        }
    }

    /// The name of a segment, as the server has it.
    pub(crate) fn name(&self, segment: Segment) -> String {
        segment.name(self.segment_bytes)
    }

    /// The newest segment of a timeline.
    pub(crate) fn last_of(&self, timeline: u32) -> Option<Segment> {
        self.of(timeline).next_back()
    }

    /// All segments of a timeline, the oldest first.
    pub(crate) fn of(&self, timeline: u32) -> impl DoubleEndedIterator<Item = Segment> {
        let bound = |number| Segment { timeline, number };
        self.segments
            .range(bound(0)..=bound(u64::MAX))
            .map(|(&segment, _)| segment)
    }

    /// All timelines that have something here, the oldest first.
    #[must_use]
    pub fn timelines(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.histories.keys().copied().collect();
        all.extend(self.segments.keys().map(|segment| segment.timeline));
        all.sort_unstable();
        all.dedup();
        all
    }

    pub(crate) const fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }
}

/// How large segments of an archive are; `None` where there is none.
fn segment_bytes(root: &Path) -> Result<Option<u64>, Error> {
    let path = root.join(ABOUT);
    if !path.exists() {
        return Ok(None);
    }
    let about: About = read_json(&path)?;
    if about.format != 1 {
        return Err(Error::Unfit(format!(
            "the archive has format {}, and this program knows 1: use a newer one",
            about.format
        )));
    }
    Ok(Some(about.segment_bytes))
}

/// Notes how large segments are, once; the caller has the lock.
fn note_segment_bytes(root: &Path, bytes: u64) -> Result<(), Error> {
    match segment_bytes(root)? {
        None => write_json(
            &root.join(ABOUT),
            &About {
                format: 1,
                segment_bytes: bytes,
            },
        ),
        Some(known) if known == bytes => Ok(()),
        Some(known) => Err(Error::Unfit(format!(
            "the archive has segments of {known} bytes, and this one has {bytes}: use a new repository"
        ))),
    }
}

/// What a file is by its name, when it is one of the archive.
fn stored(path: &Path, suffix: &str) -> Option<StoredWal> {
    let name = path.file_name()?.to_str()?.strip_suffix(suffix)?;
    let (name, sha256) = name.rsplit_once('-')?;
    Some(StoredWal {
        file: name.parse().ok()?,
        path: path.to_owned(),
        sha256: sha256.to_owned(),
    })
}

/// The file that is stored under a name, whatever its content.
fn find(root: &Path, file: WalFile, key: Option<&Key>) -> Result<Option<StoredWal>, Error> {
    let folder = folder(root, file);
    for found in read(&folder)? {
        let path = found.map_err(Error::file("read", &folder))?.path();
        if let Some(found) = stored(&path, suffix(key)).filter(|found| found.file == file) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn folder(root: &Path, file: WalFile) -> PathBuf {
    file.folder()
        .map_or_else(|| root.to_owned(), |name| root.join(name))
}

/// The entries of a folder; none of one that is not there.
fn read(folder: &Path) -> Result<impl Iterator<Item = std::io::Result<fs::DirEntry>>, Error> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries).into_iter().flatten()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None.into_iter().flatten()),
        Err(error) => Err(Error::file("read", folder)(error)),
    }
}

/// Waits until nobody else gives a file its name. It is held for milliseconds, and ends with its process.
fn lock(root: &Path) -> Result<File, Error> {
    let path = root.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(Error::file("open", &path))?;
    file.lock().map_err(Error::file("lock", &path))?;
    Ok(file)
}

/// When a file was stored, by the clock of its disk.
pub(crate) fn stored_at(path: &Path) -> Result<DateTime<Utc>, Error> {
    let at = fs::metadata(path).and_then(|about| about.modified());
    Ok(at.map_err(Error::file("look at", path))?.into())
}
