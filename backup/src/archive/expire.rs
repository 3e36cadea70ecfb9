//! Which WAL no backup needs any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use tokio_postgres::types::PgLsn;

use super::{Archive, INCOMING, read};
use crate::entry::Entry;
use crate::{Error, Repository};

/// How old half a file is before it is taken for one that nobody will finish.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// WAL that goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SparedWal {
    /// Segments that stay.
    pub stay: u64,
    /// Segments that go.
    pub go: u64,
    /// What those take.
    pub bytes: u64,
    #[serde(skip)]
    paths: Vec<PathBuf>,
}

impl Archive {
    /// What can go when these backups stay: whatever cannot be reached from any of them. Without a physical backup everything
    /// stays, because one that is under way may need it.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::File`].
    pub fn spare(&self, staying: &[&Entry]) -> Result<SparedWal, Error> {
        let mut starts = Vec::new();
        for wal in staying.iter().filter_map(|entry| entry.wal.as_ref()) {
            starts.push((wal.timeline, crate::pitr::lsn(&wal.start)?));
        }
        let mut needed = BTreeMap::new();
        for timeline in self.timelines() {
            needed.insert(timeline, self.needed_from(timeline, &starts)?);
        }
        let mut spared = SparedWal::default();
        for (segment, stored) in &self.segments {
            let from = needed.get(&segment.timeline).copied().flatten();
            if from.is_some_and(|from| from < segment.end(self.segment_bytes)) {
                spared.stay += 1;
                continue;
            }
            let about = fs::metadata(&stored.path);
            spared.bytes += about.map_err(Error::file("look at", &stored.path))?.len();
            spared.go += 1;
            spared.paths.push(stored.path.clone());
        }
        Ok(spared)
    }

    /// From where on a timeline is needed by recovery from any of these places; `None` when it is not.
    fn needed_from(&self, timeline: u32, starts: &[(u32, PgLsn)]) -> Result<Option<PgLsn>, Error> {
        let all = Some(PgLsn::from(0));
        let newest = starts.iter().map(|&(timeline, _)| timeline).max();
        // Of a newer one without a history nothing is known: it may come from any of them.
        if newest.is_none_or(|newest| newest < timeline && !self.histories.contains_key(&timeline))
        {
            return Ok(all);
        }
        let way = self.way(timeline)?;
        let comes_from = |&(of, start): &(u32, PgLsn)| {
            let leg = way.iter().find(|leg| leg.timeline == of)?;
            match leg.to {
                None => Some(start),
                Some(left) => (start <= left).then_some(PgLsn::from(0)),
            }
        };
        Ok(starts.iter().filter_map(comes_from).min())
    }
}

/// Takes it away, and what archivers that were killed have left.
pub(crate) fn remove(repository: &Repository, spared: &SparedWal) -> Result<(), Error> {
    for path in &spared.paths {
        fs::remove_file(path).map_err(Error::file("remove", path))?;
    }
    let root = repository.wal();
    for folder in read(&root)? {
        let folder = folder.map_err(Error::file("read", &root))?.path();
        if !folder.is_dir() {
            continue;
        }
        for found in read(&folder)? {
            let found = found.map_err(Error::file("read", &folder))?;
            let path = found.path();
            let is_half = found.file_name().to_string_lossy().starts_with(INCOMING);
            let age = found.metadata().and_then(|about| about.modified());
            let age = age.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
            if is_half && age.is_ok_and(|age| age > ABANDONED) {
                fs::remove_file(&path).map_err(Error::file("remove", &path))?;
            }
        }
    }
    Ok(())
}
