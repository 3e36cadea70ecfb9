//! Which WAL is complete, and where something is missing.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Archive, Segment, stored_at};
use crate::Error;

/// WAL of one timeline without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its timeline.
    pub timeline: u32,
    /// Its first segment.
    pub first: String,
    /// Its last segment.
    pub last: String,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// How many segments it has.
    pub segments: u64,
    /// What they take in the archive.
    pub stored_bytes: u64,
    /// When the last one was stored.
    pub stored_at: DateTime<Utc>,
}

/// What is missing between two stretches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its timeline.
    pub timeline: u32,
    /// The first segment that is missing.
    pub first: String,
    /// The last segment that is missing.
    pub last: String,
    /// How many are missing.
    pub segments: u64,
}

impl Archive {
    /// What is complete, by timeline, the oldest first.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn stretches(&self) -> Result<Vec<Stretch>, Error> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut before: Option<Segment> = None;
        for (&segment, stored) in &self.segments {
            let about = std::fs::metadata(&stored.path);
            let bytes = about.map_err(Error::file("look at", &stored.path))?.len();
            let name = self.name(segment);
            let to = segment.end(self.segment_bytes).to_string();
            match stretches.last_mut() {
                Some(stretch) if before.map(Segment::next) == Some(segment) => {
                    stretch.last = name;
                    stretch.to = to;
                    stretch.segments += 1;
                    stretch.stored_bytes += bytes;
                    stretch.stored_at = stored_at(&stored.path)?;
                }
                _ => stretches.push(Stretch {
                    timeline: segment.timeline,
                    first: name.clone(),
                    last: name,
                    from: segment.start(self.segment_bytes).to_string(),
                    to,
                    segments: 1,
                    stored_bytes: bytes,
                    stored_at: stored_at(&stored.path)?,
                }),
            }
            before = Some(segment);
        }
        Ok(stretches)
    }

    /// What is missing between segments that are there.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let all: Vec<Segment> = self.segments.keys().copied().collect();
        let pairs = all.iter().zip(all.iter().skip(1));
        pairs
            .filter(|(a, b)| a.timeline == b.timeline && a.number + 1 < b.number)
            .map(|(a, b)| Gap {
                timeline: a.timeline,
                first: self.name(a.next()),
                last: self.name(Segment {
                    number: b.number - 1,
                    ..*b
                }),
                segments: b.number - a.number - 1,
            })
            .collect()
    }
}
