//! What makes and keeps backups: this crate's own way with PostgreSQL's programs, or pgBackRest.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use chrono::Utc;

use crate::entry::{Entry, Kind};
use crate::expire::{self, Expired, Keep};
use crate::repository::pick;
use crate::take::{Depth, Take, take};
use crate::verify::{Broken, verify};
use crate::{Error, Key, Progress, Report, Repository, Source};

/// Work that an engine has begun.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// The verbs that every engine has, with the same answers.
pub trait Engine {
    /// All backups that are whole, the oldest first.
    ///
    /// # Errors
    /// When what is kept cannot be read.
    fn list(&self) -> Result<Vec<Entry>, Error>;

    /// What drills have found, the oldest first.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a report that cannot be read.
    fn reports(&self) -> Result<Vec<Report>, Error>;

    /// The verb that tells most about a backup here.
    fn proof(&self) -> &'static str;

    /// Where a backup lies.
    fn place(&self, id: &str) -> PathBuf;

    /// Makes a backup. One that failed is not listed, and harms none that was made before.
    ///
    /// # Errors
    /// See [`Error`].
    fn take<'a>(&'a self, how: &'a Take, progress: &'a Arc<Progress>) -> Work<'a, Entry>;

    /// Reads what is stored of a backup; what of it is not as it was written.
    ///
    /// # Errors
    /// When it cannot be tried.
    fn verify<'a>(&'a self, entry: &'a Entry, progress: &'a Arc<Progress>)
    -> Work<'a, Vec<Broken>>;

    /// Deletes what the rule does not want, or only says what that is. The newest stays in any case.
    ///
    /// # Errors
    /// [`Error::Busy`], and what the disk says.
    fn expire(&self, keep: Keep, is_dry: bool) -> Result<Expired, Error>;

    /// A backup by its id, or the newest of a kind for `latest`.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Empty`], [`Error::Kind`], and those of [`Engine::list`].
    fn find(&self, id: &str, kind: Option<Kind>) -> Result<Entry, Error> {
        pick(self.list()?, id, kind)
    }
}

/// PostgreSQL's own programs, and a folder.
#[derive(Debug, Clone)]
pub struct Core {
    /// The folder of the repository.
    pub root: PathBuf,
    /// What opens it.
    pub key: Option<Key>,
    /// The server that is backed up; only taking needs it.
    pub source: Option<Source>,
}

impl Core {
    fn open(&self) -> Result<Repository, Error> {
        Repository::open(&self.root, self.key.clone())
    }
}

impl Engine for Core {
    fn list(&self) -> Result<Vec<Entry>, Error> {
        self.open()?.list()
    }

    fn reports(&self) -> Result<Vec<Report>, Error> {
        self.open()?.reports()
    }

    fn proof(&self) -> &'static str {
        "drill"
    }

    fn place(&self, id: &str) -> PathBuf {
        self.root.join("backups").join(id)
    }

    fn take<'a>(&'a self, how: &'a Take, progress: &'a Arc<Progress>) -> Work<'a, Entry> {
        Box::pin(async move {
            if how.depth != Depth::Full {
                return Err(Error::Unfit(
                    "the engine core makes whole copies only; pgBackRest makes others: --engine pgbackrest"
                        .to_owned(),
                ));
            }
            let source = self.source.as_ref().ok_or_else(|| {
                Error::Unfit("no server is named whose backup it would be".to_owned())
            })?;
            take(&self.root, self.key.clone(), source, how, progress).await
        })
    }

    fn verify<'a>(
        &'a self,
        entry: &'a Entry,
        progress: &'a Arc<Progress>,
    ) -> Work<'a, Vec<Broken>> {
        Box::pin(async move { verify(&self.open()?, entry, progress).await })
    }

    fn expire(&self, keep: Keep, is_dry: bool) -> Result<Expired, Error> {
        let repository = self.open()?;
        if !is_dry {
            return expire::expire(&repository, keep);
        }
        let entries = repository.list()?;
        let backups = expire::plan(&entries, keep, Utc::now());
        let wal = expire::expire_wal(&repository, &entries, &backups)?;
        Ok(Expired { backups, wal })
    }
}
