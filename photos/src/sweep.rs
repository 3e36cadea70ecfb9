//! Taking away files that no photo names: what an upload left that came to nothing, and what was shown before its photo
//! was taken away. Who names what is asked for a few hundred keys at a time, so that memory stays small however many
//! files there are.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use futures_util::StreamExt as _;

use crate::store::Kept;
use crate::{Error, Name, Store};

/// Files that are asked about at once.
const BATCH: usize = 900;

/// Files that are taken away at once; their content is in memory until it is sure that nobody wants them back.
const HANDFUL: usize = 24;

/// What a sweep may do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Younger files stay: their photo may be about to be recorded.
    pub older_than: Duration,
    /// Only count.
    pub dry_run: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            older_than: Duration::from_secs(24 * 3600),
            dry_run: false,
        }
    }
}

/// What a sweep found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were looked at.
    pub seen: u64,
    /// Files of photos that are older than the plan says and that no photo names.
    pub orphans: u64,
    /// Bytes of these.
    pub orphan_bytes: u64,
    /// Of these, files that were deleted.
    pub deleted: u64,
    /// Of these, files that a new photo named while they were deleted; they are there again.
    pub kept: u64,
    /// Files under the folder of photos whose names are not a photo's; they are left alone.
    pub foreign: u64,
}

/// Looks at every file of the store. `orphans` is asked which of some keys no photo has; it is asked a second time after
/// a deletion, and what has a photo by then is put back: an upload of the same picture may come at any moment.
///
/// # Errors
/// Those of the store, and those of `orphans`.
pub async fn sweep<E, F>(
    store: &Store,
    plan: Plan,
    mut orphans: impl FnMut(Vec<String>) -> F,
    mut progress: impl FnMut(&Swept),
) -> Result<Swept, E>
where
    E: From<Error>,
    F: Future<Output = Result<Vec<String>, E>>,
{
    let mut swept = Swept::default();
    let mut files = store.list();
    let mut batch: Vec<(Name, Kept)> = Vec::with_capacity(BATCH);
    let oldest = Utc::now() - plan.older_than;
    loop {
        let next = files.next().await.transpose()?;
        let is_last = next.is_none();
        if let Some(file) = next {
            swept.seen += 1;
            match Name::of_path(&file.path) {
                None => swept.foreign += 1,
                Some(name) if file.at <= oldest => batch.push((name, file)),
                Some(_) => {}
            }
        }
        if batch.len() >= BATCH || is_last {
            clear(store, plan, &mut orphans, &mut swept, &mut batch).await?;
            progress(&swept);
        }
        if is_last {
            return Ok(swept);
        }
    }
}

async fn clear<E, F>(
    store: &Store,
    plan: Plan,
    orphans: &mut impl FnMut(Vec<String>) -> F,
    swept: &mut Swept,
    batch: &mut Vec<(Name, Kept)>,
) -> Result<(), E>
where
    E: From<Error>,
    F: Future<Output = Result<Vec<String>, E>>,
{
    if batch.is_empty() {
        return Ok(());
    }
    let unnamed = ask(orphans, batch).await?;
    batch.retain(|(name, _)| unnamed.contains(name.key.as_str()));
    for (_, file) in batch.iter() {
        swept.orphans += 1;
        swept.orphan_bytes += file.size;
    }
    if !plan.dry_run {
        for handful in batch.chunks(HANDFUL) {
            let taken = take(store, handful).await?;
            swept.deleted += taken.len() as u64;
            let unnamed = ask(orphans, handful).await?;
            for (name, _) in handful {
                if unnamed.contains(name.key.as_str()) {
                    continue;
                }
                if let Some(content) = taken.get(&name.path()) {
                    store.put_file(name.path(), content.clone()).await?;
                    swept.deleted -= 1;
                    swept.kept += 1;
                }
            }
        }
    }
    batch.clear();
    Ok(())
}

/// Those keys that no photo has.
async fn ask<E, F>(
    orphans: &mut impl FnMut(Vec<String>) -> F,
    files: &[(Name, Kept)],
) -> Result<HashSet<String>, E>
where
    F: Future<Output = Result<Vec<String>, E>>,
{
    let keys: HashSet<&str> = files.iter().map(|(name, _)| name.key.as_str()).collect();
    let keys = keys.into_iter().map(str::to_owned).collect();
    Ok(orphans(keys).await?.into_iter().collect())
}

/// Deletes files and gives what was in them.
async fn take(store: &Store, files: &[(Name, Kept)]) -> Result<BTreeMap<String, Bytes>, Error> {
    let mut taken = BTreeMap::new();
    for (_, file) in files {
        if let Some(content) = store.get_path(&file.path).await? {
            store.remove(&file.path).await?;
            taken.insert(file.path.clone(), content);
        }
    }
    Ok(taken)
}
