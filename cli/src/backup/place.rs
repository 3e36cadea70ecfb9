//! Where backups are, from what the command line says.

use std::path::PathBuf;

use anyhow::Context as _;
use kardan_backup::{Core, Engine, Error, Key, PgBackRest, Repository, Source};
use tokio_postgres::Config;

use super::args::{BackupPlace, EngineName};
use crate::args::DatabaseUrl;

impl BackupPlace {
    pub(super) fn folder(&self) -> PathBuf {
        self.repository
            .clone()
            .unwrap_or_else(|| self.data_dir.data_dir.join("backups"))
    }

    pub(super) fn key(&self) -> Result<Option<Key>, Error> {
        self.key_file.as_deref().map(Key::from_file).transpose()
    }

    /// What makes and keeps backups here.
    pub(super) fn engine(&self) -> Result<Box<dyn Engine>, Error> {
        Ok(match self.engine {
            EngineName::Core => Box::new(self.core(None)?),
            EngineName::Pgbackrest => Box::new(self.pgbackrest()),
        })
    }

    pub(super) fn core(&self, source: Option<Source>) -> Result<Core, Error> {
        Ok(Core {
            root: self.folder(),
            key: self.key()?,
            source,
        })
    }

    pub(super) fn pgbackrest(&self) -> PgBackRest {
        PgBackRest {
            stanza: self.stanza.clone(),
        }
    }

    /// The repository of the engine core, for what only that one does.
    pub(super) fn open(&self) -> Result<Repository, Error> {
        if self.engine == EngineName::Pgbackrest {
            return Err(Error::Unfit(
                "this is done with backups of the engine core only (--engine core); pgBackRest itself restores its own: \
                 pgbackrest restore"
                    .to_owned(),
            ));
        }
        Repository::open(&self.folder(), self.key()?)
    }

    /// The repository of this server; made where the folder is new.
    pub(super) async fn open_for(&self, source: &Source) -> Result<Repository, Error> {
        let own = source.system_identifier().await?;
        Repository::open_for(&self.folder(), self.key()?, &own)
    }

    /// The database that was named, or that of the embedded server which runs.
    pub(super) fn database(&self, given: &DatabaseUrl) -> anyhow::Result<Config> {
        if let Some(config) = given.find()? {
            return Ok(config);
        }
        let file = self.data_dir.data_dir.join("url");
        let url = std::fs::read_to_string(&file).map_err(|_| {
            anyhow::anyhow!(
                "no server of {} is running, and no other was named: start one with `kardan up`, or use --database-url",
                self.data_dir.data_dir.display()
            )
        })?;
        url.trim()
            .parse()
            .with_context(|| format!("{} holds no URL", file.display()))
    }

    pub(super) async fn source(&self, given: &DatabaseUrl) -> anyhow::Result<Source> {
        Ok(Source::new(self.database(given)?, self.pg_bin.as_deref()).await?)
    }
}
