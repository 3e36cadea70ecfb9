//! The engine pgBackRest: it does the work, and this tells it what to do and reads what it says. Where the repository is,
//! whose server it keeps and under which key is in its own configuration.
//!
//! Backups are made on the repository host. There is one, and pgBackRest locks a stanza on it, so two runners never meet: not
//! when a leader is lost in the middle either, which would also end a lock that is held in the database.

mod info;
mod verified;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;

use crate::engine::{Engine, Work};
use crate::entry::{Entry, Kind};
use crate::expire::{Expired, Keep, Spared, plan};
use crate::source::failed;
use crate::take::Take;
use crate::verify::Broken;
use crate::{Error, Progress, Report, SparedWal};

/// What pgBackRest ends with when another one works on the stanza.
const LOCKED: i32 = 50;
/// How often a backup is begun: the leader may be lost in the middle, and another one takes half a minute.
const ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_secs(15);

/// pgBackRest, and what it calls the cluster.
#[derive(Debug, Clone)]
pub struct PgBackRest {
    /// The stanza.
    pub stanza: String,
}

impl PgBackRest {
    /// Whether the repository can be written to and what the servers archive arrives: it closes a segment, and waits for it.
    ///
    /// # Errors
    /// [`Error::Program`] with what pgBackRest found.
    pub fn check(&self) -> Result<(), Error> {
        self.run(&["check"]).map(drop)
    }

    /// Whether the repository knows the stanza, and what it says of it.
    ///
    /// # Errors
    /// [`Error::Unfit`] with what to do.
    pub fn status(&self) -> Result<String, Error> {
        let stanza = self.info()?;
        Ok(format!(
            "stanza {}: {}, {}",
            self.stanza,
            stanza.status.message,
            if stanza.cipher == "none" {
                "not encrypted".to_owned()
            } else {
                format!("encrypted ({})", stanza.cipher)
            }
        ))
    }

    fn info(&self) -> Result<info::Stanza, Error> {
        let said = self.run(&["info", "--output=json"])?;
        let stanza = info::read(&said.stdout)?;
        // 1 is a stanza that is not there, 2 one without a backup.
        match stanza {
            Some(stanza) if stanza.status.code != 1 => Ok(stanza),
            _ => Err(Error::Unfit(format!(
                "the repository has no stanza {}: pgbackrest --stanza={} stanza-create, on the repository host",
                self.stanza, self.stanza
            ))),
        }
    }

    /// Runs it to its end.
    fn run(&self, words: &[&str]) -> Result<Output, Error> {
        let mut command = Command::new("pgbackrest");
        command
            .arg(format!("--stanza={}", self.stanza))
            .args(words)
            .env("TZ", "UTC");
        let output = command.output().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::Missing {
                program: "pgbackrest".to_owned(),
                package: "pgbackrest".to_owned(),
            },
            _ => Error::file("run", Path::new("pgbackrest"))(error),
        })?;
        if output.status.success() {
            return Ok(output);
        }
        if output.status.code() == Some(LOCKED) {
            return Err(Error::Busy {
                path: format!("the stanza {}", self.stanza).into(),
                by: "of another pgBackRest".to_owned(),
            });
        }
        let said = [output.stdout, output.stderr].concat();
        Err(failed("pgbackrest", &output.status.to_string(), &said))
    }

    async fn backup(&self, how: &Take) -> Result<(), Error> {
        let mut words = vec![
            "backup".to_owned(),
            format!("--type={}", how.depth.name()),
            "--log-level-console=warn".to_owned(),
        ];
        words.extend(
            how.label
                .iter()
                .map(|label| format!("--annotation=label={label}")),
        );
        for attempt in 1.. {
            let (engine, words) = (self.clone(), words.clone());
            let made = tokio::task::spawn_blocking(move || {
                let words: Vec<_> = words.iter().map(String::as_str).collect();
                engine.run(&words)
            });
            match made.await? {
                Err(error @ Error::Program { .. }) if attempt < ATTEMPTS => {
                    tracing::warn!(attempt, %error, "the backup was broken off; once more");
                    tokio::time::sleep(PAUSE).await;
                }
                done => return done.map(drop),
            }
        }
        Ok(())
    }
}

