//! Loops: each at its own pace, none in another one's way.

use kardan_schema::Role;
use kardan_schema::market::{self, SavedSearchCreate};
use kardan_testdb::{Database, ListingFixture};

use crate::support::{Running, config, until};

fn wish(actor: kardan_schema::UserId, query: &str) -> SavedSearchCreate {
    SavedSearchCreate {
        actor,
        name: None,
        frequency: Some(kardan_schema::Frequency::AtOnce),
        query: Some(query.to_owned()),
        kind: None,
        category: None,
        subcategory: None,
        brand: None,
        place: None,
        condition: None,
        price_min: None,
        price_max: None,
        currency: None,
        in_stock: None,
        generation: None,
        year: None,
        attributes: None,
        vehicle: None,
    }
}

/// A database with somebody who waits for headlights, and one that is for sale since then.
async fn waiting() -> anyhow::Result<Database> {
    let db = Database::create().await?;
    let (seller, buyer) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    market::saved_search_create(&*api, &wish(buyer, "фара")).await?;
    let fixture = ListingFixture {
        title: "Фара левая".to_owned(),
        ..ListingFixture::default()
    };
    db.listing(seller, &fixture).await?;
    Ok(db)
}

async fn notices(db: &Database) -> anyhow::Result<i64> {
    let count = "select count(*) from notify_data.outbox as o where o.kind = 'search.found'";
    Ok(db.superuser().await?.query_one(count, &[]).await?.get(0))
}

#[tokio::test]
async fn two_workers_tell_a_match_once_and_stop_when_they_are_asked_to() -> anyhow::Result<()> {
    let db = waiting().await?;
    let folder = tempfile::tempdir()?;
    let one = Running::start(config(&db, folder.path(), &[])?).await?;
    let two = Running::start(config(&db, folder.path(), &[])?).await?;
    until("a notice", async || Ok(notices(&db).await? > 0)).await?;
    for worker in [&one, &two] {
        assert_eq!(worker.get("/health/live").await?.0, 200);
        assert_eq!(worker.get("/health/ready").await?, (200, "ok\n".to_owned()));
        let turned = r#"kardan_worker_turn_end_seconds{task="search-alerts"}"#;
        until("a turn", async || {
            Ok(worker.get("/metrics").await?.1.contains(turned))
        })
        .await?;
    }
    one.stop().await?;
    two.stop().await?;
    assert_eq!(notices(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_task_that_fails_is_counted_and_stops_no_other_one() -> anyhow::Result<()> {
    let db = waiting().await?;
    let folder = tempfile::tempdir()?;
    db.superuser()
        .await?
        .batch_execute("revoke execute on function market.photo_sweep_claim() from kardan_worker")
        .await?;
    let worker = Running::start(config(&db, folder.path(), &[])?).await?;
    until("a notice", async || Ok(notices(&db).await? > 0)).await?;
    let failed = r#"kardan_worker_turns_failed_total{task="photo-sweep"}"#;
    until("a failure", async || {
        let (_, text) = worker.get("/metrics").await?;
        let line = text.lines().find(|line| line.starts_with(failed));
        Ok(line.is_some_and(|line| !line.ends_with(" 0")))
    })
    .await?;
    worker.stop().await
}

#[tokio::test]
async fn a_database_that_is_not_there_yet_is_waited_for() -> anyhow::Result<()> {
    let db = waiting().await?;
    let folder = tempfile::tempdir()?;
    let mut config = config(&db, folder.path(), &[])?;
    config.database_url = Some("postgres://nobody@127.0.0.1:1/x".parse()?);
    let worker = Running::start(config).await?;
    assert_eq!(
        worker.get("/health/ready").await?,
        (503, "no database\n".to_owned())
    );
    assert_eq!(worker.get("/health/live").await?.0, 200);
    worker.stop().await
}

#[tokio::test]
async fn photos_that_nobody_shows_are_taken_away_by_one_worker_a_day() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    let path = folder
        .path()
        .join(format!("photos/ab/ab{}-320.webp", "0".repeat(62)));
    std::fs::create_dir_all(path.parent().expect("a folder"))?;
    let lie = || -> anyhow::Result<()> {
        std::fs::write(&path, "picture")?;
        let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(172_800);
        Ok(std::fs::File::options()
            .write(true)
            .open(&path)?
            .set_modified(two_days_ago)?)
    };
    lie()?;
    let config = config(&db, folder.path(), &["--task=photo-sweep"])?;
    let swept = kardan_worker::once(&config, Default::default()).await?;
    assert_eq!((swept.len(), swept[0].claimed, swept[0].done), (1, 1, 1));
    assert!(!path.exists());
    lie()?;
    let swept = kardan_worker::once(&config, Default::default()).await?;
    assert_eq!(swept[0].done, 0);
    assert!(path.exists());
    Ok(())
}
