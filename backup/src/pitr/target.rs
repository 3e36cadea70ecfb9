//! To which moment somebody wants to come back.

use std::fmt;

use chrono::{DateTime, FixedOffset, Local, NaiveDateTime, TimeZone as _, Utc};
use tokio_postgres::types::PgLsn;

use crate::Error;

/// A moment in the life of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Everything that was committed until then, and nothing that was committed later.
    Time(DateTime<Utc>),
    /// Everything that was written before this position.
    Lsn(PgLsn),
    /// A restore point.
    Name(String),
    /// Everything that the archive has.
    End,
}

impl Target {
    /// A time with its zone: `2026-11-28 03:10:00+03:00`, or `Z` behind it for UTC.
    ///
    /// # Errors
    /// [`Error::Target`], with both readings when the zone is missing.
    pub fn time(text: &str) -> Result<Self, Error> {
        if let Some(time) = zoned(text.trim()) {
            return Ok(Self::Time(time.with_timezone(&Utc)));
        }
        let Some(bare) = bare(text.trim()) else {
            return Err(Error::Target(format!(
                "{text:?} is no time; write it as '2026-11-28 03:10:00Z' or '2026-11-28 06:10:00+03:00'"
            )));
        };
        let local = match Local.from_local_datetime(&bare).earliest() {
            Some(local)
                if *local.offset() != FixedOffset::east_opt(0).unwrap_or(*local.offset()) =>
            {
                format!(
                    " or, by the clock of this machine, '{}'",
                    local.format("%F %T%.f%:z")
                )
            }
            _ => String::new(),
        };
        Err(Error::Target(format!(
            "{text:?} has no time zone, and an hour decides what is lost; write '{}Z' for UTC{local}",
            bare.format("%F %T%.f")
        )))
    }

    /// A position in WAL, such as `0/3000060`.
    ///
    /// # Errors
    /// [`Error::Target`].
    pub fn lsn(text: &str) -> Result<Self, Error> {
        text.trim().parse().map(Self::Lsn).map_err(|_| {
            Error::Target(format!(
                "{text:?} is no position in WAL; they look like 0/3000060, and pg_current_wal_lsn() gives one"
            ))
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "{}", time.format("%F %T%.f UTC")),
            Self::Lsn(lsn) => write!(f, "{lsn}"),
            Self::Name(name) => write!(f, "the point {name:?}"),
            Self::End => write!(f, "the end of the archive"),
        }
    }
}

fn zoned(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = spaced(text);
    let text = ["UTC", "GMT", "Z", "z"]
        .iter()
        .find_map(|zone| text.strip_suffix(zone))
        .map_or_else(|| text.clone(), |bare| format!("{}+00", bare.trim_end()));
    let forms = [
        "%F %H:%M:%S%.f%#z",
        "%F %H:%M%#z",
        "%F %H:%M:%S%.f %#z",
        "%F %H:%M %#z",
    ];
    forms
        .iter()
        .find_map(|form| DateTime::parse_from_str(&text, form).ok())
}

/// Day and time apart, also where a `T` is between them.
fn spaced(text: &str) -> String {
    match text.split_once('T') {
        Some((day, time)) if day.len() == 10 => format!("{day} {time}"),
        _ => text.to_owned(),
    }
}

fn bare(text: &str) -> Option<NaiveDateTime> {
    let text = spaced(text);
    ["%F %H:%M:%S%.f", "%F %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_taken_with_its_zone_only() {
        let same = [
            "2026-11-28 03:10:00Z",
            "2026-11-28T03:10:00Z",
            "2026-11-28 03:10 UTC",
            "2026-11-28 06:10:00+03",
            "2026-11-28 06:10:00 +03:00",
            "2026-11-27T23:10:00.000-0400",
        ];
        for text in same {
            let time = Target::time(text).unwrap();
            assert_eq!(time.to_string(), "2026-11-28 03:10:00 UTC", "{text}");
        }
        let refused = Target::time("2026-11-28 03:10").unwrap_err().to_string();
        assert!(refused.contains("no time zone"), "{refused}");
        assert!(refused.contains("'2026-11-28 03:10:00Z'"), "{refused}");
        for text in ["yesterday", "", "2026-13-28 03:10Z", "03:10Z"] {
            let refused = Target::time(text).unwrap_err().to_string();
            assert!(refused.contains("is no time"), "{text}: {refused}");
        }
        assert!(Target::lsn("0/3000060").is_ok());
        assert!(Target::lsn("3000060").is_err());
    }
}
