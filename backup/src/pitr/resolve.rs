//! From a moment to a place in WAL.

use chrono::{DateTime, Utc};
use tokio_postgres::types::PgLsn;

use super::Target;
use super::scan::{Mark, Scanner, What};
use super::way::Way;
use crate::Error;
use crate::archive::{Archive, Point, Segment};

/// Where recovery stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Where the record at which it stops begins: a backup must have ended before.
    pub lsn: PgLsn,
    /// The last byte that must be there is before this.
    pub end: PgLsn,
    /// When that record was written, where it says so.
    pub at: Option<DateTime<Utc>>,
}

/// What is needed to find one.
pub struct Finder<'a> {
    pub archive: &'a Archive,
    pub way: &'a Way,
    pub scanner: Scanner<'a>,
    /// Points that are known by name.
    pub points: Vec<Point>,
    /// Whether the timeline was chosen by a person.
    pub is_chosen: bool,
}

impl Finder<'_> {
    /// The place; `None` for the end of the archive, which only a backup tells.
    pub fn find(&mut self, target: &Target) -> Result<Option<Stop>, Error> {
        match target {
            Target::End => Ok(None),
            Target::Time(time) => self.time(*time, target).map(Some),
            Target::Lsn(lsn) => self.lsn(*lsn, target).map(Some),
            Target::Name(name) => self.name(name, target).map(Some),
        }
    }

    /// The first transaction that ended later.
    fn time(&mut self, time: DateTime<Utc>, target: &Target) -> Result<Stop, Error> {
        let all = self.way.stored.clone();
        // The first segment that holds nothing but what is later, by halves.
        let (mut low, mut high) = (0, all.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.first_end(all.get(middle..).unwrap_or_default())? {
                Some((_, at)) if at <= time => low = middle + 1,
                _ => high = middle,
            }
        }
        let from = all.get(low.saturating_sub(1)..).unwrap_or_default();
        let mut last = None;
        for &segment in from {
            for mark in self.scanner.marks(segment)?.iter() {
                let What::End(at) = mark.what else { continue };
                if at > time {
                    self.is_abandoned_at(time, target)?;
                    return Ok(Stop {
                        lsn: mark.lsn,
                        end: mark.end,
                        at: Some(at),
                    });
                }
                last = Some(at);
            }
        }
        Err(self.past(target, last))
    }

    /// The first end of a transaction in these segments.
    fn first_end(&mut self, segments: &[Segment]) -> Result<Option<(Mark, DateTime<Utc>)>, Error> {
        for &segment in segments {
            for mark in self.scanner.marks(segment)?.iter() {
                if let What::End(at) = mark.what {
                    return Ok(Some((mark.clone(), at)));
                }
            }
        }
        Ok(None)
    }

    /// Refuses when at that time another timeline was written, too, which this way has left or never had.
    fn is_abandoned_at(&mut self, time: DateTime<Utc>, target: &Target) -> Result<(), Error> {
        if self.is_chosen {
            return Ok(());
        }
        for (timeline, from) in self.others()? {
            let mut ends = Vec::new();
            for segment in self.archive.of(timeline).collect::<Vec<_>>() {
                if segment.end(self.archive.segment_bytes) <= from {
                    continue;
                }
                for mark in self.scanner.marks(segment)?.iter() {
                    if let (What::End(at), true) = (&mark.what, mark.lsn >= from) {
                        ends.push(*at);
                    }
                }
            }
            let (Some(first), Some(last)) = (ends.iter().min(), ends.iter().max()) else {
                continue;
            };
            // What the new timeline did not begin before, either, is between both.
            let begun = match self.way.leg(timeline) {
                None => None,
                Some(_) => self.first_end_behind(from)?,
            };
            if *first <= time && (time < *last || begun.is_some_and(|begun| time < begun)) {
                return Err(self.abandoned(target, timeline));
            }
        }
        Ok(())
    }

    fn first_end_behind(&mut self, from: PgLsn) -> Result<Option<DateTime<Utc>>, Error> {
        for segment in self.way.stored.clone() {
            if segment.end(self.archive.segment_bytes) <= from {
                continue;
            }
            for mark in self.scanner.marks(segment)?.iter() {
                if let (What::End(at), true) = (&mark.what, mark.lsn >= from) {
                    return Ok(Some(*at));
                }
            }
        }
        Ok(None)
    }

    /// Timelines, and from where on each is not on the way.
    fn others(&self) -> Result<Vec<(u32, PgLsn)>, Error> {
        let mut others = Vec::new();
        for timeline in self.archive.timelines() {
            let from = match self.way.leg(timeline) {
                Some(leg) => leg.to,
                None => self.archive.way(timeline)?.last().map(|leg| leg.from),
            };
            others.extend(from.map(|from| (timeline, from)));
        }
        Ok(others)
    }

    fn lsn(&mut self, lsn: PgLsn, target: &Target) -> Result<Stop, Error> {
        let bytes = self.archive.segment_bytes;
        if !self.is_chosen {
            for (timeline, from) in self.others()? {
                let reach = self.archive.last_of(timeline).map(|last| last.end(bytes));
                if lsn > from && reach.is_some_and(|reach| lsn <= reach) {
                    return Err(self.abandoned(target, timeline));
                }
            }
        }
        let number = u64::from(lsn) / bytes;
        let segment = self.way.segment(number);
        let stop = Stop {
            lsn,
            end: (u64::from(lsn) + 1).into(),
            at: None,
        };
        match self.way.stored.last() {
            Some(last) if number < last.number => Ok(stop),
            // PostgreSQL stops before the first record from there on, so there has to be one.
            Some(last) if number == last.number && self.scanner.is_followed(segment, lsn)? => {
                Ok(stop)
            }
            _ => Err(self.past(target, None)),
        }
    }

    fn name(&mut self, name: &str, target: &Target) -> Result<Stop, Error> {
        if let Some(point) = self.points.iter().find(|point| point.name == name) {
            let lsn: PgLsn = point.lsn.parse().map_err(|_| {
                Error::Target(format!("the point {name:?} is noted at {:?}", point.lsn))
            })?;
            if !self.way.has(point.timeline, lsn) {
                return Err(self.abandoned(target, point.timeline));
            }
            let last = self.way.stored.last();
            let reach = last.map(|last| last.end(self.archive.segment_bytes));
            if reach.is_none_or(|reach| reach < lsn) {
                return Err(self.past(target, None));
            }
            let at = Some(point.at);
            return Ok(Stop { lsn, end: lsn, at });
        }
        // One that somebody made by SQL.
        let mut found = Vec::new();
        for segment in self.way.stored.clone() {
            for mark in self.scanner.marks(segment)?.iter() {
                if matches!(&mark.what, What::Point(point) if point == name) {
                    found.push(Stop {
                        lsn: mark.end,
                        end: mark.end,
                        at: None,
                    });
                }
            }
        }
        match (found.as_slice(), found.first()) {
            ([_], Some(&stop)) => Ok(stop),
            ([], _) => {
                let names: Vec<_> = self
                    .points
                    .iter()
                    .map(|point| point.name.as_str())
                    .collect();
                Err(Error::Target(format!(
                    "there is no point {name:?} in timeline {} of the archive; those that `kardan backup point` has made: {}",
                    self.way.timeline,
                    if names.is_empty() {
                        "none".to_owned()
                    } else {
                        names.join(", ")
                    }
                )))
            }
            _ => {
                let places: Vec<_> = found.iter().map(|stop| stop.lsn.to_string()).collect();
                Err(Error::Target(format!(
                    "there are {} points {name:?}; say which: --target-lsn {}",
                    found.len(),
                    places.join(" or ")
                )))
            }
        }
    }

    fn abandoned(&self, target: &Target, other: u32) -> Error {
        Error::Abandoned {
            target: target.to_string(),
            timeline: self.way.timeline,
            other,
        }
    }

    fn past(&self, target: &Target, last: Option<DateTime<Utc>>) -> Error {
        let reach = self.way.stored.last().map_or_else(
            || "has nothing".to_owned(),
            |last| format!("ends at {}", last.end(self.archive.segment_bytes)),
        );
        let last = last.map_or_else(String::new, |last| {
            format!(
                ", the last transaction in it at {}",
                last.format("%F %T%.f UTC")
            )
        });
        Error::Target(format!(
            "{target} is past the archive, which {reach} on timeline {}{last}; while the server runs, `kardan backup wal switch` \
             brings the rest, and --target-end takes what there is",
            self.way.timeline
        ))
    }
}
