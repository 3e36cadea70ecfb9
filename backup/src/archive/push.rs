//! Storing a file of WAL, for `archive_command`: when this returns, the server may forget its own.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::header::{self, Header};
use super::name::WalFile;
use super::{INCOMING, find, folder, lock, note_segment_bytes};
use crate::stored::{Writer, hex, suffix};
use crate::{Error, Repository};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pushed {
    /// It is stored.
    Stored,
    /// It was stored before, with the same content: a server that crashed asks twice.
    AlreadyThere,
}

/// Stores a segment, a history or a label under its own name. What is not whole never has that name, and what has it is on
/// the disk.
///
/// # Errors
/// [`Error::OtherContent`] when something else is stored under the name, [`Error::AnotherServer`], [`Error::Damaged`] for
/// a segment that is not whole, and what the disk says. A server keeps the segment then, and asks again.
pub fn push(repository: &Repository, path: &Path) -> Result<Pushed, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file: WalFile = name.parse()?;
    let root = repository.wal();
    let folder = folder(&root, file);
    fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    let incoming = Incoming::new(repository, &folder, file, path)?;

    let _lock = lock(&root)?;
    if let Some(bytes) = incoming.segment_bytes {
        note_segment_bytes(&root, bytes)?;
    }
    let pushed = match find(&root, file, repository.key())? {
        None => {
            let place = folder.join(format!(
                "{file}-{}{}",
                incoming.sha256,
                suffix(repository.key())
            ));
            fs::rename(&incoming.place, &place).map_err(Error::file("put in place", &place))?;
            Pushed::Stored
        }
        Some(there) if there.sha256 == incoming.sha256 => Pushed::AlreadyThere,
        Some(there) => {
            return Err(Error::OtherContent {
                name: file.to_string(),
                path: there.path,
            });
        }
    };
    // Also of what was there: whoever put it there may not have come to this line.
    for folder in [folder.as_path(), &root] {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(Error::file("sync", folder))?;
    }
    Ok(pushed)
}

/// A file that is whole and on the disk, and has no name yet. It goes unless it gets one.
struct Incoming {
    place: std::path::PathBuf,
    sha256: String,
    segment_bytes: Option<u64>,
}

impl Incoming {
    fn new(
        repository: &Repository,
        folder: &Path,
        file: WalFile,
        path: &Path,
    ) -> Result<Self, Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mut from = File::open(path).map_err(Error::file("read", path))?;
        let mut hasher = Sha256::new();
        let unnamed = format!(
            "{INCOMING}{}-{}-{file}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let mut writer = Writer::create(folder, &unnamed, repository.key())?;
        let mut incoming = Self {
            place: folder.join(format!("{unnamed}{}", suffix(repository.key()))),
            sha256: String::new(),
            segment_bytes: None,
        };
        let mut bytes = 0;
        if let WalFile::Segment(stem) | WalFile::Partial(stem) = file {
            let (header, begin) = Header::read(&mut from, path)?;
            header.check(stem, repository.system_identifier(), path)?;
            incoming.segment_bytes = Some(header.segment_bytes);
            hasher.update(begin);
            bytes += header::BYTES as u64;
            writer
                .write_all(&begin)
                .map_err(Error::file("write", &incoming.place))?;
        }
        bytes += copy(&mut from, &mut writer, &mut hasher, path, &incoming.place)?;
        if let Some(wanted) = incoming.segment_bytes.filter(|&wanted| wanted != bytes) {
            return Err(Error::damaged(
                path,
                format!("it has {bytes} bytes, and a segment has {wanted}"),
            ));
        }
        writer.finish()?;
        incoming.sha256 = hex(&hasher.finalize());
        Ok(incoming)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Renamed, or worth nothing.
        let _ = fs::remove_file(&self.place);
    }
}

fn copy(
    from: &mut File,
    into: &mut Writer,
    hasher: &mut Sha256,
    path: &Path,
    place: &Path,
) -> Result<u64, Error> {
    let mut buffer = vec![0; 1 << 17];
    let mut bytes = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(Error::file("read", path))?,
        };
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
            return Ok(bytes);
        };
        hasher.update(piece);
        into.write_all(piece).map_err(Error::file("write", place))?;
        bytes += count as u64;
    }
}
