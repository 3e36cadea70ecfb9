//! Under whose name the server runs. PostgreSQL refuses root, so a caller who is root lends the
//! work to `postgres`, or to `nobody` where there is no such user. Nobody gains rights here.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// The user the server's processes belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// The caller, who is not root.
    Own {
        /// The caller's number.
        uid: u32,
    },
    /// Another one, because the caller is root.
    Lent {
        /// User number, never 0.
        uid: u32,
        /// Group number.
        gid: u32,
    },
}

impl Account {
    /// The caller, or for root `postgres`, or `nobody`.
    pub(crate) fn pick() -> Result<Self, Error> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            return Ok(Self::Own { uid });
        }
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (number("-u", name), number("-g", name))
                && uid != 0
            {
                return Ok(Self::Lent { uid, gid });
            }
        }
        Err(Error::BrokenProgram {
            program: "id".into(),
            detail: "it knows neither the user `postgres` nor `nobody`".to_owned(),
            source: None,
        })
    }

    /// For root: the owner of an existing cluster, so that a folder made under one name goes on
    /// under it. A cluster that root owns (a restored copy) will be given away instead.
    pub(crate) fn or_owner_of(self, pg: &Path) -> Self {
        match (self, fs::symlink_metadata(pg)) {
            (Self::Lent { .. }, Ok(meta)) if meta.is_dir() && meta.uid() != 0 => Self::Lent {
                uid: meta.uid(),
                gid: meta.gid(),
            },
            _ => self,
        }
    }

    /// The number files of the server must have as owner.
    pub(crate) fn uid(self) -> u32 {
        match self {
            Self::Own { uid } | Self::Lent { uid, .. } => uid,
        }
    }

    /// A command of this account: its own process group (Ctrl-C at the terminal must reach us
    /// first), nothing of the caller's environment but `PATH`, and a folder everybody can enter.
    /// The caller's supplementary groups do not survive the change of user.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .current_dir("/")
            .process_group(0);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Self::Lent { uid, gid } = self {
            command.gid(gid).uid(uid);
        }
        command
    }

    /// Makes a file or folder this account's; nothing to do for the caller's own.
    pub(crate) fn give(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Own { .. } => Ok(()),
            Self::Lent { uid, gid } => lchown(path, Some(uid), Some(gid)),
        }
    }

    /// Gives a folder with everything in it. Symbolic links change owner, not what they name.
    pub(crate) fn give_all(self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path)?.is_dir() {
            for entry in fs::read_dir(path)? {
                self.give_all(&entry?.path())?;
            }
        }
        self.give(path)
    }

    /// Whether this account can walk into a folder, asked of the system itself: modes, lists of
    /// rights and every parent folder count.
    pub(crate) fn can_enter(self, folder: &Path) -> bool {
        let mut test = self.command(Path::new("test"));
        test.arg("-x")
            .arg(folder)
            .status()
            .is_ok_and(|status| status.success())
    }
}

fn number(flag: &str, user: &str) -> Option<u32> {
    let output = Command::new("id").arg(flag).arg(user).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
