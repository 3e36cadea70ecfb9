//! What is refused, before anything is touched, and with a sentence that helps.

use std::fs;
use std::sync::Arc;

use kardan_backup::{Error, Keep, Kind, Progress, Repository, expire, restore};

use crate::support::{Shop, connect};

#[tokio::test]
async fn what_is_not_there_is_named_and_what_is_there_is_not_overwritten() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let none = Repository::open(&shop.repository(), None).unwrap_err();
    assert!(none.to_string().contains("is not a repository"), "{none}");
    let entry = shop.take().await?;
    let repository = Repository::open(&shop.repository(), None)?;
    let unknown = repository.find("yesterday", None).unwrap_err();
    assert!(unknown.to_string().contains(&entry.id), "{unknown}");
    let logical = repository.find("latest", Some(Kind::Logical)).unwrap_err();
    assert!(matches!(logical, Error::Empty("logical")), "{logical}");
    let full = shop.folder.path().join("full");
    fs::create_dir(&full)?;
    fs::write(full.join("letters"), "dear")?;
    let refused = restore(
        &repository,
        &entry,
        &full,
        Some(shop.server.installation().bin_dir()),
        &Arc::new(Progress::default()),
    )
    .await
    .unwrap_err();
    assert!(matches!(refused, Error::NotEmpty(_)), "{refused}");
    assert_eq!(fs::read_dir(&full)?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_folder_with_something_else_in_it_does_not_become_a_repository() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    fs::create_dir(shop.repository())?;
    fs::write(shop.repository().join("letters"), "dear")?;
    assert!(matches!(shop.take().await, Err(Error::NotEmpty(_))));
    Ok(())
}

#[tokio::test]
async fn backups_of_two_servers_are_not_mixed() -> anyhow::Result<()> {
    let (one, two) = (Shop::open().await?, Shop::open().await?);
    one.take().await?;
    fs::rename(one.repository(), two.repository())?;
    assert!(matches!(two.take().await, Err(Error::AnotherServer { .. })));
    Ok(())
}

#[tokio::test]
async fn of_two_at_once_one_is_refused_and_what_a_broken_one_left_is_taken_away()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let first = shop.take().await?;
    let left = shop.repository().join("backups/.unfinished-x");
    fs::create_dir(&left)?;
    let repository = Repository::open(&shop.repository(), None)?;
    assert_eq!(repository.list()?.len(), 1, "half a backup is none");
    // An id has seconds: the second begins in another one.
    let held = fs::File::options()
        .write(true)
        .open(shop.repository().join("lock"))?;
    held.lock()?;
    let refused = shop.take().await.unwrap_err();
    assert!(matches!(refused, Error::Busy { .. }), "{refused}");
    assert!(matches!(
        expire(&repository, Keep::default()),
        Err(Error::Busy { .. })
    ));
    held.unlock()?;
    let second = loop {
        match shop.take().await {
            Err(Error::Unfit(why)) if why.contains(&first.id) => {}
            taken => break taken?,
        }
    };
    assert!(!left.exists());
    assert_eq!(repository.list()?, [first, second]);
    Ok(())
}

#[tokio::test]
async fn a_writer_who_does_not_end_costs_a_backup_its_patience_and_never_the_writer()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let writer = connect(&shop.server.url("shop")).await?;
    writer
        .batch_execute("begin; update parts set price = 0 where id = 1")
        .await?;
    let taken = shop.take();
    tokio::pin!(taken);
    // It tries, and fails to find a moment, until the writer ends.
    let waits = async {
        loop {
            let tried: i64 = shop
                .client
                .query_one(
                    "select count(*) from pg_locks where mode = 'ShareLock' and not granted",
                    &[],
                )
                .await?
                .get(0);
            if tried > 0 {
                return anyhow::Ok(());
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        early = &mut taken => panic!("it did not wait: {early:?}"),
        tried = waits => tried?,
    }
    writer
        .batch_execute("update parts set price = 1 where id = 2; commit")
        .await?;
    taken.await?;
    Ok(())
}

#[tokio::test]
async fn somebody_who_may_not_read_everything_is_refused() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.client.batch_execute("create role clerk login").await?;
    let config = shop.server.url_as("clerk", "shop").parse()?;
    let source =
        kardan_backup::Source::new(config, Some(shop.server.installation().bin_dir())).await?;
    let how = kardan_backup::Take {
        kind: Kind::Physical,
        depth: kardan_backup::Depth::Full,
        label: None,
        count: true,
        jobs: 1,
    };
    let refused = kardan_backup::take(
        &shop.repository(),
        None,
        &source,
        &how,
        &Arc::new(Progress::default()),
    )
    .await
    .unwrap_err();
    assert!(refused.to_string().contains("superuser"), "{refused}");
    assert!(!shop.repository().exists());
    Ok(())
}
