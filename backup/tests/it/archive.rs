//! The continuous archive: what is in it is whole, is not overwritten, and is told apart from what is missing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use kardan_backup::{
    Archive, Error, Got, Keep, Kind, Progress, Pushed, Repository, Stream, check_wal, end_slot,
    expire, get, make_point, push, stream, switch,
};

use crate::support::{Shop, closed_wal, keep_wal};

/// A server whose WAL is kept, with a repository and some closed segments.
struct Filled {
    shop: Shop,
    repository: Repository,
    closed: Vec<PathBuf>,
}

impl Filled {
    async fn open() -> anyhow::Result<Self> {
        let shop = Shop::open().await?;
        keep_wal(&shop.client).await?;
        let own: String = shop
            .client
            .query_one(
                "select system_identifier::text from pg_control_system()",
                &[],
            )
            .await?
            .get(0);
        let repository = Repository::open_for(&shop.repository(), None, &own)?;
        for _ in 0..3 {
            closed_wal(&shop.server, &shop.client).await?;
        }
        let mut closed = closed_wal(&shop.server, &shop.client).await?;
        let closed = closed.split_off(closed.len() - 4);
        Ok(Self {
            shop,
            repository,
            closed,
        })
    }

    fn name(&self, at: usize) -> &str {
        self.closed[at].file_name().unwrap().to_str().unwrap()
    }

    fn archive(&self) -> Archive {
        Archive::load(&self.repository).unwrap().unwrap()
    }

    /// Where a segment is stored.
    fn stored(&self, name: &str) -> Vec<PathBuf> {
        let folder = self.shop.repository().join("wal").join(&name[..16]);
        let found = fs::read_dir(folder).into_iter().flatten();
        let mut found: Vec<_> = found.map(|found| found.unwrap().path()).collect();
        found.retain(|path| path.to_str().unwrap().contains(name));
        found
    }
}

#[tokio::test]
async fn a_segment_comes_back_as_it_was_and_twice_the_same_is_once() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    assert_eq!(push(&filled.repository, &filled.closed[0])?, Pushed::Stored);
    assert_eq!(
        push(&filled.repository, &filled.closed[0])?,
        Pushed::AlreadyThere
    );
    assert_eq!(filled.stored(filled.name(0)).len(), 1);
    let to = filled.shop.folder.path().join("RECOVERYXLOG");
    assert_eq!(get(&filled.repository, filled.name(0), &to)?, Got::Given);
    assert_eq!(fs::read(&to)?, fs::read(&filled.closed[0])?);
    Ok(())
}

#[tokio::test]
async fn other_content_under_the_same_name_is_refused_and_nothing_is_overwritten()
-> anyhow::Result<()> {
    let filled = Filled::open().await?;
    push(&filled.repository, &filled.closed[0])?;
    let before = filled.stored(filled.name(0));
    let other = filled.shop.folder.path().join(filled.name(0));
    let mut bytes = fs::read(&filled.closed[0])?;
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&other, bytes)?;
    let refused = push(&filled.repository, &other).unwrap_err();
    assert!(matches!(refused, Error::OtherContent { .. }), "{refused}");
    assert_eq!(filled.stored(filled.name(0)), before);
    Ok(())
}

#[tokio::test]
async fn a_segment_of_another_server_or_place_or_half_of_one_is_refused() -> anyhow::Result<()> {
    let (filled, stranger) = (Filled::open().await?, Filled::open().await?);
    let refused = push(&filled.repository, &stranger.closed[0]).unwrap_err();
    assert!(matches!(refused, Error::AnotherServer { .. }), "{refused}");
    let moved = filled.shop.folder.path().join(filled.name(1));
    fs::copy(&filled.closed[0], &moved)?;
    let refused = push(&filled.repository, &moved).unwrap_err().to_string();
    assert!(refused.contains("by its name it begins at"), "{refused}");
    let half = fs::read(&filled.closed[1])?;
    fs::write(&moved, &half[..half.len() / 2])?;
    let refused = push(&filled.repository, &moved).unwrap_err().to_string();
    assert!(refused.contains("a segment has 16777216"), "{refused}");
    assert!(filled.stored(filled.name(0)).is_empty());
    assert!(filled.stored(filled.name(1)).is_empty(), "nothing is left");
    Ok(())
}