impl Engine for PgBackRest {
    fn list(&self) -> Result<Vec<Entry>, Error> {
        self.info()?.entries()
    }

    /// Its backups are not drilled here.
    fn reports(&self) -> Result<Vec<Report>, Error> {
        Ok(Vec::new())
    }

    fn proof(&self) -> &'static str {
        "verify"
    }

    fn place(&self, id: &str) -> PathBuf {
        Path::new("backup").join(&self.stanza).join(id)
    }

    fn take<'a>(&'a self, how: &'a Take, progress: &'a Arc<Progress>) -> Work<'a, Entry> {
        Box::pin(async move {
            if how.kind != Kind::Physical {
                return Err(Error::Unfit(
                    "pgBackRest copies the files of the whole server; dumps of one database are made by --engine core"
                        .to_owned(),
                ));
            }
            progress.begin("copying files", 0);
            let before: Vec<_> = self.list()?.into_iter().map(|entry| entry.id).collect();
            self.backup(how).await?;
            let made = self.list()?.into_iter().rev();
            let mut new = made.filter(|entry| !before.contains(&entry.id));
            new.next().ok_or_else(|| {
                Error::Unfit("pgbackrest says that it made a backup, and lists none".to_owned())
            })
        })
    }

    fn verify<'a>(
        &'a self,
        entry: &'a Entry,
        progress: &'a Arc<Progress>,
    ) -> Work<'a, Vec<Broken>> {
        Box::pin(async move {
            progress.begin("reading", 0);
            let (engine, id) = (self.clone(), entry.id.clone());
            let said = tokio::task::spawn_blocking(move || {
                let set = format!("--set={id}");
                engine.run(&["verify", &set, "--output=text", "--verbose"])
            });
            match said.await? {
                Ok(output) => verified::broken(&String::from_utf8_lossy(&output.stdout)),
                Err(error) => Err(error),
            }
        })
    }

    /// A rule counts whole backups; what was made on top of one goes with it, and so does WAL that none needs any more.
    fn expire(&self, keep: Keep, is_dry: bool) -> Result<Expired, Error> {
        let entries = self.list()?;
        let whole: Vec<_> = entries
            .iter()
            .filter(|one| is_whole(one))
            .cloned()
            .collect();
        let stays = plan(&whole, keep, Utc::now())
            .iter()
            .filter(|one| one.why.is_some())
            .count()
            .max(1);
        let retention = format!("--repo1-retention-full={stays}");
        let mut words = vec![
            "expire",
            &retention,
            "--repo1-retention-full-type=count",
            "--log-level-console=info",
        ];
        if is_dry {
            words.push("--dry-run");
        }
        let said = self.run(&words)?;
        let said = String::from_utf8_lossy(&said.stdout);
        let gone = removed(&said);
        let newest = entries.last().map(|entry| entry.id.clone());
        let of = |entry: &Entry| Spared {
            id: entry.id.clone(),
            why: match gone.contains(&entry.id.as_str()) {
                true => None,
                false if Some(&entry.id) == newest.as_ref() => Some("the newest"),
                false => Some("kept by the rule"),
            },
            bytes: entry.stored_bytes(),
        };
        Ok(Expired {
            backups: entries.iter().map(of).collect(),
            wal: SparedWal::default(),
        })
    }
}

/// Whether it needs no other backup.
fn is_whole(entry: &Entry) -> bool {
    entry.id.ends_with('F')
}

/// What it says that it removes.
fn removed(said: &str) -> Vec<&str> {
    said.lines()
        .filter_map(|line| line.split("remove expired backup ").nth(1))
        .map(str::trim)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::removed;

    #[test]
    fn what_pgbackrest_says_that_it_removes_is_read_whether_it_does_or_only_would() {
        let said = "P00   INFO: [DRY-RUN] repo1: expire full backup 20261128-060605F\n\
                    P00   INFO: [DRY-RUN] repo1: remove expired backup 20261128-060605F\n\
                    P00   INFO: repo1: remove expired backup 20261128-060605F_20261128-070000I\n\
                    P00   INFO: repo1: 17-1 remove archive, start = 000000010000000000000001, stop = 000000010000000000000006";
        assert_eq!(
            removed(said),
            ["20261128-060605F", "20261128-060605F_20261128-070000I"]
        );
    }
}
