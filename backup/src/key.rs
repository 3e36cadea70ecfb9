//! Encryption by `age`, so that a backup can be read without this program, too: `age -d -i KEY base.tar.zst.age | zstd -d | tar x`.
//!
//! A key is a file as `age-keygen` writes it. One with several keys encrypts to all of them and opens what any of them opens:
//! a new key is put in front of the old one, which goes when the backups made with it alone have gone.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Error;

/// What is encrypted to see whether a key is the right one.
const WORD: &str = "kardan backup\n";

/// A file with keys of `age`.
#[derive(Debug, Clone)]
pub struct Key {
    path: PathBuf,
}

impl Key {
    /// Takes a file, after a look whether it can be used.
    ///
    /// # Errors
    /// [`Error::Key`] for a file that is absent or holds no key, [`Error::Missing`] without `age`.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::Key(format!("the key file {}: {error}", path.display())))?;
        if !text.lines().any(|line| line.starts_with("AGE-SECRET-KEY-")) {
            return Err(Error::Key(format!(
                "{} holds no key; age-keygen -o {} writes one",
                path.display(),
                path.display()
            )));
        }
        let key = Self {
            path: path.to_owned(),
        };
        let status = Command::new("age").arg("--version").output();
        match status {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::Missing {
                program: "age".to_owned(),
                package: "age".to_owned(),
            }),
            Err(error) => Err(Error::file("run", Path::new("age"))(error)),
            Ok(_) => Ok(key),
        }
    }

    pub(crate) fn encrypt(&self) -> Command {
        let mut command = Command::new("age");
        command.arg("--encrypt").arg("--identity").arg(&self.path);
        command
    }

    pub(crate) fn decrypt(&self) -> Command {
        let mut command = Command::new("age");
        command.arg("--decrypt").arg("--identity").arg(&self.path);
        command
    }

    /// Leaves something that only this key opens.
    pub(crate) fn mark(&self, place: &Path) -> Result<(), Error> {
        let mut age = self
            .encrypt()
            .arg("--output")
            .arg(place)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::file("run", Path::new("age")))?;
        if let Some(mut into) = age.stdin.take() {
            into.write_all(WORD.as_bytes())
                .map_err(Error::file("write", place))?;
        }
        let ended = age
            .wait_with_output()
            .map_err(Error::file("run", Path::new("age")))?;
        if ended.status.success() {
            return Ok(());
        }
        Err(Error::Key(format!(
            "age cannot encrypt with {}: {}",
            self.path.display(),
            String::from_utf8_lossy(&ended.stderr).trim()
        )))
    }

    /// Is this a key of the repository that has this mark?
    pub(crate) fn check(&self, mark: &Path) -> Result<(), Error> {
        let ended = self
            .decrypt()
            .arg(mark)
            .output()
            .map_err(Error::file("run", Path::new("age")))?;
        if ended.status.success() && ended.stdout == WORD.as_bytes() {
            return Ok(());
        }
        Err(Error::Key(format!(
            "{} is not the key of this repository ({})",
            self.path.display(),
            String::from_utf8_lossy(&ended.stderr)
                .lines()
                .next()
                .unwrap_or("it opens something else")
        )))
    }
}
