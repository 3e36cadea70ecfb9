//! When something was committed, and which points have names: read from archived segments by PostgreSQL's own `pg_waldump`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use tempfile::TempDir;
use tokio_postgres::types::PgLsn;

use crate::archive::{Archive, Segment, unpack};
use crate::source::failed;
use crate::{Error, Progress};

/// A record at which recovery can stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where it begins.
    pub lsn: PgLsn,
    /// Where it ends, but for what a page's header in between takes.
    pub end: PgLsn,
    /// What it is.
    pub what: What,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The end of a transaction, also of one that was rolled back: PostgreSQL stops at either.
    End(DateTime<Utc>),
    /// A restore point.
    Point(String),
}

/// Reads segments, each once.
pub struct Scanner<'a> {
    archive: &'a Archive,
    waldump: PathBuf,
    scratch: TempDir,
    seen: HashMap<Segment, Arc<Vec<Mark>>>,
    progress: &'a Progress,
}

impl<'a> Scanner<'a> {
    pub fn new(
        archive: &'a Archive,
        bin_dir: &Path,
        scratch: &Path,
        progress: &'a Progress,
    ) -> Result<Self, Error> {
        let waldump = bin_dir.join("pg_waldump");
        if !waldump.is_file() {
            return Err(Error::Missing {
                program: waldump.display().to_string(),
                package: "postgresql".to_owned(),
            });
        }
        Ok(Self {
            archive,
            waldump,
            scratch: TempDir::new_in(scratch)
                .map_err(Error::file("create a folder in", scratch))?,
            seen: HashMap::new(),
            progress,
        })
    }

    /// The marks that begin in a segment, in the order in which they were written.
    pub fn marks(&mut self, segment: Segment) -> Result<Arc<Vec<Mark>>, Error> {
        if let Some(marks) = self.seen.get(&segment) {
            return Ok(Arc::clone(marks));
        }
        let bytes = self.archive.segment_bytes;
        let (from, to) = (
            segment.start(bytes).to_string(),
            segment.end(bytes).to_string(),
        );
        let said = self.dump(
            segment,
            &[
                "--rmgr=Transaction",
                "--rmgr=XLOG",
                "--start",
                &from,
                "--end",
                &to,
            ],
        )?;
        let marks = Arc::new(said.lines().filter_map(mark).collect::<Vec<_>>());
        self.seen.insert(segment, Arc::clone(&marks));
        self.progress.add(bytes);
        Ok(marks)
    }

    /// Whether any record begins at a position or behind it, in its segment.
    pub fn is_followed(&self, segment: Segment, lsn: PgLsn) -> Result<bool, Error> {
        let (from, to) = (
            lsn.to_string(),
            segment.end(self.archive.segment_bytes).to_string(),
        );
        let said = self.dump(segment, &["--limit=1", "--start", &from, "--end", &to])?;
        Ok(said.lines().any(|line| line.starts_with("rmgr:")))
    }

    /// Unpacks a segment and the next one, into which its last record may reach, and asks `pg_waldump`.
    fn dump(&self, segment: Segment, args: &[&str]) -> Result<String, Error> {
        let mut unpacked = Vec::new();
        for segment in [segment, segment.next()] {
            if let Some(stored) = self.archive.segments.get(&segment) {
                let path = self.scratch.path().join(self.archive.name(segment));
                unpack(stored, self.archive.key(), &path)?;
                unpacked.push(path);
            }
        }
        let output = Command::new(&self.waldump)
            .args(args)
            .arg("--path")
            .arg(self.scratch.path())
            .arg("--timeline")
            .arg(segment.timeline.to_string())
            .env("TZ", "UTC")
            .env("LC_ALL", "C")
            .output()
            .map_err(Error::file("run", &self.waldump))?;
        for path in unpacked {
            std::fs::remove_file(&path).map_err(Error::file("remove", &path))?;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        // The end of what there is, and nothing else, is no failure.
        let is_end = ["could not find", "could not open", "error in WAL record"];
        if !output.status.success() && !is_end.iter().any(|end| said.contains(end)) {
            return Err(failed(
                "pg_waldump",
                &output.status.to_string(),
                &output.stderr,
            ));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// `rmgr: Transaction len (rec/tot): 34/ 34, tx: 740, lsn: 0/0155F3C8, prev 0/0155F390, desc: COMMIT 2026-11-28 …`
fn mark(line: &str) -> Option<Mark> {
    let (head, about) = line.split_once(" desc: ")?;
    let total = head.split_once("(rec/tot):")?.1.split_once('/')?.1;
    let total: u64 = total.split_once(',')?.0.trim().parse().ok()?;
    let lsn = head.split_once(" lsn: ")?.1.split_once(',')?.0;
    let lsn: PgLsn = lsn.trim().parse().ok()?;
    let what = match about.strip_prefix("RESTORE_POINT ") {
        Some(name) => What::Point(name.to_owned()),
        None if about.starts_with("COMMIT") || about.starts_with("ABORT") => {
            What::End(time(about)?)
        }
        None => return None,
    };
    Some(Mark {
        lsn,
        end: (u64::from(lsn) + total).into(),
        what,
    })
}

/// The first time in a line.
fn time(about: &str) -> Option<DateTime<Utc>> {
    let words: Vec<&str> = about.split([' ', ';']).collect();
    words.windows(2).find_map(|pair| {
        let time = NaiveDateTime::parse_from_str(&pair.join(" "), "%F %T%.f");
        time.ok().map(|time| time.and_utc())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_transaction_and_a_point_are_read_from_what_pg_waldump_says() {
        let commit = "rmgr: Transaction len (rec/tot):    405/   405, tx:        740, lsn: 0/0155F3C8, prev 0/0155F390, \
            desc: COMMIT 2026-11-28 01:35:18.123456 UTC; inval msgs: catcache 80";
        let mark = mark(commit).unwrap();
        assert_eq!(mark.lsn.to_string(), "0/155F3C8");
        assert_eq!(u64::from(mark.end) - u64::from(mark.lsn), 405);
        let What::End(at) = mark.what else {
            panic!("{mark:?}")
        };
        assert_eq!(at.to_rfc3339(), "2026-11-28T01:35:18.123456+00:00");
        let prepared = "rmgr: Transaction len (rec/tot): 66/66, tx: 0, lsn: 0/1700000, prev 0/1, \
            desc: ABORT_PREPARED 741: 2026-11-28 01:35:19.000001 UTC";
        assert!(matches!(super::mark(prepared).unwrap().what, What::End(_)));
        let point = "rmgr: XLOG        len (rec/tot):     98/    98, tx:          0, lsn: 0/0300A0D8, prev 0/0300A0A0, \
            desc: RESTORE_POINT before the sale";
        assert_eq!(
            super::mark(point).unwrap().what,
            What::Point("before the sale".to_owned())
        );
        let other = "rmgr: XLOG len (rec/tot): 114/ 114, tx: 0, lsn: 0/01, prev 0/0, desc: CHECKPOINT_ONLINE redo 0/1";
        assert!(super::mark(other).is_none());
    }
}
