//! Names of what a server archives, as PostgreSQL gives them: segments, histories of timelines, labels of backups.

use std::fmt;
use std::str::FromStr;

use tokio_postgres::types::PgLsn;

use crate::Error;

/// Bytes that 32 bits of a position count: what a log file had when names of segments were invented.
const LOG_BYTES: u64 = 1 << 32;

/// A file of WAL by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WalFile {
    /// `000000010000000000000003`
    Segment(Stem),
    /// `000000010000000000000003.partial`: the last of a timeline that was left.
    Partial(Stem),
    /// `000000010000000000000003.00000028.backup`
    Label(Stem, u32),
    /// `00000002.history`
    History(u32),
}

/// The 24 digits of a segment's name, which depend on how large segments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stem {
    timeline: u32,
    log: u32,
    low: u32,
}

/// A segment: its timeline, and its number from the beginning of WAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// Its timeline.
    pub timeline: u32,
    /// Which it is, counted from the first one of all.
    pub number: u64,
}

impl WalFile {
    /// The folder in which it is stored: never more than 4096 files, mostly 256.
    pub fn folder(self) -> Option<String> {
        match self {
            Self::Segment(stem) | Self::Partial(stem) | Self::Label(stem, _) => {
                Some(format!("{:08X}{:08X}", stem.timeline, stem.log))
            }
            Self::History(_) => None,
        }
    }
}

impl FromStr for WalFile {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let parsed = match name.split_once('.') {
            None => stem(name).map(Self::Segment),
            Some((of, "partial")) => stem(of).map(Self::Partial),
            Some((timeline, "history")) => digits(timeline).map(Self::History),
            Some((of, rest)) => rest
                .strip_suffix(".backup")
                .and_then(digits)
                .and_then(|offset| Some(Self::Label(stem(of)?, offset))),
        };
        parsed.ok_or_else(|| {
            Error::Unfit(format!(
                "{name:?} is not the name of a file of WAL: give %p of archive_command, or %f of restore_command"
            ))
        })
    }
}

impl fmt::Display for WalFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(stem) => write!(f, "{stem}"),
            Self::Partial(stem) => write!(f, "{stem}.partial"),
            Self::Label(stem, offset) => write!(f, "{stem}.{offset:08X}.backup"),
            Self::History(timeline) => write!(f, "{timeline:08X}.history"),
        }
    }
}

impl fmt::Display for Stem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08X}{:08X}{:08X}", self.timeline, self.log, self.low)
    }
}

impl Stem {
    pub const fn segment(self, segment_bytes: u64) -> Segment {
        Segment {
            timeline: self.timeline,
            number: self.log as u64 * (LOG_BYTES / segment_bytes) + self.low as u64,
        }
    }
}

impl Segment {
    /// The one in which a byte of WAL lies.
    pub fn holding(timeline: u32, lsn: PgLsn, segment_bytes: u64) -> Self {
        Self {
            timeline,
            number: u64::from(lsn) / segment_bytes,
        }
    }

    /// The one in which the byte before a position lies: with it, everything up to the position is there.
    pub fn reaching(timeline: u32, lsn: PgLsn, segment_bytes: u64) -> Self {
        Self::holding(
            timeline,
            u64::from(lsn).saturating_sub(1).into(),
            segment_bytes,
        )
    }

    /// Where it begins.
    pub fn start(self, segment_bytes: u64) -> PgLsn {
        (self.number * segment_bytes).into()
    }

    /// Where the next one begins.
    pub fn end(self, segment_bytes: u64) -> PgLsn {
        self.next().start(segment_bytes)
    }

    pub const fn next(self) -> Self {
        Self {
            timeline: self.timeline,
            number: self.number + 1,
        }
    }

    pub fn stem(self, segment_bytes: u64) -> Stem {
        let of_log = LOG_BYTES / segment_bytes;
        // A position has 64 bits, so both halves fit.
        Stem {
            timeline: self.timeline,
            log: u32::try_from(self.number / of_log).unwrap_or(u32::MAX),
            low: u32::try_from(self.number % of_log).unwrap_or(u32::MAX),
        }
    }

    pub fn name(self, segment_bytes: u64) -> String {
        self.stem(segment_bytes).to_string()
    }
}

fn stem(text: &str) -> Option<Stem> {
    Some(Stem {
        timeline: digits(text.get(..8)?)?,
        log: digits(text.get(8..16)?)?,
        low: digits(text.get(16..)?)?,
    })
}

/// Eight hexadecimal digits as PostgreSQL writes them.
fn digits(text: &str) -> Option<u32> {
    let is_good = text.len() == 8
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    is_good.then(|| u32::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_wal_are_known_and_nothing_else_is_taken_for_one() {
        for name in [
            "0000000A0000000100000003",
            "000000010000000000000003.partial",
            "000000010000000000000003.00000028.backup",
            "00000002.history",
        ] {
            let file: WalFile = name.parse().unwrap();
            assert_eq!(file.to_string(), name);
        }
        for name in [
            "",
            "../../etc/passwd",
            "00000001000000000000000",
            "00000001000000000000000g",
            "00000001000000000000000a",
            "0000000100000000000000031",
            "000000010000000000000003.history",
            "2.history",
            "RECOVERYXLOG",
        ] {
            assert!(name.parse::<WalFile>().is_err(), "{name}");
        }
    }

    #[test]
    fn the_number_of_a_segment_depends_on_its_size() {
        let Ok(WalFile::Segment(stem)) = "000000010000000200000003".parse() else {
            panic!("a segment")
        };
        for (bytes, number) in [(16 << 20, 2 * 256 + 3), (64 << 20, 2 * 64 + 3)] {
            let segment = stem.segment(bytes);
            assert_eq!(segment.number, number);
            assert_eq!(segment.name(bytes), "000000010000000200000003");
            assert_eq!(Segment::holding(1, segment.start(bytes), bytes), segment);
            assert_eq!(Segment::reaching(1, segment.end(bytes), bytes), segment);
        }
    }
}
