//! `kardan backup archive`: continuous archiving, on and off, and how far it has come.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kardan_backup::{Archive, Key, Repository, ServerWal, Stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::args::BackupPlace;
use super::{code, show_wal};
use crate::args::DatabaseUrl;
use crate::migrate::print_json;
use crate::stop;

/// The file in the folder of the embedded server that says that it is archived.
pub const FILE: &str = "archive.json";

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Keep every change from now on. The embedded server of `kardan up` needs no restart; of another one, the lines for its
    /// postgresql.conf are printed.
    #[command(
        after_help = "Example:\n  kardan backup archive on --repository /mnt/other-disk/backups"
    )]
    On(On),
    /// End it. What is archived stays.
    Off(Off),
    /// Say how far it has come. Exit code 4 when it lags, or has gaps.
    Status {
        #[command(flatten)]
        database: DatabaseUrl,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Archive a server from outside until Ctrl-C, by pg_receivewal; what `kardan up` does for its own.
    Run {
        #[command(flatten)]
        database: DatabaseUrl,
        /// Where segments lie until they are whole, neither compressed nor encrypted.
        #[arg(long, value_name = "DIR")]
        spool: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct On {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Close a segment after so many seconds, full or not: what a lost disk can cost.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub timeout: u32,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Off {
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Where the embedded server is archived to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub repository: PathBuf,
    pub key_file: Option<PathBuf>,
}

impl Setting {
    /// What was chosen for a server; `None` when it is not archived.
    pub fn read(data_dir: &Path) -> anyhow::Result<Option<Self>> {
        let path = data_dir.join(FILE);
        match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
            Ok(text) => serde_json::from_str(&text).map(Some).with_context(|| {
                format!(
                    "{} is damaged; next: kardan backup archive on",
                    path.display()
                )
            }),
        }
    }

    pub fn open(&self) -> Result<Repository, kardan_backup::Error> {
        let key = self.key_file.as_deref().map(Key::from_file).transpose()?;
        Repository::open(&self.repository, key)
    }
}

pub async fn run(place: &BackupPlace, action: Action) -> anyhow::Result<ExitCode> {
    match action {
        Action::On(args) => on(place, &args).await,
        Action::Off(args) => off(place, &args).await,
        Action::Status { database, json } => status(place, &database, json).await,
        Action::Run { database, spool } => {
            let stop = stop::on_signal()?;
            let source = place.source(&database).await?;
            let repository = place.open_for(&source).await?;
            eprintln!("kardan: archiving into {}", repository.root().display());
            let how = Stream { spool };
            kardan_backup::stream(&source, &repository, &how, stop.cancelled()).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn on(place: &BackupPlace, args: &On) -> anyhow::Result<ExitCode> {
    let absolute = |path: &Path| {
        std::path::absolute(path).with_context(|| format!("finding {}", path.display()))
    };
    let setting = Setting {
        repository: absolute(&place.folder())?,
        key_file: place.key_file.as_deref().map(absolute).transpose()?,
    };
    let source = place.source(&args.database).await?;
    let folder = setting.repository.display();
    if args.database.find()?.is_some() {
        if !args.dry_run {
            place.open_for(&source).await?;
        }
        show_wal::archive_settings(&setting, args.timeout);
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "everything that the server of {} changes is kept in {folder}, a segment after {} s at the latest",
        place.data_dir.data_dir.display(),
        args.timeout
    );
    if args.dry_run {
        println!("nothing was done");
        return Ok(ExitCode::SUCCESS);
    }
    place.open_for(&source).await?;
    kardan_backup::set_archive_timeout(&source, Some(args.timeout)).await?;
    let path = place.data_dir.data_dir.join(FILE);
    let text = serde_json::to_string_pretty(&setting)?;
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    println!("kardan up has begun with it; {} says so", path.display());
    println!("next: kardan backup take (a moment is reached from a backup made while WAL is kept)");
    Ok(ExitCode::SUCCESS)
}

async fn off(place: &BackupPlace, args: &Off) -> anyhow::Result<ExitCode> {
    let data_dir = &place.data_dir.data_dir;
    let Some(setting) = Setting::read(data_dir)? else {
        println!("the server of {} is not archived", data_dir.display());
        return Ok(ExitCode::SUCCESS);
    };
    let folder = setting.repository.display();
    println!("what changes from now on is not kept any more; what is in {folder} stays");
    if args.dry_run {
        println!("nothing was done");
        return Ok(ExitCode::SUCCESS);
    }
    let path = data_dir.join(FILE);
    std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    let none = DatabaseUrl {
        database_url: None,
        database_url_file: None,
    };
    // A server that is down is told by `kardan up`, at its next start.
    if let Ok(source) = place.source(&none).await {
        kardan_backup::set_archive_timeout(&source, None).await?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn status(
    place: &BackupPlace,
    database: &DatabaseUrl,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let setting = Setting::read(&place.data_dir.data_dir)?;
    let is_elsewhere = place.repository.is_some() || database.find()?.is_some();
    let repository = match &setting {
        Some(setting) if !is_elsewhere => setting.open()?,
        _ => place.open()?,
    };
    let server = match place.source(database).await {
        Ok(source) => Some(kardan_backup::server_wal(&source).await?),
        Err(error) if database.find()?.is_some() => return Err(error),
        Err(_) => None,
    };
    let archive = Archive::load(&repository)?;
    let (stretches, gaps) = match &archive {
        Some(archive) => (archive.stretches()?, archive.gaps()),
        None => (Vec::new(), Vec::new()),
    };
    let lag = match (&archive, &server) {
        (Some(archive), Some(server)) => archive.lag_bytes(server),
        _ => None,
    };
    let late = server.as_ref().map(ServerWal::segment_bytes).zip(lag);
    let is_good = gaps.is_empty() && late.is_none_or(|(segment, lag)| lag <= 2 * segment);
    if json {
        print_json(&json!({
            "setting": setting, "repository": repository.root(), "server": server,
            "lag_bytes": lag, "complete": stretches, "missing": gaps,
        }))?;
    } else {
        show_wal::archive(
            setting.as_ref(),
            &repository,
            server.as_ref(),
            lag,
            &stretches,
            &gaps,
        );
    }
    Ok(code(is_good && archive.is_some()))
}
