//! Where a stream is: a position in the order of events, and the text that a client keeps of it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Behind an event: the transaction that wrote it, and its number. Positions are in the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub xid: i64,
    pub id: i64,
}

impl Position {
    /// Before everything that this transaction wrote: numbers begin with 1.
    pub const fn before(xid: i64) -> Self {
        Self { xid, id: 0 }
    }
}

/// A position, the line of transaction numbers in which it counts, and when it was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub epoch: Arc<str>,
    pub position: Position,
    pub at: DateTime<Utc>,
}

/// What clients keep: four parts that mean nothing to them.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            epoch,
            position,
            at,
        } = self;
        let (xid, id, seconds) = (position.xid, position.id, at.timestamp());
        write!(f, "{epoch}-{xid}-{id}-{seconds}")
    }
}

impl Place {
    /// Reads what a client kept; nothing if it is no such text.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let epoch = parts
            .next()
            .filter(|epoch| epoch.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let mut number = || {
            let part = parts.next()?;
            // Neither a sign nor more than is stored.
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(())?;
            part.parse::<i64>().ok()
        };
        let (xid, id, seconds) = (number()?, number()?, number()?);
        let at = DateTime::from_timestamp(seconds, 0)?;
        parts.next().is_none().then(|| Self {
            epoch: epoch.into(),
            position: Position { xid, id },
            at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place {
            epoch: "0a1b2c3d4e5f".into(),
            position: Position { xid: 7512, id: 93 },
            at: DateTime::from_timestamp(1_764_201_600, 0).unwrap(),
        };
        assert_eq!(place.to_string(), "0a1b2c3d4e5f-7512-93-1764201600");
        assert_eq!(Place::read(&place.to_string()), Some(place));
    }

    #[test]
    fn what_is_no_place_is_none() {
        for text in [
            "",
            "1",
            "a-1-2",
            "a-1-2-3-4",
            "g-1-2-3",
            "a--1-2-3",
            "a-+1-2-3",
            "a-1-2-99999999999999999999",
            "a-1-2-9223372036854775807",
        ] {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_transaction_comes_before_the_number() {
        assert!(Position { xid: 1, id: 9 } < Position { xid: 2, id: 1 });
        assert!(
            Position::before(2)
                > Position {
                    xid: 1,
                    id: i64::MAX
                }
        );
    }
}
