//! Taking away what no photo names, on a real folder with files of real ages.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use kardan_photos::{Config, Error, Photo, Plan, Store, Swept, sweep};

use crate::pictures::{jpeg, scene, taken};

fn age(folder: &Path, photo: &Photo, hours: u64) {
    for file in &photo.files {
        let path = folder.join(photo.key.file(file.width));
        let file = File::options().write(true).open(path).unwrap();
        let then = SystemTime::now() - Duration::from_secs(hours * 3600);
        file.set_modified(then).unwrap();
    }
}

/// Runs a sweep where the photos with these keys are shown.
async fn swept(store: &Store, plan: Plan, shown: &[&Photo]) -> anyhow::Result<Swept> {
    let shown: HashSet<&str> = shown.iter().map(|photo| photo.key.as_str()).collect();
    let orphans = |keys: Vec<String>| {
        let found = keys.into_iter().filter(|key| !shown.contains(key.as_str()));
        std::future::ready(Ok::<_, Error>(found.collect()))
    };
    Ok(sweep(store, plan, orphans, |_| {}).await?)
}

#[tokio::test]
async fn old_files_that_no_photo_names_go_and_nothing_else() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(folder.path()))?;
    let [shown, orphan, young] = [1, 2, 3].map(|seed| taken(&jpeg(&scene(90, 60, seed))));
    for photo in [&shown, &orphan, &young] {
        store.put(photo).await?;
    }
    age(folder.path(), &shown, 1000);
    age(folder.path(), &orphan, 25);
    age(folder.path(), &young, 23);
    std::fs::write(folder.path().join("photos/notes.txt"), "mine")?;
    std::fs::write(folder.path().join("elsewhere.txt"), "mine too")?;

    let dry = Plan {
        dry_run: true,
        ..Plan::default()
    };
    let found = swept(&store, dry, &[&shown]).await?;
    let bytes: usize = orphan.files.iter().map(|file| file.content.len()).sum();
    let expected = Swept {
        seen: 10,
        orphans: 3,
        orphan_bytes: bytes as u64,
        foreign: 1,
        ..Swept::default()
    };
    assert_eq!(found, expected);
    assert!(store.has_whole(&orphan).await?);

    let found = swept(&store, Plan::default(), &[&shown]).await?;
    assert_eq!(
        found,
        Swept {
            deleted: 3,
            ..expected
        }
    );
    assert!(!store.has_whole(&orphan).await?);
    assert!(store.has_whole(&shown).await? && store.has_whole(&young).await?);
    assert!(folder.path().join("photos/notes.txt").exists());
    assert!(folder.path().join("elsewhere.txt").exists());
    assert_eq!(swept(&store, Plan::default(), &[&shown]).await?.orphans, 0);
    Ok(())
}

#[tokio::test]
async fn a_photo_that_is_recorded_while_its_old_files_go_has_them_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(folder.path()))?;
    let photo = taken(&jpeg(&scene(90, 60, 1)));
    store.put(&photo).await?;
    age(folder.path(), &photo, 48);
    let asked = AtomicUsize::new(0);
    let orphans = |keys: Vec<String>| {
        // Nobody names it at first; at the second question the files are gone, and it is recorded.
        let answer = match asked.fetch_add(1, Ordering::Relaxed) {
            0 => keys,
            _ => {
                assert!(!folder.path().join(photo.key.file(320)).exists());
                Vec::new()
            }
        };
        std::future::ready(Ok::<_, Error>(answer))
    };
    let found = sweep(&store, Plan::default(), orphans, |_| {}).await?;
    assert_eq!((found.orphans, found.deleted, found.kept), (3, 0, 3));
    assert!(store.has_whole(&photo).await?);
    Ok(())
}

#[tokio::test]
async fn a_photo_that_is_sent_again_is_young_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(folder.path()))?;
    let photo = taken(&jpeg(&scene(90, 60, 1)));
    store.put(&photo).await?;
    age(folder.path(), &photo, 48);
    assert!(store.put(&photo).await?);
    assert_eq!(swept(&store, Plan::default(), &[]).await?.orphans, 0);
    Ok(())
}

#[tokio::test]
async fn many_files_are_asked_about_in_parts() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(folder.path()))?;
    let old = SystemTime::now() - Duration::from_secs(48 * 3600);
    for number in 0..2500_u32 {
        let digits = format!("{number:064x}");
        let shard = folder.path().join("photos").join(&digits[..2]);
        std::fs::create_dir_all(&shard)?;
        let file = File::create(shard.join(format!("{digits}-320.webp")))?;
        file.set_modified(old)?;
    }
    let (most, all) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let orphans = |keys: Vec<String>| {
        most.fetch_max(keys.len(), Ordering::Relaxed);
        all.fetch_add(keys.len(), Ordering::Relaxed);
        std::future::ready(Ok::<_, Error>(Vec::new()))
    };
    let mut told = 0;
    let found = sweep(&store, Plan::default(), orphans, |_| told += 1).await?;
    assert_eq!((found.seen, found.orphans), (2500, 0));
    assert_eq!((most.into_inner(), all.into_inner()), (900, 2500));
    assert_eq!(told, 3);
    Ok(())
}
