//! A backup that is good is found good, whatever happens on the server meanwhile.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kardan_backup::{Kind, Progress, Repository, Verdict, restore};
use kardan_embedded::{Config, Server};

use crate::support::{Shop, connect};

#[tokio::test]
async fn a_backup_taken_while_people_write_comes_back_row_by_row() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for number in 0..2 {
        // Rows of its own: two that meet in another order would lock each other out.
        let work = format!(
            "insert into parts (name, price) values ('new', random()); update parts set price = price + 1 where id % 997 = {number}"
        );
        let (client, stop) = (connect(&shop.server.url("shop")).await?, Arc::clone(&stop));
        writers.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                client.batch_execute(&work).await?;
            }
            anyhow::Ok(())
        }));
    }
    let entry = shop.take().await?;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await??;
    }
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Good, "{:?}", report.checks);
    assert_eq!(report.id, entry.id);
    assert_eq!(
        report
            .checks
            .iter()
            .map(|check| check.name.as_str())
            .collect::<Vec<_>>(),
        [
            "stored",
            "restore",
            "recovery",
            "rows",
            "definitions",
            "indexes",
            "pages"
        ]
    );
    let counted = entry.counted.unwrap();
    assert!(counted.rows >= 20_003, "{counted:?}");
    // parts, "Odd name", days_1: what is not logged does not come back, and is not promised.
    assert_eq!(counted.tables, 3);
    Ok(())
}

#[tokio::test]
async fn a_drill_leaves_a_report_and_nothing_else() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.take().await?;
    let report = shop.drill(None, "latest").await?;
    let left = fs::read_dir(shop.repository().join("scratch"))?.count();
    assert_eq!(left, 0);
    let kept: Vec<_> = fs::read_dir(shop.repository().join("drills"))?.collect();
    assert_eq!(kept.len(), 1);
    let text = fs::read_to_string(kept[0].as_ref().unwrap().path())?;
    let told: serde_json::Value = serde_json::from_str(&text)?;
    assert_eq!(told["verdict"], "good");
    assert_eq!(told["id"], report.id.as_str());
    Ok(())
}

#[tokio::test]
async fn without_counted_rows_a_backup_is_unproven() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.take_with(None, Kind::Physical, false).await?;
    let report = shop.drill(None, "latest").await?;
    assert_eq!(report.verdict, Verdict::Unproven, "{:?}", report.checks);
    Ok(())
}

#[tokio::test]
async fn a_restored_folder_starts_as_a_server_with_everything_up_to_the_backup()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let entry = shop.take().await?;
    shop.client.batch_execute("drop table parts").await?;
    let folder = shop.folder.path().join("again");
    let repository = Repository::open(&shop.repository(), None)?;
    let bin_dir = shop.server.installation().bin_dir();
    restore(
        &repository,
        &entry,
        &folder,
        Some(bin_dir),
        &Arc::new(Progress::default()),
    )
    .await?;
    let server = Server::start(Config::for_tests(&folder)).await?;
    let client = connect(&server.url("shop")).await?;
    let rows: i64 = client
        .query_one("select count(*) from parts", &[])
        .await?
        .get(0);
    assert_eq!(rows, 20_000);
    client
        .batch_execute("insert into parts (name) values ('after')")
        .await?;
    server.stop().await?;
    Ok(())
}