#[tokio::test]
async fn two_at_once_store_one_and_both_may_say_that_it_is_safe() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    let mut pushed: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| push(&filled.repository, &filled.closed[0]).unwrap()))
            .collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    pushed.sort_by_key(|one| *one == Pushed::AlreadyThere);
    assert_eq!(pushed[0], Pushed::Stored);
    assert!(pushed[1..].iter().all(|one| *one == Pushed::AlreadyThere));
    assert_eq!(filled.stored(filled.name(0)).len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_full_disk_fails_a_push_and_leaves_no_half_segment() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    let small = filled.shop.folder.path().join("backups/wal");
    fs::create_dir(&small)?;
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "kardan-test"])
        .arg(&small)
        .status()?;
    assert!(mounted.success(), "mount -t tmpfs needs root");
    let noise = filled.shop.folder.path().join(filled.name(0));
    let mut bytes = fs::read(&filled.closed[0])?;
    // Nothing that zstd could make smaller.
    let mut state = 1_u64;
    for byte in &mut bytes[8192..] {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = (state >> 56) as u8;
    }
    fs::write(&noise, bytes)?;
    let failed = push(&filled.repository, &noise);
    let left = filled.stored(filled.name(0));
    // With room again the same server goes on.
    fs::remove_file(&noise)?;
    let grown = Command::new("mount")
        .args(["-o", "remount,size=64m"])
        .arg(&small)
        .status()?;
    let again = push(&filled.repository, &filled.closed[0]);
    let unmounted = Command::new("umount").arg(&small).status()?;
    assert!(grown.success() && unmounted.success());
    let failed = failed.unwrap_err();
    assert!(matches!(failed, Error::File { .. }), "{failed}");
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(again?, Pushed::Stored);
    Ok(())
}

#[tokio::test]
async fn a_flipped_byte_is_found_by_looking_and_by_recovery() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    for path in &filled.closed {
        push(&filled.repository, path)?;
    }
    let progress = Arc::new(Progress::default());
    assert!(check_wal(&filled.archive(), &progress)?.is_empty());
    let stored = filled.stored(filled.name(1)).remove(0);
    let mut bytes = fs::read(&stored)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&stored, bytes)?;
    let broken = check_wal(&filled.archive(), &progress)?;
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].name, filled.name(1));
    let to = filled.shop.folder.path().join("RECOVERYXLOG");
    let refused = get(&filled.repository, filled.name(1), &to).unwrap_err();
    assert!(matches!(refused, Error::Damaged { .. }), "{refused}");
    assert!(!to.exists(), "a server must not see it");
    Ok(())
}

#[tokio::test]
async fn a_segment_that_is_missing_in_the_middle_is_not_the_end() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    for at in [0, 1, 3] {
        push(&filled.repository, &filled.closed[at])?;
    }
    let gaps = filled.archive().gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!(
        (gaps[0].first.as_str(), gaps[0].segments),
        (filled.name(2), 1)
    );
    let stretches = filled.archive().stretches()?;
    assert_eq!(stretches.len(), 2);
    assert_eq!(stretches[0].last, filled.name(1));
    let to = filled.shop.folder.path().join("RECOVERYXLOG");
    let refused = get(&filled.repository, filled.name(2), &to).unwrap_err();
    assert!(matches!(refused, Error::Hole { .. }), "{refused}");
    // Its own copy is what a server takes next.
    fs::write(to.with_file_name(filled.name(2)), "")?;
    assert_eq!(get(&filled.repository, filled.name(2), &to)?, Got::Absent);
    let behind = "0000000100000000000000FF";
    assert_eq!(get(&filled.repository, behind, &to)?, Got::Absent);
    assert_eq!(
        get(&filled.repository, "00000002.history", &to)?,
        Got::Absent
    );
    Ok(())
}

#[tokio::test]
async fn an_archive_that_is_encrypted_holds_nothing_to_read() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let path = shop.folder.path().join("key");
    let made = Command::new("age-keygen").arg("-o").arg(&path).output()?;
    assert!(made.status.success());
    let key = kardan_backup::Key::from_file(&path)?;
    shop.take_with(Some(key.clone()), Kind::Physical, false)
        .await?;
    let repository = Repository::open(&shop.repository(), Some(key))?;
    keep_wal(&shop.client).await?;
    let sql = "insert into parts (name) select 'a word that is nowhere else' from generate_series(1, 100)";
    shop.client.batch_execute(sql).await?;
    let closed = closed_wal(&shop.server, &shop.client).await?.pop().unwrap();
    push(&repository, &closed)?;
    let name = closed.file_name().unwrap().to_str().unwrap();
    let folder = shop.repository().join("wal").join(&name[..16]);
    let stored = fs::read_dir(folder)?.next().unwrap()?.path();
    assert!(fs::read(&stored)?.starts_with(b"age-encryption.org/"));
    let to = shop.folder.path().join("RECOVERYXLOG");
    assert_eq!(get(&repository, name, &to)?, Got::Given);
    assert_eq!(fs::read(&to)?, fs::read(&closed)?);
    Ok(())
}

