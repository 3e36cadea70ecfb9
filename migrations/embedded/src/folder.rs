//! The data folder: where it is, what is in it, who may enter. The cluster inside is made by
//! `cluster.rs`.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::account::Account;
use crate::socket::private_dir;

/// Space a new cluster needs until its first checkpoints, with some room to live.
pub(crate) const FRESH_BYTES: u64 = 200 << 20;
/// Space without which a start is not expected to succeed.
pub(crate) const START_BYTES: u64 = 1 << 20;
/// Folder for root's callers whose own folder the server's user cannot enter.
const FALLBACK: &str = "/var/lib/kardan";
/// A data folder and the account its server runs under.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    pub(crate) account: Account,
}

/// The folder that a server would use for `data_dir`: another one when the caller is root and the server's user cannot
/// enter it. See [`Server::data_dir`](crate::Server::data_dir).
///
/// # Errors
/// [`Error::BrokenProgram`], [`Error::System`].
pub fn place(data_dir: &Path) -> Result<PathBuf, Error> {
    Ok(Folder::choose(data_dir)?.root)
}

impl Folder {
    /// Decides which folder stands for `wanted`; changes nothing on disk.
    pub(crate) fn choose(wanted: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(wanted)
            .map_err(|e| Error::file("find the current folder for", wanted, e))?;
        let picked = Account::pick()?;
        let account = picked.or_owner_of(&root.join("pg"));
        let nearest = existing(&root);
        // A file in the way is no question of rights: making the folder will say so.
        let enters = || !nearest.is_dir() || account.can_enter(nearest);
        if matches!(account, Account::Own { .. }) || enters() {
            return Ok(Self { root, account });
        }
        let fallback = Path::new(FALLBACK).join(short_hash(&root));
        tracing::info!(
            folder.wanted = %root.display(), folder.used = %fallback.display(),
            "the server's user cannot enter the data folder, another one stands for it"
        );
        let account = picked.or_owner_of(&fallback.join("pg"));
        Ok(Self {
            root: fallback,
            account,
        })
    }

    pub(crate) fn pg(&self) -> PathBuf {
        self.root.join("pg")
    }

    pub(crate) fn log_dir(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.log_dir().join("server.log")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn port_file(&self) -> PathBuf {
        self.root.join("port")
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.root.join("password")
    }

    /// Makes the folder itself. As root its new parts are open to walk through whatever the
    /// umask, else the server's user could not reach the cluster.
    pub(crate) fn create(&self) -> Result<(), Error> {
        let failed = |e| Error::file("make the data folder", &self.root, e);
        let missing: Vec<&Path> = self.root.ancestors().take_while(|p| !p.exists()).collect();
        for part in missing.into_iter().rev() {
            match fs::create_dir(part) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(failed)?,
            }
            match self.account {
                Account::Lent { .. } => chmod(part, 0o755).map_err(failed)?,
                Account::Own { .. } if part == self.root => chmod(part, 0o700).map_err(failed)?,
                Account::Own { .. } => {}
            }
        }
        if !self.root.is_dir() {
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
        Ok(())
    }

    /// Makes the folder of the log, which stays the caller's.
    pub(crate) fn create_log_dir(&self) -> Result<(), Error> {
        private_dir(&self.log_dir()).map_err(|e| Error::file("make the folder", &self.log_dir(), e))
    }

    /// Gives a cluster that root put there (a copy brought back) to the server's user.
    pub(crate) fn take_over_cluster(&self) -> Result<(), Error> {
        let pg = self.pg();
        let failed = |e| Error::file("give away the folder", &pg, e);
        let owner = fs::symlink_metadata(&pg).map_err(failed)?.uid();
        if owner == self.account.uid() {
            return Ok(());
        }
        match self.account {
            Account::Own { .. } => Err(failed(io::ErrorKind::PermissionDenied.into())),
            Account::Lent { .. } => self.account.give_all(&pg).map_err(failed),
        }
    }

    /// Refuses when the disk has less than `needed` bytes.
    pub(crate) fn require_space(&self, needed: u64) -> Result<(), Error> {
        match free_bytes(&self.root) {
            Some(free) if free < needed => Err(Error::DiskFull {
                path: self.root.clone(),
                free,
                needed,
            }),
            _ => Ok(()),
        }
    }
}

/// Bytes an ordinary user may still write on the disk of the nearest existing folder.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(existing(path)).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Replaces a file in one step: readers and a crash see the old text or the new one, and a
/// symbolic link in its place is replaced, not followed. `owner`: `None` leaves it the caller's.
pub(crate) fn replace(
    path: &Path,
    text: &str,
    mode: u32,
    owner: Option<Account>,
) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let write = || -> io::Result<()> {
        match fs::remove_file(&new) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&new)?;
        file.write_all(text.as_bytes())?;
        owner.map_or(Ok(()), |account| account.give(&new))?;
        fs::rename(&new, path)
    };
    write().map_err(|e| {
        // A half-written file on a full disk would only keep it full.
        let _ = fs::remove_file(&new);
        Error::file("write", path, e)
    })
}

/// A stable name for a path: 16 hexadecimal digits of its SHA-256.
pub(crate) fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn existing(path: &Path) -> &Path {
    path.ancestors()
        .find(|part| part.exists())
        .unwrap_or(Path::new("/"))
}

fn chmod(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}
