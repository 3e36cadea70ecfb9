//! The archive along one way through its timelines.

use tokio_postgres::types::PgLsn;

use crate::Error;
use crate::archive::{Archive, Leg, Segment};

/// A way, and the segments of it that are stored.
pub struct Way {
    pub timeline: u32,
    pub legs: Vec<Leg>,
    segment_bytes: u64,
    /// In the order of WAL; some may be missing in between.
    pub stored: Vec<Segment>,
}

impl Way {
    pub fn to(archive: &Archive, timeline: u32) -> Result<Self, Error> {
        let mut way = Self {
            timeline,
            legs: archive.way(timeline)?,
            segment_bytes: archive.segment_bytes,
            stored: Vec::new(),
        };
        let mut stored: Vec<Segment> = archive
            .segments
            .keys()
            .copied()
            .filter(|segment| way.segment(segment.number) == *segment)
            .collect();
        stored.sort_by_key(|segment| segment.number);
        way.stored = stored;
        Ok(way)
    }

    /// The segment with a number: where a timeline left another one, the new one has it, with what was before.
    pub fn segment(&self, number: u64) -> Segment {
        let of = |leg: &&Leg| Segment::holding(leg.timeline, leg.from, self.segment_bytes);
        let leg = self.legs.iter().rev().find(|leg| of(leg).number <= number);
        Segment {
            timeline: leg.map_or(self.timeline, |leg| leg.timeline),
            number,
        }
    }

    /// The part of it that lies on a timeline.
    pub fn leg(&self, timeline: u32) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.timeline == timeline)
    }

    /// Whether a position of a timeline is on it.
    pub fn has(&self, timeline: u32, lsn: PgLsn) -> bool {
        self.leg(timeline)
            .is_some_and(|leg| leg.from <= lsn && leg.to.is_none_or(|to| lsn <= to))
    }
}
