//! The folder of the unix socket: inside the data folder, or a short private one under `/tmp`.
//! Who can enter it is superuser of the server, so nobody else may.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::folder::{Folder, short_hash};

/// The longest name of a socket's folder: an address holds 107 bytes, of which the file name
/// `/.s.PGSQL.65535` takes 15.
const LONGEST: usize = 107 - 15;

/// The prepared folder. One under `/tmp` is removed on drop.
#[derive(Debug)]
pub(crate) struct SocketDir {
    pub(crate) path: PathBuf,
    inside: bool,
}

/// Where the socket of a data folder is: `run` inside, unless that is too long for a socket
/// address or has signs that lists of hosts and folders give a meaning to.
pub(crate) fn place(folder: &Folder) -> PathBuf {
    let inside = folder.root.join("run");
    let plain = inside
        .to_str()
        .is_some_and(|path| !path.contains(['"', '\\', ',']) && !path.contains(char::is_control));
    if plain && inside.as_os_str().len() <= LONGEST {
        return inside;
    }
    Path::new("/tmp").join(format!("kardan-{}", short_hash(&folder.root)))
}

/// Makes the folder with mode 0700 for the server's user. One that exists must already be so:
/// under `/tmp` anybody could have made it.
pub(crate) fn create(folder: &Folder) -> Result<SocketDir, Error> {
    let path = place(folder);
    private_dir(&path).map_err(|e| Error::file("make the folder", &path, e))?;
    let failed = |e| Error::file("prepare the folder", &path, e);
    let unsafe_dir = |why| Error::UnsafeSocketDir {
        path: path.clone(),
        why,
    };
    // Of the name itself: a link is not followed.
    let meta = fs::symlink_metadata(&path).map_err(failed)?;
    if !meta.is_dir() {
        return Err(unsafe_dir("is not a folder"));
    }
    let own = rustix::process::geteuid().as_raw();
    if meta.uid() != folder.account.uid() && meta.uid() != own {
        return Err(unsafe_dir("belongs to another user"));
    }
    if meta.mode() & 0o077 != 0 {
        return Err(unsafe_dir("is open to other users"));
    }
    folder.account.give(&path).map_err(failed)?;
    let inside = path.starts_with(&folder.root);
    Ok(SocketDir { path, inside })
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        if !self.inside {
            // Not empty after a server was killed: the next start uses it again.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// Makes a folder that is closed to others from its first moment; an existing one is left alone.
pub(crate) fn private_dir(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
