//! `kardan backup`, as whoever is woken at night uses it.

use std::fs;
use std::path::Path;

use kardan_embedded::{Config, Server};

use crate::process::{kardan, run};

/// A server with a table, and where its backups go.
struct Place {
    server: Server,
    folder: tempfile::TempDir,
}

impl Place {
    async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path(), mode)?;
        let server = Server::start(Config::for_tests(folder.path().join("server"))).await?;
        let (client, connection) =
            tokio_postgres::connect(&server.url("postgres"), tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client
            .batch_execute("create table t as select n from generate_series(1, 1000) as n")
            .await?;
        Ok(Self { server, folder })
    }

    fn backups(&self) -> std::path::PathBuf {
        self.folder.path().join("backups")
    }

    fn kardan(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = kardan();
        command
            .args(["backup", "--repository"])
            .arg(self.backups())
            .args(args)
            .env("DATABASE_URL", self.server.url("postgres"));
        run(&mut command)
    }
}

#[tokio::test]
async fn a_backup_is_taken_proved_listed_restored_and_at_last_deleted() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (code, out, err) = place.kardan(&["take", "--label", "before the sale", "--json"]);
    assert_eq!(code, 0, "{err}");
    let entry: serde_json::Value = serde_json::from_str(&out)?;
    let id = entry["id"].as_str().unwrap().to_owned();
    assert_eq!(entry["counted"]["rows"], 1000);

    let (code, out, err) = place.kardan(&["drill"]);
    assert_eq!(code, 0, "{err}{out}");
    assert!(out.contains("1000 rows of 1 tables are equal"), "{out}");
    let (_, out, _) = place.kardan(&["list"]);
    assert!(
        out.contains("before the sale") && out.contains("good"),
        "{out}"
    );
    let (_, out, _) = place.kardan(&["metrics"]);
    assert!(out.contains("kardan_backup_last_drill_good 1\n"), "{out}");

    let again = place.folder.path().join("again");
    let to = again.to_str().unwrap();
    let (code, out, _) = place.kardan(&["restore", &id, "--to", to, "--dry-run"]);
    assert_eq!(code, 0);
    assert!(out.contains("nothing was done") && !again.exists(), "{out}");
    let (code, out, err) = place.kardan(&["restore", &id, "--to", to]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("next: kardan up --data-dir"), "{out}");
    assert!(again.join("pg/PG_VERSION").is_file());
    let (code, _, err) = place.kardan(&["restore", &id, "--to", to]);
    assert_eq!(code, 5, "what is there is not overwritten: {err}");

    let (code, out, err) = place.kardan(&["take", "--logical", "--json"]);
    assert_eq!(code, 0, "{err}");
    let dump: serde_json::Value = serde_json::from_str(&out)?;
    let (code, _, err) = place.kardan(&[
        "restore",
        dump["id"].as_str().unwrap(),
        "--database",
        "yesterday",
    ]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = place.kardan(&["drill", dump["id"].as_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(err.contains("physical is needed"), "{err}");

    let (code, out, _) = place.kardan(&["expire", "--keep", "0", "--yes"]);
    assert_eq!(code, 0);
    assert!(!out.contains("goes"), "the newest of a kind stays: {out}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_backup_has_an_exit_code_of_its_own() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (code, _, err) = place.kardan(&["take"]);
    assert_eq!(code, 0, "{err}");
    let folder = fs::read_dir(place.backups().join("backups"))?
        .next()
        .unwrap()?
        .path();
    let mut bytes = fs::read(folder.join("base.tar.zst"))?;
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle).unwrap() ^= 1;
    fs::write(folder.join("base.tar.zst"), bytes)?;
    for verb in ["verify", "drill"] {
        let (code, out, _) = place.kardan(&[verb]);
        assert_eq!(code, 4, "{out}");
        assert!(out.contains("its content has changed"), "{out}");
    }
    let (_, out, _) = place.kardan(&["metrics"]);
    assert!(out.contains("kardan_backup_last_drill_good 0\n"), "{out}");
    Ok(())
}

#[test]
fn without_a_server_or_a_backup_the_next_step_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |args: &[&str], url: Option<&str>| {
        let mut command = kardan();
        command
            .arg("backup")
            .args(args)
            .arg("--data-dir")
            .arg(folder.path());
        if let Some(url) = url {
            command.env("DATABASE_URL", url);
        }
        run(&mut command)
    };
    let (code, _, err) = ask(&["take"], None);
    assert_eq!(code, 1);
    assert!(err.contains("kardan up"), "{err}");
    let (code, _, err) = ask(&["take"], Some("postgres://postgres@127.0.0.1:1/kardan"));
    assert_eq!(code, 3, "{err}");
    let (code, _, err) = ask(&["drill"], None);
    assert_eq!(code, 1);
    assert!(err.contains("kardan backup take"), "{err}");
    assert!(!Path::new(folder.path()).join("backups").exists());
}
