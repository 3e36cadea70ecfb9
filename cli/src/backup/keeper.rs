//! What `kardan up` does so that its server is archived: it looks for the setting, and begins and ends with it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kardan_backup::{Source, Stream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::archive::Setting;

/// Where segments lie until they are whole.
const SPOOL: &str = "spool";
/// How often the setting is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long the last segment is waited for when the server stops.
const LAST: Duration = Duration::from_secs(10);

/// Archives the embedded server while somebody wants it.
pub struct Keeper {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Begins to look.
    pub fn start(data_dir: &Path, source: Source) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(watch(data_dir.to_owned(), source, stop.clone()));
        Self { stop, task }
    }

    /// Archives what is left, and ends; the server must still run.
    pub async fn stop(self) {
        self.stop.cancel();
        // A panic is in the log, and nothing here could be done about it.
        let _ = self.task.await;
    }
}

/// Forgets that a server was archived, together with the server.
pub fn forget(data_dir: &Path) -> std::io::Result<()> {
    let gone = |done: std::io::Result<()>| match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    gone(std::fs::remove_file(data_dir.join(super::archive::FILE)))?;
    gone(std::fs::remove_dir_all(data_dir.join(SPOOL)))
}

/// An archiver at work.
struct Work {
    setting: Setting,
    stop: CancellationToken,
    task: JoinHandle<Result<(), kardan_backup::Error>>,
}

async fn watch(data_dir: PathBuf, source: Source, stop: CancellationToken) {
    let mut work: Option<Work> = None;
    let mut told = String::new();
    loop {
        let wanted = Setting::read(&data_dir).unwrap_or_else(|error| {
            say(&mut told, format!("{error:#}"));
            work.as_ref().map(|work| work.setting.clone())
        });
        let is_over = work.as_ref().is_some_and(|work| work.task.is_finished());
        if is_over || work.as_ref().map(|work| &work.setting) != wanted.as_ref() {
            if let Some(work) = work.take() {
                end(work, &mut told).await;
            }
            match wanted {
                Some(setting) => work = begin(&data_dir, &source, setting, &mut told).await,
                None => release(&source, &mut told).await,
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    if let Some(work) = work {
        if let Ok(repository) = work.setting.open() {
            // Best effort: what is not archived now is by the next start, for the server keeps it.
            let _ = kardan_backup::switch(&source, &repository, LAST).await;
        }
        end(work, &mut told).await;
    }
}

async fn begin(
    data_dir: &Path,
    source: &Source,
    setting: Setting,
    told: &mut String,
) -> Option<Work> {
    let opened = match setting.open() {
        Ok(repository) => kardan_backup::own(source, &repository)
            .await
            .map(|()| repository),
        Err(error) => Err(error),
    };
    let repository = match opened {
        Ok(repository) => repository,
        // Looked at again in a second: a disk may come back.
        Err(error) => {
            let why = crate::exit::sentence(&anyhow::Error::new(error));
            say(told, format!("WAL is not archived: {why}"));
            return None;
        }
    };
    say(
        told,
        format!("WAL is archived into {}", setting.repository.display()),
    );
    let stop = CancellationToken::new();
    let task = tokio::spawn({
        let (source, stop) = (source.clone(), stop.clone());
        let how = Stream {
            spool: data_dir.join(SPOOL),
        };
        async move { kardan_backup::stream(&source, &repository, &how, stop.cancelled()).await }
    });
    Some(Work {
        setting,
        stop,
        task,
    })
}

async fn end(work: Work, told: &mut String) {
    work.stop.cancel();
    if let Ok(Err(error)) = work.task.await {
        let why = crate::exit::sentence(&anyhow::Error::new(error));
        say(told, format!("WAL is not archived: {why}"));
    }
}

/// Nobody wants it: the server must not keep WAL for an archive that is off.
async fn release(source: &Source, told: &mut String) {
    match kardan_backup::end_slot(source).await {
        Ok(true) => say(told, "WAL is archived no more".to_owned()),
        Ok(false) => {}
        Err(error) => say(told, crate::exit::sentence(&anyhow::Error::new(error))),
    }
}

/// Once, though it is tried every second.
fn say(told: &mut String, text: String) {
    if *told != text {
        eprintln!("kardan: {text}");
        *told = text;
    }
}
