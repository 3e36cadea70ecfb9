//! Definitions and rows of one database, into another one.

use std::sync::Arc;

use kardan_backup::{
    Error, Kind, Progress, Repository, TableName, restore_database, restore_table,
};

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

#[tokio::test]
async fn one_table_comes_back_beside_the_one_that_is_there() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take_with(None, Kind::Logical, false).await?;
    shop.client
        .batch_execute("delete from parts where id > 10; drop table days")
        .await?;
    let repository = Repository::open(&shop.repository(), None)?;
    let (source, progress) = (shop.source().await?, Arc::new(Progress::default()));
    let bring = async |table: &str, into: &str| {
        let (table, into) = (TableName::parse(table)?, TableName::parse(into)?);
        restore_table(&repository, &entry, &source, &table, &into, &progress).await
    };
    let made = bring("public.parts", "rescued.parts").await?;
    assert_eq!((made.table.as_str(), made.rows), ("rescued.parts", 20_000));
    assert_eq!(bring("public.Odd name", "public.Even name").await?.rows, 2);
    // Partitions come as one.
    assert_eq!(bring("public.days", "rescued.days").await?.rows, 1);
    let rows = shop
        .client
        .query_one(
            "select (select count(*) from rescued.parts), (select count(*) from parts),
                 (select count(*) from pg_database where datname like 'kardan_restore%')",
            &[],
        )
        .await?;
    let counts: [i64; 3] = [rows.get(0), rows.get(1), rows.get(2)];
    assert_eq!(counts, [20_000, 10, 0]);
    let there = bring("public.parts", "rescued.parts").await;
    assert!(matches!(there, Err(Error::NotEmpty(_))));
    let unknown = bring("public.letters", "rescued.letters")
        .await
        .unwrap_err();
    assert!(matches!(unknown, Error::NoTable { .. }), "{unknown}");
    assert!(TableName::parse("parts").is_err());
    Ok(())
}
