//! One process a data folder. The lock is the system's (`flock`), so it ends with its process,
//! however that ends; the process number in the file is only for people.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::Error;
use crate::folder::Folder;

/// Held from before the first look into the folder until the server has ended.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock or says who has it.
    pub(crate) fn take(folder: &Folder) -> Result<Self, Error> {
        let path = folder.lock_file();
        let failed = |e| Error::file("lock", &path, e);
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o644)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut text = String::new();
                    let _ = file.read_to_string(&mut text);
                    let pid = text.trim().parse().ok();
                    return Err(Error::Busy {
                        data_dir: folder.root.clone(),
                        pid,
                    });
                }
                Err(TryLockError::Error(e)) => return Err(failed(e)),
            }
            // `remove` deletes the file while it holds it: a lock on a deleted file guards nothing.
            if !same_file(&file, &path) {
                continue;
            }
            let pid = std::process::id();
            file.set_len(0)
                .and_then(|()| writeln!(file, "{pid}"))
                .map_err(failed)?;
            return Ok(Self { _file: file });
        }
    }
}

fn same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => a.ino() == b.ino() && a.dev() == b.dev(),
        _ => false,
    }
}
