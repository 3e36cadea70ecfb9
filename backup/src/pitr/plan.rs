//! The way from a backup to a target.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio_postgres::types::PgLsn;

use super::Target;
use super::resolve::{Finder, Stop};
use super::scan::Scanner;
use super::way::Way;
use crate::archive::{Archive, Segment, StoredWal};
use crate::entry::{Entry, Kind, Wal};
use crate::{Error, Progress, Repository, programs};

/// What somebody wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The moment.
    pub target: Target,
    /// The timeline, when a person has chosen one.
    pub timeline: Option<u32>,
    /// The backup to begin with, when a person has chosen one.
    pub backup: Option<String>,
}

/// What would be done.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The backup with which it begins.
    pub backup: Entry,
    /// The target, for people.
    pub target: String,
    /// The timeline that is followed.
    pub timeline: u32,
    /// Where recovery stops.
    pub stop_lsn: String,
    /// When the record at which it stops was written, where it says so.
    pub stop_at: Option<DateTime<Utc>>,
    /// The segments that come from the archive, in order.
    pub segments: Vec<String>,
    /// What the server's files take, in bytes.
    pub data_bytes: u64,
    /// What the WAL takes, in bytes, until the restored server has made its first checkpoint.
    pub wal_bytes: u64,
    #[serde(skip)]
    pub(crate) wish: Target,
    #[serde(skip)]
    pub(crate) stored: Vec<Segment>,
}

/// Finds the newest backup from which a target can be reached, and looks whether everything in between is there.
///
/// # Errors
/// [`Error::Target`] for one that lies before the first backup, in the future or past the archive; [`Error::Abandoned`];
/// [`Error::Gap`]; [`Error::Empty`].
pub fn plan_restore(
    repository: &Repository,
    wish: &Wish,
    bin_dir: Option<&Path>,
    progress: &Progress,
) -> Result<Plan, Error> {
    if let Target::Time(time) = wish.target
        && time > Utc::now()
    {
        return Err(Error::Target(format!("{} is in the future", wish.target)));
    }
    let mut backups = repository.list()?;
    backups.retain(|entry| entry.kind == Kind::Physical);
    let version = backups.last().map(|entry| entry.server_version);
    let version = version.ok_or(Error::Empty(Kind::Physical.name()))?;
    let archive = Archive::load(repository)?.ok_or_else(|| {
        Error::Target(
            "nothing was archived between the backups, so only their own moments can be had: kardan backup restore ID; \
             `kardan backup archive on` changes that from now on"
                .to_owned(),
        )
    })?;
    let timeline = match wish.timeline {
        Some(timeline) => known(&archive, &backups, timeline)?,
        None => newest(&archive, &backups),
    };
    let way = Way::to(&archive, timeline)?;
    let programs = programs::of(version, bin_dir)?;
    progress.begin("reading WAL", 0);
    let scanner = Scanner::new(
        &archive,
        programs.bin_dir(),
        &repository.scratch(),
        progress,
    )?;
    let mut finder = Finder {
        archive: &archive,
        way: &way,
        scanner,
        points: repository.points()?,
        is_chosen: wish.timeline.is_some(),
    };
    let stop = finder.find(&wish.target)?;
    if let Some(id) = &wish.backup {
        backups = vec![repository.find(id, Some(Kind::Physical))?];
    }
    let (backup, wal) = suitable(backups, &way, stop, &wish.target)?;
    complete(&mut finder, backup, &wal, stop, &wish.target)
}

impl Plan {
    /// What a restore takes, in bytes.
    #[must_use]
    pub const fn needed_bytes(&self) -> u64 {
        let bytes = self.data_bytes + self.wal_bytes;
        bytes + bytes / 20
    }

    /// Everything that is taken from the archive: segments, and the histories of the timelines between which it goes.
    pub(crate) fn archived(&self, repository: &Repository) -> Result<Vec<StoredWal>, Error> {
        let Some(archive) = Archive::load(repository)? else {
            return Ok(Vec::new());
        };
        let mut files = Vec::new();
        for leg in archive.way(self.timeline)? {
            files.extend(archive.histories.get(&leg.timeline).cloned());
        }
        for segment in &self.stored {
            let stored = archive.segments.get(segment).cloned();
            files.push(stored.ok_or_else(|| Error::Hole {
                name: archive.name(*segment),
            })?);
        }
        Ok(files)
    }
}

fn known(archive: &Archive, backups: &[Entry], timeline: u32) -> Result<u32, Error> {
    let mut all: BTreeSet<u32> = archive.timelines().into_iter().collect();
    all.extend(
        backups
            .iter()
            .flat_map(|entry| &entry.wal)
            .map(|wal| wal.timeline),
    );
    if all.contains(&timeline) {
        return Ok(timeline);
    }
    let all: Vec<_> = all.iter().map(u32::to_string).collect();
    Err(Error::Target(format!(
        "there is no timeline {timeline} in the archive; there are: {}",
        all.join(", ")
    )))
}

