//! Which backups are no longer needed.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::archive::{Archive, SparedWal, remove_wal};
use crate::entry::{Entry, Kind};
use crate::{Error, Repository};

/// What is kept; whatever one of the rules wants stays. The newest of each kind always does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// So many of each kind.
    pub last: Option<usize>,
    /// Those that are younger, and the newest one that is older: without it the oldest days could not be had again.
    pub days: Option<u32>,
}

/// A backup, and whether it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spared {
    /// Which.
    pub id: String,
    /// Why it stays; nothing when it goes.
    pub why: Option<&'static str>,
    /// What it takes.
    pub bytes: u64,
}

/// What would stay and what would go.
#[must_use]
pub fn plan(entries: &[Entry], keep: Keep, now: DateTime<Utc>) -> Vec<Spared> {
    let mut stays = BTreeSet::new();
    let mut spared = Vec::new();
    for kind in [Kind::Physical, Kind::Logical] {
        let newest_first = || entries.iter().rev().filter(move |entry| entry.kind == kind);
        for (rank, entry) in newest_first().enumerate() {
            if rank == 0 {
                stays.insert((entry.id.clone(), "the newest"));
            } else if keep.last.is_some_and(|last| rank < last) {
                stays.insert((entry.id.clone(), "one of the last"));
            }
        }
        if let Some(days) = keep.days {
            let edge = now - Duration::days(i64::from(days));
            for entry in newest_first() {
                stays.insert((entry.id.clone(), "within the days"));
                if entry.finished_at < edge {
                    break;
                }
            }
        }
    }
    for entry in entries {
        let why = stays
            .iter()
            .find(|(id, _)| *id == entry.id)
            .map(|&(_, why)| why);
        // Nobody said what to keep: then everything is.
        let why = if keep == Keep::default() {
            Some("no rule was given")
        } else {
            why
        };
        spared.push(Spared {
            id: entry.id.clone(),
            why,
            bytes: entry.stored_bytes(),
        });
    }
    spared
}

/// What becomes of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// The backups.
    pub backups: Vec<Spared>,
    /// The WAL in the archive; nothing where there is none.
    pub wal: SparedWal,
}

/// What would stay and what would go of the WAL, when this becomes of the backups: what no backup needs that stays.
///
/// # Errors
/// [`Error::Damaged`], [`Error::File`].
pub fn expire_wal(
    repository: &Repository,
    entries: &[Entry],
    spared: &[Spared],
) -> Result<SparedWal, Error> {
    let stays = |entry: &&Entry| {
        let of = |one: &&Spared| one.id == entry.id;
        spared.iter().find(of).is_none_or(|one| one.why.is_some())
    };
    let staying: Vec<&Entry> = entries.iter().filter(stays).collect();
    match Archive::load(repository)? {
        Some(archive) => archive.spare(&staying),
        None => Ok(SparedWal::default()),
    }
}

/// Takes those away that do not stay, and then the WAL that only they needed.
///
/// # Errors
/// [`Error::Busy`], and what the disk says.
pub fn expire(repository: &Repository, keep: Keep) -> Result<Expired, Error> {
    let _lock = repository.lock()?;
    let entries = repository.list()?;
    let backups = plan(&entries, keep, Utc::now());
    let wal = expire_wal(repository, &entries, &backups)?;
    for gone in backups.iter().filter(|spared| spared.why.is_none()) {
        repository.remove(&gone.id)?;
    }
    remove_wal(repository, &wal)?;
    Ok(Expired { backups, wal })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(id: &str, kind: Kind, days_ago: i64, now: DateTime<Utc>) -> Entry {
        let at = now - Duration::days(days_ago);
        Entry {
            id: id.to_owned(),
            kind,
            label: None,
            started_at: at,
            finished_at: at,
            server_version: 150_000,
            system_identifier: "1".to_owned(),
            database: "kardan".to_owned(),
            data_bytes: 0,
            wal: None,
            counted: None,
            is_encrypted: false,
            files: Vec::new(),
            engine_bytes: None,
        }
    }

    fn gone(entries: &[Entry], keep: Keep, now: DateTime<Utc>) -> Vec<String> {
        plan(entries, keep, now)
            .into_iter()
            .filter(|spared| spared.why.is_none())
            .map(|spared| spared.id)
            .collect()
    }

    #[test]
    fn the_days_to_come_show_what_a_rule_leaves() {
        let now = Utc::now();
        let entries = [taken("first", Kind::Physical, 1, now)];
        let keep = Keep {
            last: Some(3),
            days: None,
        };
        let future = crate::Future {
            every: Duration::hours(24),
            days: 5,
        };
        let days = crate::simulate(&entries, None, keep, future, now).unwrap();
        let there: Vec<_> = days.iter().map(|day| day.backups).collect();
        assert_eq!(there, [2, 3, 3, 3, 3]);
        assert_eq!(days[2].gone, ["first"]);
        assert!(days.iter().all(|day| day.every_moment_since.is_none()));
        let never = crate::Future {
            every: Duration::zero(),
            ..future
        };
        assert!(crate::simulate(&entries, None, keep, never, now).is_err());
    }

    #[test]
    fn what_no_rule_wants_goes_and_the_newest_of_a_kind_never() {
        let now = Utc::now();
        let days: &[(&str, Kind, i64)] = &[
            ("logical", Kind::Logical, 90),
            ("old", Kind::Physical, 30),
            ("edge", Kind::Physical, 9),
            ("young", Kind::Physical, 6),
            ("new", Kind::Physical, 1),
        ];
        let entries: Vec<_> = days
            .iter()
            .map(|&(id, kind, ago)| taken(id, kind, ago, now))
            .collect();
        assert!(gone(&entries, Keep::default(), now).is_empty());
        let last = |last| Keep {
            last: Some(last),
            days: None,
        };
        assert_eq!(gone(&entries, last(2), now), ["old", "edge"]);
        assert_eq!(gone(&entries, last(0), now), ["old", "edge", "young"]);
        let days = Keep {
            last: None,
            days: Some(7),
        };
        // The one before the edge is needed for the day at the edge.
        assert_eq!(gone(&entries, days, now), ["old"]);
    }
}
