//! Giving a file of WAL back, for `restore_command`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::name::{Segment, WalFile};
use super::{Archive, StoredWal, find};
use crate::stored::{Reader, hex};
use crate::{Error, Key, Repository};

/// Whether it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Got {
    /// It lies where it was wanted, and is what was stored.
    Given,
    /// The archive does not have it, nor anything behind it: recovery has come to the end.
    Absent,
}

/// Brings a file back under its name, to a place.
///
/// # Errors
/// [`Error::Damaged`] when it is not what was stored; [`Error::Hole`] when it is missing between others. After either a
/// server must not go on: it would take the break for the end of all WAL, and open with less than there was.
pub fn get(repository: &Repository, name: &str, to: &Path) -> Result<Got, Error> {
    let file: WalFile = name.parse()?;
    if let Some(stored) = find(&repository.wal(), file, repository.key())? {
        unpack(&stored, repository.key(), to)?;
        return Ok(Got::Given);
    }
    if let WalFile::Segment(stem) = file
        && let Some(archive) = Archive::load(repository)?
        && is_hole(&archive, stem.segment(archive.segment_bytes))
        // A restored server has the segments of its backup with it, and takes those next.
        && !to.with_file_name(name).exists()
    {
        return Err(Error::Hole {
            name: name.to_owned(),
        });
    }
    Ok(Got::Absent)
}

/// Whether something of the timeline is stored on both sides.
fn is_hole(archive: &Archive, wanted: Segment) -> bool {
    let of = || archive.of(wanted.timeline);
    of().next().is_some_and(|first| first < wanted)
        && of().next_back().is_some_and(|last| wanted < last)
}

/// Unpacks beside, compares, and renames: half a segment never lies where a server looks for a whole one.
pub(crate) fn unpack(stored: &StoredWal, key: Option<&Key>, to: &Path) -> Result<u64, Error> {
    let beside = PathBuf::from(format!("{}.incoming", to.display()));
    let unpacked = unpack_beside(stored, key, &beside);
    let done = unpacked.and_then(|bytes| {
        fs::rename(&beside, to).map_err(Error::file("put in place", to))?;
        Ok(bytes)
    });
    if done.is_err() {
        // The error tells more than whatever would be said of this.
        let _ = fs::remove_file(&beside);
    }
    done
}

fn unpack_beside(stored: &StoredWal, key: Option<&Key>, beside: &Path) -> Result<u64, Error> {
    let file = File::create(beside).map_err(Error::file("create", beside))?;
    let mut sink = Sink {
        into: Some(file),
        hasher: Sha256::new(),
        failed: None,
    };
    let bytes = read_through(stored, key, &mut sink);
    if let Some(failed) = sink.failed {
        return Err(Error::file("write", beside)(failed));
    }
    bytes
}

/// Reads a stored file to its end and compares it with the hash in its name; its size.
pub(super) fn read_whole(stored: &StoredWal, key: Option<&Key>) -> Result<u64, Error> {
    let mut sink = Sink {
        into: None,
        hasher: Sha256::new(),
        failed: None,
    };
    read_through(stored, key, &mut sink)
}

fn read_through(stored: &StoredWal, key: Option<&Key>, sink: &mut Sink) -> Result<u64, Error> {
    let mut reader = Reader::open(&stored.path, key)?;
    let bytes = io::copy(&mut reader, sink)
        .map_err(|error| Error::damaged(&stored.path, error.to_string()))?;
    reader.finish()?;
    if hex(&sink.hasher.finalize_reset()) != stored.sha256 {
        return Err(Error::damaged(&stored.path, "its content has changed"));
    }
    Ok(bytes)
}

/// Hashes what it writes, and remembers that it was the writing that failed.
struct Sink {
    into: Option<File>,
    hasher: Sha256,
    failed: Option<io::Error>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update(bytes);
        if let Some(Err(error)) = self.into.as_mut().map(|file| file.write_all(bytes)) {
            self.failed = Some(error);
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
