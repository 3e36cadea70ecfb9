//! Reading the whole archive: is every file still what was stored?

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::fetch::read_whole;
use super::{Archive, StoredWal};
use crate::{Error, Progress};

/// A file of the archive that is not what was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenWal {
    /// What the server calls it.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// Reads every segment and history; those that differ from the hash in their name.
///
/// # Errors
/// None for what is damaged: that is the answer. [`Error::Missing`] and the like, when nothing can be read.
pub fn check_wal(archive: &Archive, progress: &Arc<Progress>) -> Result<Vec<BrokenWal>, Error> {
    let files: Vec<&StoredWal> = archive
        .segments
        .values()
        .chain(archive.histories.values())
        .collect();
    progress.begin(
        "reading WAL",
        archive.segments.len() as u64 * archive.segment_bytes,
    );
    let mut broken = Vec::new();
    for stored in files {
        match read_whole(stored, archive.key()) {
            Ok(bytes) => progress.add(bytes),
            Err(Error::Damaged { path, why }) => broken.push(BrokenWal {
                name: stored.file.to_string(),
                path,
                why,
            }),
            Err(other) => return Err(other),
        }
    }
    Ok(broken)
}
