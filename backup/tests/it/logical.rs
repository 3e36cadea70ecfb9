//! Definitions and rows of one database, into another one.

use std::sync::Arc;

use kardan_backup::{Error, Kind, Progress, Repository, restore_database};

use crate::support::{Shop, connect};

#[tokio::test]
async fn a_dump_becomes_a_database_beside_the_one_that_it_was_made_of() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take_with(None, Kind::Logical, true).await?;
    assert!(entry.stored("roles.sql").is_some());
    shop.client.batch_execute("drop table parts").await?;
    let repository = Repository::open(&shop.repository(), None)?;
    let progress = Arc::new(Progress::default());
    let source = shop.source().await?;
    restore_database(&repository, &entry, &source, "yesterday", 2, &progress).await?;
    let again = connect(&shop.server.url("yesterday")).await?;
    let rows: i64 = again
        .query_one("select count(*) from parts", &[])
        .await?
        .get(0);
    assert_eq!(rows, 20_000);
    let there = restore_database(&repository, &entry, &source, "yesterday", 2, &progress).await;
    assert!(matches!(there, Err(Error::NotEmpty(_))));
    Ok(())
}