/// The one that the server has been on last.
fn newest(archive: &Archive, backups: &[Entry]) -> u32 {
    let of_backups = backups.iter().flat_map(|entry| &entry.wal);
    let all = archive.timelines().into_iter();
    all.chain(of_backups.map(|wal| wal.timeline))
        .max()
        .unwrap_or(1)
}

/// Positions of a backup, as numbers.
#[derive(Debug, Clone, Copy)]
struct Span {
    timeline: u32,
    start: PgLsn,
    end: PgLsn,
    target: PgLsn,
}

pub(crate) fn lsn(text: &str) -> Result<PgLsn, Error> {
    text.parse()
        .map_err(|_| Error::Unfit(format!("{text:?} in a backup is no position in WAL")))
}

impl Span {
    fn of(wal: &Wal) -> Result<Self, Error> {
        Ok(Self {
            timeline: wal.timeline,
            start: lsn(&wal.start)?,
            end: lsn(&wal.end)?,
            target: lsn(&wal.target_lsn)?,
        })
    }
}

/// The newest backup that was consistent before the stop, on the way.
fn suitable(
    backups: Vec<Entry>,
    way: &Way,
    stop: Option<Stop>,
    target: &Target,
) -> Result<(Entry, Span), Error> {
    let mut best: Option<(Entry, Span)> = None;
    let mut first: Option<(Entry, Span)> = None;
    for entry in backups {
        let Some(wal) = &entry.wal else { continue };
        let span = Span::of(wal)?;
        if !way.has(span.timeline, span.end) {
            continue;
        }
        if first.is_none() {
            first = Some((entry.clone(), span));
        }
        if stop.is_none_or(|stop| span.end <= stop.lsn)
            && best.as_ref().is_none_or(|(_, best)| best.end <= span.end)
        {
            best = Some((entry, span));
        }
    }
    best.ok_or_else(|| {
        Error::Target(match first {
            Some((entry, span)) => format!(
                "{target} is before the first moment that can be had on timeline {}: backup {} was whole at {}, {}",
                way.timeline,
                entry.id,
                span.end,
                entry.started_at.format("begun at %F %T UTC")
            ),
            None => format!(
                "no backup leads to timeline {}; another one is chosen by --timeline",
                way.timeline
            ),
        })
    })
}

fn complete(
    finder: &mut Finder<'_>,
    backup: Entry,
    span: &Span,
    stop: Option<Stop>,
    target: &Target,
) -> Result<Plan, Error> {
    let (archive, way) = (finder.archive, finder.way);
    let bytes = archive.segment_bytes;
    let holding = |lsn| Segment::holding(0, lsn, bytes).number;
    let reaching = |lsn| Segment::reaching(0, lsn, bytes).number;
    let own = holding(span.start)..=reaching(span.target);
    let is_own =
        |segment: &Segment| segment.timeline == span.timeline && own.contains(&segment.number);
    let last = match stop {
        Some(stop) => reaching(stop.end),
        None => {
            let stored = way.stored.last().map(|last| last.number);
            stored.unwrap_or(0).max(*own.end())
        }
    };
    let (mut stored, mut missing) = (Vec::new(), Vec::new());
    for number in *own.start()..=last {
        let segment = way.segment(number);
        if archive.segments.contains_key(&segment) {
            stored.push(segment);
        } else if !is_own(&segment) {
            missing.push(segment);
        }
    }
    if let Some(first) = missing.first() {
        stored.retain(|segment| segment.number < first.number);
        return Err(Error::Gap {
            reach: reach(&mut finder.scanner, &stored, span, &backup)?,
            backup: backup.id,
            missing: missing.len(),
            first: archive.name(*first),
        });
    }
    let base = backup.stored("base.tar").map_or(0, |file| file.raw_bytes);
    let end = way.segment(last).end(bytes);
    Ok(Plan {
        target: target.to_string(),
        timeline: way.timeline,
        stop_lsn: stop.map_or(end, |stop| stop.lsn).to_string(),
        stop_at: stop.and_then(|stop| stop.at),
        segments: stored
            .iter()
            .map(|&segment| archive.name(segment))
            .collect(),
        data_bytes: base,
        wal_bytes: (last - own.start() + 1) * bytes,
        backup,
        wish: target.clone(),
        stored,
    })
}

/// How to come as far as these segments go: before the last record at which recovery can stop, or to the backup itself.
fn reach(
    scanner: &mut Scanner<'_>,
    stored: &[Segment],
    span: &Span,
    backup: &Entry,
) -> Result<String, Error> {
    for &segment in stored.iter().rev() {
        let marks = scanner.marks(segment)?;
        if let Some(mark) = marks.last().filter(|mark| mark.lsn >= span.end) {
            return Ok(format!("--target-lsn {}", mark.lsn));
        }
    }
    Ok(format!("kardan backup restore {}", backup.id))
}
