//! What a rule of retention would leave on each day to come.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::Error;
use crate::archive::Archive;
use crate::entry::{Entry, Kind};
use crate::expire::{Keep, plan};

/// What is assumed of the future.
#[derive(Debug, Clone, Copy)]
pub struct Future {
    /// From one backup to the next, of each kind that there is.
    pub every: Duration,
    /// How far to look.
    pub days: u32,
}

/// What would be there at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// When that is.
    pub at: DateTime<Utc>,
    /// Backups that would be there.
    pub backups: usize,
    /// What would have gone on that day.
    pub gone: Vec<String>,
    /// The oldest physical backup.
    pub oldest: Option<String>,
    /// From when on every moment could be had; `None` without an archive, where only the moments of the backups can.
    pub every_moment_since: Option<DateTime<Utc>>,
    /// What the backups would take, if each is like the last one of its kind.
    pub backup_bytes: u64,
    /// What the WAL would take, if as much is written as until now.
    pub wal_bytes: u64,
}

/// Plays the days through, with the rule applied behind each backup.
///
/// # Errors
/// [`Error::Unfit`] for a distance that is none, [`Error::File`].
pub fn simulate(
    entries: &[Entry],
    archive: Option<&Archive>,
    keep: Keep,
    future: Future,
    now: DateTime<Utc>,
) -> Result<Vec<Day>, Error> {
    if future.every < Duration::hours(1) {
        return Err(Error::Unfit(
            "--every is the distance of two backups in hours, at least 1".to_owned(),
        ));
    }
    let rate = archive.map(|archive| per_day(archive, now)).transpose()?;
    let kinds = [Kind::Physical, Kind::Logical].map(|kind| last_of(entries, kind).cloned());
    let mut there = entries.to_vec();
    let mut days = Vec::new();
    let (mut next, mut gone) = (now + future.every, Vec::new());
    for day in 1..=future.days {
        let at = now + Duration::days(i64::from(day));
        while next <= at {
            there.extend(kinds.iter().flatten().map(|like| again(like, next)));
            next += future.every;
            let spared = plan(&there, keep, next);
            let goes = |id: &str| spared.iter().any(|one| one.id == id && one.why.is_none());
            there.retain(|entry| {
                let stays = !goes(&entry.id);
                if !stays {
                    gone.push(entry.id.clone());
                }
                stays
            });
        }
        let oldest = there.iter().find(|entry| entry.kind == Kind::Physical);
        let since = oldest.map(|entry| entry.finished_at);
        let span = since.map_or(0.0, |since| (at - since).num_seconds() as f64 / 86_400.0);
        days.push(Day {
            at,
            backups: there.len(),
            gone: std::mem::take(&mut gone),
            oldest: oldest.map(|entry| entry.id.clone()),
            every_moment_since: since.filter(|_| archive.is_some()),
            backup_bytes: there.iter().map(Entry::stored_bytes).sum(),
            wal_bytes: (rate.unwrap_or(0.0) * span) as u64,
        });
    }
    Ok(days)
}

fn last_of(entries: &[Entry], kind: Kind) -> Option<&Entry> {
    entries.iter().rev().find(|entry| entry.kind == kind)
}

/// One like another, of a later time.
fn again(like: &Entry, at: DateTime<Utc>) -> Entry {
    let took = like.finished_at - like.started_at;
    Entry {
        id: format!("{}-{}", at.format("%Y%m%dT%H%M%SZ"), like.kind.name()),
        started_at: at,
        finished_at: at + took,
        ..like.clone()
    }
}

/// What the archive grows by in a day, in bytes, by what it has grown until now; an hour at least is looked at.
fn per_day(archive: &Archive, now: DateTime<Utc>) -> Result<f64, Error> {
    let (mut bytes, mut since) = (0, now);
    for stored in archive.segments.values() {
        let about = std::fs::metadata(&stored.path);
        bytes += about.map_err(Error::file("look at", &stored.path))?.len();
        since = since.min(crate::archive::stored_at(&stored.path)?);
    }
    let seconds = (now - since).num_seconds().max(3600);
    Ok(bytes as f64 / seconds as f64 * 86_400.0)
}
