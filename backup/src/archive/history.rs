//! Where timelines have left each other: after a server was promoted, it writes on under a new number.

use std::io::Read as _;

use tokio_postgres::types::PgLsn;

use super::Archive;
use crate::Error;
use crate::stored::Reader;

/// The part of a way through timelines that lies on one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The timeline.
    pub timeline: u32,
    /// Where it was entered.
    pub from: PgLsn,
    /// Where it was left; `None` for the last one.
    pub to: Option<PgLsn>,
}

impl Archive {
    /// The way that leads to a timeline, the oldest leg first. Nothing is known of what was before one whose history was not
    /// archived.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(crate) fn way(&self, timeline: u32) -> Result<Vec<Leg>, Error> {
        let text = match self.histories.get(&timeline) {
            None => String::new(),
            Some(stored) => {
                let mut reader = Reader::open(&stored.path, self.key())?;
                let mut text = String::new();
                reader
                    .read_to_string(&mut text)
                    .map_err(|error| Error::damaged(&stored.path, error.to_string()))?;
                reader.finish()?;
                text
            }
        };
        legs(&text, timeline).ok_or_else(|| {
            let path = self.histories.get(&timeline).map(|stored| &stored.path);
            Error::damaged(path.unwrap_or(&self.root), "it is no history of a timeline")
        })
    }
}

/// `1 0/3000060 no recovery target specified`, a line for each timeline that was left.
fn legs(text: &str, timeline: u32) -> Option<Vec<Leg>> {
    let mut legs = Vec::new();
    let mut from = PgLsn::from(0);
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let left: u32 = words.next()?.parse().ok()?;
        let at: PgLsn = words.next()?.parse().ok()?;
        legs.push(Leg {
            timeline: left,
            from,
            to: Some(at),
        });
        from = at;
    }
    legs.push(Leg {
        timeline,
        from,
        to: None,
    });
    Some(legs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_becomes_the_way_through_its_timelines() {
        let text =
            "1\t0/3000060\tno recovery target specified\n\n2\t0/A000000\tbefore 2026-11-28\n";
        let lsn = |text: &str| text.parse::<PgLsn>().unwrap();
        assert_eq!(
            legs(text, 4).unwrap(),
            [
                Leg {
                    timeline: 1,
                    from: lsn("0/0"),
                    to: Some(lsn("0/3000060"))
                },
                Leg {
                    timeline: 2,
                    from: lsn("0/3000060"),
                    to: Some(lsn("0/A000000"))
                },
                Leg {
                    timeline: 4,
                    from: lsn("0/A000000"),
                    to: None
                },
            ]
        );
        assert_eq!(legs("", 1).unwrap().len(), 1);
        assert!(legs("what", 2).is_none());
    }
}
