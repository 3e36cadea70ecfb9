//! Reading what is stored, without restoring it: is it still what was written?

use std::sync::Arc;

use serde::Serialize;

use crate::entry::Entry;
use crate::stored::hash;
use crate::{Error, Progress, Repository};

/// A file that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

/// Reads every file of a backup; those that differ.
///
/// # Errors
/// [`Error::Thread`].
pub async fn verify(
    repository: &Repository,
    entry: &Entry,
    progress: &Arc<Progress>,
) -> Result<Vec<Broken>, Error> {
    progress.begin("reading", entry.stored_bytes());
    let (folder, files) = (repository.folder(&entry.id), entry.files.clone());
    let progress = Arc::clone(progress);
    let broken = tokio::task::spawn_blocking(move || {
        let mut broken = Vec::new();
        for file in files {
            let why = match hash(&folder.join(&file.name), |bytes| progress.add(bytes)) {
                Err(error) => match std::error::Error::source(&error) {
                    Some(source) => format!("it cannot be read: {source}"),
                    None => error.to_string(),
                },
                Ok((bytes, _)) if bytes != file.bytes => {
                    format!("it has {bytes} bytes instead of {}", file.bytes)
                }
                Ok((_, sha256)) if sha256 != file.sha256 => "its content has changed".to_owned(),
                Ok(_) => continue,
            };
            broken.push(Broken {
                file: file.name,
                why,
            });
        }
        broken
    });
    Ok(broken.await?)
}
