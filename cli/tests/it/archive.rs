//! The continuous archive, as a server calls it and as whoever is woken at night uses it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use kardan_embedded::{Config, Server};
use tokio_postgres::{Client, NoTls};

use crate::process::{Up, kardan, run};

async fn connect(server: &Server) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(&server.url("postgres"), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A folder that the server's user may enter.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), mode).unwrap();
    folder
}

fn backup(repository: &Path, url: &str, args: &[&str]) -> (i32, String, String) {
    let mut command = kardan();
    command
        .args(["backup", "--repository"])
        .arg(repository)
        .args(args)
        .env("DATABASE_URL", url);
    run(&mut command)
}

/// The segments of an archive, the oldest first.
fn stored(repository: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(repository.join("wal/0000000100000000"))
        .unwrap()
        .map(|found| found.unwrap().path())
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_table_that_was_dropped_comes_back_from_the_moment_before() -> anyhow::Result<()> {
    let folder = folder();
    let repository = folder.path().join("backups");
    let server = Server::start(Config::for_tests(folder.path().join("server"))).await?;
    let (client, url) = (connect(&server).await?, server.url("postgres"));
    let ask = |args: &[&str]| backup(&repository, &url, args);
    let (code, _, err) = ask(&["take"]);
    assert_eq!(code, 0, "{err}");
    let (code, out, _) = ask(&["wal", "list"]);
    assert_eq!((code, out.as_str()), (1, ""), "nothing is archived yet");
    let archiver = Up::start(
        kardan()
            .args(["backup", "archive", "run", "--repository"])
            .arg(&repository)
            .arg("--spool")
            .arg(folder.path().join("spool"))
            .env("DATABASE_URL", &url),
    );
    client
        .batch_execute("create table parts as select n from generate_series(1, 1000) as n")
        .await?;
    // The first segments may be closed before the archiver has come.
    let deadline = Instant::now() + Duration::from_secs(120);
    while ask(&["wal", "switch", "--wait", "2"]).0 != 0 {
        assert!(Instant::now() < deadline, "nothing was archived");
    }
    let (code, out, err) = ask(&["point", "before the sale", "--json"]);
    assert_eq!(code, 0, "{out}{err}");
    client.batch_execute("drop table parts").await?;
    let (code, out, _) = ask(&["wal", "switch"]);
    assert_eq!(code, 0, "{out}");

    let (code, out, err) = ask(&["plan", "--target-name", "before the sale", "--json"]);
    assert_eq!(code, 0, "{err}");
    let plan: serde_json::Value = serde_json::from_str(&out)?;
    assert_eq!(plan["fits"], true);
    let (code, _, err) = ask(&["plan", "--target-time", "2026-01-01 03:10"]);
    assert_eq!(code, 1);
    assert!(err.contains("'2026-01-01 03:10:00Z' for UTC"), "{err}");
    let (code, _, err) = ask(&["plan"]);
    assert_eq!(code, 1);
    assert!(err.contains("--target-time"), "{err}");

    let again = folder.path().join("again");
    let to = again.to_str().unwrap();
    let (code, out, err) = ask(&["restore", "--target-name", "before the sale", "--to", to]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("all there") && out.contains("kardan up --data-dir"),
        "{out}"
    );
    let copy = Server::start(Config::for_tests(&again)).await?;
    let rows: i64 = connect(&copy)
        .await?
        .query_one("select count(*) from parts", &[])
        .await?
        .get(0);
    assert_eq!(rows, 1000);
    copy.stop().await?;

    let (_, out, _) = ask(&["metrics"]);
    assert!(
        out.contains("kardan_backup_archive_missing_segments 0\n"),
        "{out}"
    );
    assert!(out.contains("kardan_backup_archive_lag_bytes "), "{out}");
    let (code, out, _) = ask(&["archive", "status", "--json"]);
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = ask(&["doctor"]);
    assert_eq!(code, 4, "no drill yet: {out}");
    assert!(out.contains("FAILURE   proof         none yet"), "{out}");
    assert!(out.contains("ok        archive"), "{out}");
    let (code, out, _) = ask(&[
        "retention",
        "simulate",
        "--keep",
        "3",
        "--for",
        "5",
        "--json",
    ]);
    assert_eq!(code, 0);
    let days: serde_json::Value = serde_json::from_str(&out)?;
    assert_eq!(days[4]["backups"], 3);
    assert!(days[4]["every_moment_since"].is_string(), "{days}");
    assert_eq!(archiver.stop(), 0);
    Ok(())
}

#[tokio::test]
async fn a_server_archives_by_its_own_command_and_recovers_by_it_and_stops_at_what_is_broken()
-> anyhow::Result<()> {
    let folder = folder();
    // The server's user reaches neither the folder of this build nor what root has made.
    let (program, repository) = (folder.path().join("kardan"), folder.path().join("backups"));
    let built = env!("CARGO_BIN_EXE_kardan");
    if fs::hard_link(built, &program).is_err() {
        fs::copy(built, &program)?;
    }
    let mut config = Config::for_tests(folder.path().join("server"));
    let command = |verb: &str| {
        let (program, repository) = (program.display(), repository.display());
        format!("{program} backup wal {verb} --repository {repository}")
    };
    config.settings = vec![
        ("archive_mode".to_owned(), "on".to_owned()),
        ("archive_command".to_owned(), command("push \"%p\"")),
    ];
    let server = Server::start(config).await?;
    let (client, url) = (connect(&server).await?, server.url("postgres"));
    let ask = |args: &[&str]| backup(&repository, &url, args);
    // Until there is a repository the server keeps its segments.
    let (code, _, err) = ask(&["take", "--no-count"]);
    assert_eq!(code, 0, "{err}");
    let own = Command::new("chown")
        .args(["-R", "--reference"])
        .arg(server.data_dir().join("pg"))
        .arg(&repository)
        .status()?;
    assert!(own.success());
    for n in 0..3 {
        let sql = format!("create table t{n} as select 1 as n; select pg_switch_wal()");
        client.batch_execute(&sql).await?;
    }
    let (code, out, err) = ask(&["wal", "switch", "--wait", "120"]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = ask(&["wal", "verify"]);
    assert_eq!(code, 0, "{out}");

    // Recovered as a server does it itself, up to the end.
    let again = async |name: &str| -> anyhow::Result<_> {
        let to = folder.path().join(name);
        let (code, _, err) = ask(&["restore", "latest", "--to", to.to_str().unwrap()]);
        assert_eq!(code, 0, "{err}");
        let path = to.join("pg/postgresql.auto.conf");
        let settings: String = fs::read_to_string(&path)?
            .lines()
            .filter(|line| !line.starts_with("recovery_target_name"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let settings = format!(
            "{settings}restore_command = '{}'\n",
            command("get %f \"%p\"")
        );
        fs::write(path, settings)?;
        Ok(Server::start(Config::for_tests(to)).await)
    };
    let copy = again("whole").await??;
    connect(&copy).await?.query("select from t2", &[]).await?;
    copy.stop().await?;

    let segments = stored(&repository);
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap()[..24].to_owned();
    let broken = &segments[segments.len() - 2];
    let whole = fs::read(broken)?;
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(broken, bytes)?;
    let log = |name: &str| fs::read_to_string(folder.path().join(name).join("log/server.log"));
    assert!(
        again("broken").await?.is_err(),
        "it must not open with less"
    );
    let stopped = log("broken")?;
    assert!(stopped.contains(" is damaged: "), "{stopped}");
    assert!(
        stopped.contains("FATAL:  could not restore file"),
        "{stopped}"
    );
    let (code, out, _) = ask(&["wal", "verify"]);
    assert_eq!(code, 4);
    assert!(out.contains(&name(broken)), "{out}");
    let to = folder.path().join("RECOVERYXLOG");
    let get = |name: &str| ask(&["wal", "get", name, to.to_str().unwrap()]);
    assert_eq!(
        get(&name(broken)).0,
        200,
        "a server stops for more than 125"
    );

    fs::remove_file(broken)?;
    let (code, _, err) = get(&name(broken));
    assert_eq!(code, 200, "{err}");
    assert!(err.contains("later ones are there"), "{err}");
    assert!(
        again("missing").await?.is_err(),
        "it must not open with less"
    );
    let stopped = log("missing")?;
    assert!(
        stopped.contains("FATAL:  could not restore file"),
        "{stopped}"
    );
    let (code, out, _) = ask(&["wal", "list"]);
    assert_eq!(code, 4);
    assert!(out.contains("MISSING"), "{out}");
    let (code, _, err) = get("0000000100000000000000F0");
    assert_eq!((code, err.as_str()), (1, ""), "the end is no alarm");
    Ok(())
}

#[tokio::test]
async fn a_push_that_is_killed_in_the_middle_stores_nothing_and_the_next_one_does()
-> anyhow::Result<()> {
    let folder = folder();
    let repository = folder.path().join("backups");
    let server = Server::start(Config::for_tests(folder.path().join("server"))).await?;
    let (client, url) = (connect(&server).await?, server.url("postgres"));
    let (code, _, err) = backup(&repository, &url, &["take", "--no-count"]);
    assert_eq!(code, 0, "{err}");
    let row = client
        .query_one(
            "select pg_create_physical_replication_slot('test', true), pg_walfile_name(pg_switch_wal())",
            &[],
        )
        .await?;
    let name: String = row.get(1);
    let segment = server.data_dir().join("pg/pg_wal").join(&name);
    let bytes = fs::read(&segment)?;
    // A pipe: the program cannot have read more than was written into it.
    let pipe = folder.path().join(&name);
    assert!(Command::new("mkfifo").arg(&pipe).status()?.success());
    let mut push = kardan()
        .args(["backup", "wal", "push"])
        .arg(&pipe)
        .arg("--repository")
        .arg(&repository)
        .spawn()?;
    let mut into = File::options().write(true).open(&pipe)?;
    into.write_all(&bytes[..bytes.len() / 2])?;
    push.kill()?;
    assert!(!push.wait()?.success());
    drop(into);
    let (code, _, _) = backup(&repository, &url, &["wal", "list"]);
    assert_eq!(code, 1, "nothing is archived");
    let (code, _, err) = backup(
        &repository,
        &url,
        &["wal", "push", segment.to_str().unwrap()],
    );
    assert_eq!(code, 0, "{err}");
    let (code, out, _) = backup(&repository, &url, &["wal", "verify"]);
    assert_eq!(code, 0, "{out}");
    Ok(())
}

#[tokio::test]
async fn the_server_of_kardan_up_is_archived_by_one_command_and_a_drill_is_noted_in_it()
-> anyhow::Result<()> {
    let folder = folder();
    let data = folder.path().join("data");
    let mut up = Up::start(
        kardan()
            .args(["up", "--no-demo", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data),
    );
    up.wait_for("Ready");
    let ask = |args: &[&str]| {
        let mut command = kardan();
        run(command
            .arg("backup")
            .args(args)
            .arg("--data-dir")
            .arg(&data))
    };
    let (code, out, err) = ask(&["archive", "on"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("next: kardan backup take"), "{out}");
    up.wait_for("WAL is archived into");
    for verb in ["take", "drill"] {
        let (code, _, err) = ask(&[verb]);
        assert_eq!(code, 0, "{err}");
    }
    let url = fs::read_to_string(data.join("url"))?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    let noted = client
        .query("select verdict from ops.backup_drill_list(20)", &[])
        .await?;
    assert_eq!(noted.len(), 1);
    assert_eq!(noted.first().unwrap().get::<_, &str>(0), "good");
    let before: chrono::DateTime<chrono::Utc> = client
        .query_one("select clock_timestamp()", &[])
        .await?
        .get(0);
    client.batch_execute("create table later (n int)").await?;
    drop(client);
    // A server that is asked to stop leaves nothing behind that is not archived.
    assert_eq!(up.stop(), 0);
    let (code, out, _) = ask(&["wal", "verify"]);
    assert_eq!(code, 0, "{out}");
    let target = before.to_rfc3339();
    let (code, out, err) = ask(&["plan", "--target-time", &target]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = ask(&["archive", "off"]);
    assert_eq!(code, 0, "{out}");
    assert!(!data.join("archive.json").exists());
    Ok(())
}
