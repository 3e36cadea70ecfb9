//! `kardan seed --export`: files that hold what a seeded database holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use kardan_bulk::{Error, Exported, Format, Options, Progress};
use kardan_testdb::Database;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;
use tokio_util::sync::CancellationToken;

use crate::market::{content, marked, options, seed};

async fn export(
    db: &Database,
    options: &Options,
    to: (&Path, Format),
) -> Result<Vec<Exported>, Error> {
    let config = db.url_as("postgres").parse()?;
    let progress = Arc::new(Progress::default());
    kardan_bulk::export(&config, options, to, &progress, &CancellationToken::new()).await
}

/// What the program computes when everything else is there.
const COMPUTED: [&str; 4] = [
    "market_data.ratings",
    "market_data.saved_searches",
    "market_data.search_entries",
    "market_data.search_words",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_for_postgresql_give_the_rows_that_seeding_gives() -> anyhow::Result<()> {
    let seeded = marked().await?;
    // Odd texts, so that everything that can be escaped is.
    let mut wanted = options(400);
    (wanted.adversarial, wanted.jobs) = (true, 2);
    let report = seed(&seeded, &wanted).await?;
    let mut there = content(&seeded.superuser().await?).await?;
    there.retain(|table, _| !COMPUTED.contains(&table.as_str()));
    for format in [Format::Csv, Format::Sql] {
        let target = Database::create().await?;
        let folder = tempfile::tempdir()?;
        let files = export(&target, &wanted, (folder.path(), format)).await?;
        for one in &files {
            let made = report
                .tables
                .get(one.table)
                .map(|filled| &filled.fingerprint);
            assert_eq!(made, Some(&one.fingerprint), "{}", one.table);
        }
        let ended = Command::new("psql")
            .args(["-v", "ON_ERROR_STOP=1", "-q", "-f", "load.sql"])
            .arg(target.url_as("postgres"))
            .current_dir(folder.path())
            .output()?;
        assert!(
            ended.status.success(),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        let mut loaded = content(&target.superuser().await?).await?;
        loaded.retain(|table, _| !COMPUTED.contains(&table.as_str()));
        assert_eq!(loaded, there, "{format:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parquet_holds_the_same_values_with_their_types() -> anyhow::Result<()> {
    let db = marked().await?;
    seed(&db, &options(300)).await?;
    let folder = tempfile::tempdir()?;
    let files = export(&db, &options(300), (folder.path(), Format::Parquet)).await?;
    let file = |table: &str| -> anyhow::Result<SerializedFileReader<std::fs::File>> {
        let one = files.iter().find(|one| one.table == table);
        let one = one.ok_or_else(|| anyhow::anyhow!("no file of {table}"))?;
        let file = std::fs::File::open(folder.path().join(&one.file))?;
        Ok(SerializedFileReader::new(file)?)
    };
    let session = db.superuser().await?;
    for one in &files {
        let rows = file(one.table)?.metadata().file_metadata().num_rows();
        assert_eq!(rows.cast_unsigned(), one.rows, "{}", one.table);
    }
    // A number, a text, a moment that may be infinite, JSON, null and not null.
    let rows = session
        .query(
            "select l.id, l.title, l.attributes::text, l.owner_shop_id,
                 case when l.expires_at = 'infinity' then 9223372036854775807
                     else (extract(epoch from l.expires_at) * 1000000)::bigint end
             from market_data.listings as l",
            &[],
        )
        .await?;
    let there: BTreeMap<i64, (String, serde_json::Value, Option<i64>, i64)> = rows
        .iter()
        .map(|row| {
            let attributes = serde_json::from_str(row.get(2)).unwrap_or_default();
            (row.get(0), (row.get(1), attributes, row.get(3), row.get(4)))
        })
        .collect();
    let reader = file("market_data.listings")?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let place = |name: &str| {
        (0..schema.num_columns())
            .find(|at| schema.column(*at).name() == name)
            .ok_or_else(|| anyhow::anyhow!("no column {name}"))
    };
    let (id, title, attributes) = (place("id")?, place("title")?, place("attributes")?);
    let (shop, expires) = (place("owner_shop_id")?, place("expires_at")?);
    let mut exported = BTreeMap::new();
    for row in reader.get_row_iter(None)? {
        let row = row?;
        let json = serde_json::from_str(row.get_string(attributes)?)?;
        exported.insert(
            row.get_long(id)?,
            (
                row.get_string(title)?.clone(),
                json,
                row.get_long(shop).ok(),
                row.get_timestamp_micros(expires)?,
            ),
        );
    }
    assert_eq!(exported, there);
    Ok(())
}

#[tokio::test]
async fn a_folder_that_holds_something_is_left_alone() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("thesis.txt"), "mine")?;
    let refused = export(&db, &options(1), (folder.path(), Format::Csv)).await;
    assert!(
        matches!(refused, Err(Error::FolderNotEmpty(_))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
    Ok(())
}
