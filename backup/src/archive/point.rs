//! What is asked of a running server for the archive: a named point, and that the segment at hand is closed.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::find;
use crate::repository::{read_json, write_json};
use crate::{Error, Repository, Source};

/// How often the archive is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// A restore point that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub lsn: String,
    /// On which timeline.
    pub timeline: u32,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// A segment that was closed before it was full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Switched {
    /// Which.
    pub segment: String,
    /// Whether the archive has it.
    pub is_archived: bool,
}

impl Repository {
    /// The points that [`make_point`] has made, the oldest first.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn points(&self) -> Result<Vec<Point>, Error> {
        let folder = self.wal().join("points");
        let mut points = Vec::new();
        for found in super::read(&folder)? {
            let path = found.map_err(Error::file("read", &folder))?.path();
            if path.extension().is_some_and(|suffix| suffix == "json") {
                points.push(read_json::<Point>(&path)?);
            }
        }
        points.sort_by_key(|point| point.at);
        Ok(points)
    }
}

/// Makes a point with a name, to which one can come back, and notes where it is.
///
/// # Errors
/// [`Error::Unfit`] for a name that is no name or is taken, [`Error::AnotherServer`], and what the server says.
pub async fn make_point(
    source: &Source,
    repository: &Repository,
    name: &str,
) -> Result<Point, Error> {
    let is_name = |c: char| c.is_alphanumeric() || " _-.:".contains(c);
    if name.is_empty() || name.len() > 63 || name.starts_with('.') || !name.chars().all(is_name) {
        return Err(Error::Unfit(format!(
            "{name:?} cannot be the name of a point: letters, digits, blanks and _-.: of at most 63 bytes, no dot in front"
        )));
    }
    let folder = repository.wal().join("points");
    let path = folder.join(format!("{name}.json"));
    if path.exists() {
        return Err(Error::Unfit(format!(
            "there is a point {name:?} already, and recovery would stop at the first: choose another name"
        )));
    }
    let client = source.connect().await?;
    own(source, repository).await?;
    let row = client
        .query_one(
            "select p.lsn::text, ('x' || left(pg_walfile_name(p.lsn), 8))::bit(32)::int, clock_timestamp()
             from pg_create_restore_point($1) as p (lsn)",
            &[&name],
        )
        .await
        .map_err(Error::sql("make a restore point"))?;
    let point = Point {
        name: name.to_owned(),
        lsn: row.get(0),
        timeline: row.get::<_, i32>(1).unsigned_abs(),
        at: row.get(2),
    };
    std::fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    write_json(&path, &point)?;
    Ok(point)
}

/// Closes the segment at hand behind one more commit, and waits until it is archived. With it, every moment before now can be
/// had again, also on a server where nobody writes.
///
/// # Errors
/// [`Error::AnotherServer`], and what the server says. That nobody archives is no error: see [`Switched::is_archived`].
pub async fn switch(
    source: &Source,
    repository: &Repository,
    patience: Duration,
) -> Result<Switched, Error> {
    own(source, repository).await?;
    let client = source.connect().await?;
    client
        .execute("select pg_current_xact_id()", &[])
        .await
        .map_err(Error::sql("commit something"))?;
    let segment: String = client
        .query_one("select pg_walfile_name(pg_switch_wal())", &[])
        .await
        .map_err(Error::sql("close a segment of WAL"))?
        .get(0);
    let file = segment.parse()?;
    let deadline = Instant::now() + patience;
    loop {
        let is_archived = find(&repository.wal(), file, repository.key())?.is_some();
        if is_archived || Instant::now() >= deadline {
            return Ok(Switched {
                segment,
                is_archived,
            });
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks whether this is the server of the repository.
///
/// # Errors
/// [`Error::AnotherServer`], and what the server says.
pub async fn own(source: &Source, repository: &Repository) -> Result<(), Error> {
    let offered = source.system_identifier().await?;
    if offered == repository.system_identifier() {
        return Ok(());
    }
    Err(Error::AnotherServer {
        kept: repository.system_identifier().to_owned(),
        offered,
    })
}
