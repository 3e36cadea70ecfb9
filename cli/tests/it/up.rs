//! `kardan up`: the main job, from nothing to an answer over HTTP and back.

use std::net::TcpListener;

use kardan_testdb::Database;

use crate::process::{Up, kardan, run};

async fn get(url: &str) -> anyhow::Result<(u16, serde_json::Value)> {
    let answer = reqwest::get(url).await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

#[tokio::test]
async fn one_command_gives_a_marketplace_that_can_be_searched_and_a_second_start_keeps_it()
-> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut up = Up::embedded(&data);
    up.wait_for("Ctrl-C stops everything");
    let api = up.word_after("API");
    let (status, found) = get(&format!("{api}/listings?query=w712-95")).await?;
    assert_eq!(status, 200);
    let first = found
        .pointer("/items/0/title")
        .and_then(|title| title.as_str());
    assert_eq!(first, Some("Фильтр масляный Mann W 712/95"), "{found}");
    let cover = found
        .pointer("/items/0/cover/small")
        .and_then(|path| path.as_str())
        .unwrap_or_default();
    let picture = reqwest::get(api.replace("/v1", cover)).await?;
    assert_eq!(picture.headers()["content-type"], "image/webp", "{found}");
    assert!(data.join("photos").is_dir());
    let ready = reqwest::get(up.word_after("Ready")).await?;
    assert_eq!(ready.status(), 200, "{}", ready.text().await?);
    let moderator = up.word_after("moderator");
    let queue = reqwest::Client::new()
        .get(format!("{api}/moderation/queue"))
        .bearer_auth(&moderator)
        .send()
        .await?
        .json::<serde_json::Value>()
        .await?;
    assert_eq!(
        queue
            .get("items")
            .and_then(|items| items.as_array())
            .map(Vec::len),
        Some(3),
        "{queue}"
    );

    let (code, out, _) = run(kardan().args(["url", "--data-dir"]).arg(&data));
    assert_eq!(code, 0);
    let (code, report, _) = run(kardan().args(["doctor", "--database-url", out.trim()]));
    assert_eq!(code, 0, "{report}");

    // Another one on the same data is told who has it.
    let (code, _, err) = run(kardan()
        .args(["up", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(&data));
    assert_eq!(code, 1);
    assert!(err.contains("in use"), "{err}");

    assert_eq!(up.stop(), 0);
    let (code, _, err) = run(kardan().args(["url", "--data-dir"]).arg(&data));
    assert_eq!(code, 1);
    assert!(err.contains("kardan up"), "{err}");

    let mut again = Up::embedded(&data);
    again.wait_for("Ctrl-C stops everything");
    assert_eq!(again.word_after("moderator"), moderator);
    assert!(
        again.said.contains("0 migrations applied") && !again.said.contains("demo data"),
        "{}",
        again.said
    );
    assert_eq!(again.stop(), 0);
    Ok(())
}

#[tokio::test]
async fn a_server_that_exists_is_used_instead_and_the_api_does_not_act_as_its_superuser()
-> anyhow::Result<()> {
    let db = Database::empty().await?;
    let folder = tempfile::tempdir()?;
    let mut up = Up::start(
        kardan()
            .args([
                "up",
                "--listen",
                "127.0.0.1:0",
                "--database-url",
                &db.url_as("postgres"),
                "--data-dir",
            ])
            .arg(folder.path()),
    );
    up.wait_for("Ctrl-C stops everything");
    let (status, found) = get(&format!("{}/listings", up.word_after("API"))).await?;
    assert_eq!(status, 200, "{found}");
    let acting: Vec<String> = db
        .superuser()
        .await?
        .query(
            "select distinct a.query from pg_stat_activity as a
             where a.datname = $1 and a.query ~ 'market.listing_search'",
            &[&db.name()],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(!acting.is_empty());
    assert_eq!(up.stop(), 0);
    Ok(())
}

#[test]
fn a_taken_port_is_found_before_anything_is_started() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (code, _, err) = run(kardan()
        .args(["up", "--listen", &address, "--data-dir"])
        .arg(&data));
    assert_eq!(code, 1);
    assert!(err.contains(&address) && err.contains("--listen"), "{err}");
    assert!(!data.exists());
}

#[test]
fn fresh_destroys_nothing_unless_somebody_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("precious"), "x").unwrap();
    let (code, _, err) = run(kardan().args(["up", "--fresh", "--data-dir"]).arg(&data));
    assert_eq!(code, 5);
    assert!(err.contains("--yes"), "{err}");
    let (code, out, _) = run(kardan()
        .args(["up", "--fresh", "--dry-run", "--data-dir"])
        .arg(&data));
    assert_eq!(code, 0);
    assert!(out.contains("would delete"), "{out}");
    assert!(data.join("precious").exists());
}

#[test]
fn fresh_throws_the_photos_away_with_the_data_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let old = data.join("photos/ab/old.webp");
    std::fs::create_dir_all(old.parent().unwrap()).unwrap();
    std::fs::write(&old, "x").unwrap();
    let mut up = Up::start(
        kardan()
            .args(["up", "--fresh", "--yes", "--listen", "127.0.0.1:0"])
            .arg("--data-dir")
            .arg(&data),
    );
    up.wait_for("Ctrl-C stops everything");
    assert!(!old.exists());
    assert!(data.join("photos").exists());
    assert_eq!(up.stop(), 0);
}

#[test]
fn a_missing_postgresql_is_named_with_its_package() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("bin");
    std::fs::create_dir(&empty).unwrap();
    let (code, _, err) = run(kardan()
        .env("KARDAN_PG_BIN", &empty)
        .args(["up", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path().join("data")));
    assert_eq!(code, 1);
    assert!(err.contains("postgresql"), "{err}");
}

#[test]
fn an_unreachable_server_ends_with_3() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(kardan()
        .args([
            "up",
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            "postgres://a@127.0.0.1:1/b",
            "--data-dir",
        ])
        .arg(folder.path()));
    assert_eq!(code, 3);
    assert!(err.contains("cannot connect to 127.0.0.1:1/b"), "{err}");
}