#[tokio::test]
async fn a_running_server_is_archived_from_outside_and_an_archiver_that_was_away_goes_on()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.take_with(None, Kind::Physical, false).await?;
    let repository = Repository::open(&shop.repository(), None)?;
    let source = shop.source().await?;
    let how = Stream {
        spool: shop.folder.path().join("spool"),
    };
    let patience = Duration::from_secs(60);
    for round in 0..2 {
        // What is written while nobody archives waits for the next round.
        shop.client
            .batch_execute("insert into parts (name) values ('between'); select pg_switch_wal()")
            .await?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let archiver = tokio::spawn({
            let (source, repository, how) = (source.clone(), repository.clone(), how.clone());
            async move {
                stream(&source, &repository, &how, async {
                    let _ = stopped.await;
                })
                .await
            }
        });
        let switched = loop {
            // A segment that was closed before the archiver came is none that it keeps.
            let switched = switch(&source, &repository, patience).await?;
            if switched.is_archived {
                break switched;
            }
        };
        assert!(switched.is_archived, "round {round}");
        if round == 1 {
            let point = make_point(&source, &repository, "before the sale").await?;
            assert_eq!(repository.points()?, [point]);
            let taken = make_point(&source, &repository, "before the sale").await;
            assert!(matches!(taken, Err(Error::Unfit(_))));
        }
        let _ = stop.send(());
        archiver.await??;
    }
    let archive = Archive::load(&repository)?.unwrap();
    assert!(archive.gaps().is_empty(), "{:?}", archive.gaps());
    assert!(check_wal(&archive, &Arc::new(Progress::default()))?.is_empty());
    assert!(end_slot(&source).await?);
    Ok(())
}

#[tokio::test]
async fn expiry_takes_the_wal_that_no_backup_needs_and_no_other() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    keep_wal(&shop.client).await?;
    let first = shop.take_with(None, Kind::Physical, false).await?;
    let repository = Repository::open(&shop.repository(), None)?;
    for _ in 0..2 {
        closed_wal(&shop.server, &shop.client).await?;
    }
    let second = loop {
        match shop.take_with(None, Kind::Physical, false).await {
            Err(Error::Unfit(why)) if why.contains(&first.id) => {}
            taken => break taken?,
        }
    };
    for path in closed_wal(&shop.server, &shop.client).await? {
        push(&repository, &path)?;
    }
    let before = Archive::load(&repository)?.unwrap().stretches()?.remove(0);
    let one = Keep {
        last: Some(1),
        days: None,
    };
    let expired = expire(&repository, one)?;
    assert!(expired.wal.go >= 2, "{expired:?}");
    let after = Archive::load(&repository)?.unwrap().stretches()?.remove(0);
    assert_eq!(after.last, before.last);
    assert_eq!(after.segments + expired.wal.go, before.segments);
    // The first that is left is the one in which the backup that is left begins.
    let start: String = shop
        .client
        .query_one(
            "select pg_walfile_name($1::text::pg_lsn)",
            &[&second.wal.unwrap().start],
        )
        .await?
        .get(0);
    assert_eq!(after.first, start);
    Ok(())
}

#[tokio::test]
async fn a_push_that_is_killed_in_the_middle_leaves_nothing_that_counts() -> anyhow::Result<()> {
    let filled = Filled::open().await?;
    // What a killed push leaves: half a file under no name.
    let folder = filled
        .shop
        .repository()
        .join("wal")
        .join(&filled.name(0)[..16]);
    fs::create_dir_all(&folder)?;
    let half = folder.join(format!(".incoming-1-0-{}.zst", filled.name(0)));
    fs::write(&half, "half")?;
    assert_eq!(push(&filled.repository, &filled.closed[0])?, Pushed::Stored);
    let to = filled.shop.folder.path().join("RECOVERYXLOG");
    assert_eq!(get(&filled.repository, filled.name(0), &to)?, Got::Given);
    assert_eq!(filled.archive().stretches()?[0].segments, 1);
    // Once it is old it goes with what has expired.
    let touched = Command::new("touch")
        .args(["--date", "3 days ago"])
        .arg(&half)
        .status()?;
    assert!(touched.success());
    expire(&filled.repository, Keep::default())?;
    assert!(!half.exists());
    Ok(())
}
