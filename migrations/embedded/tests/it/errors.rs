//! Each mistake and what the person is told to do about it.

use std::error::Error as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use kardan_embedded::{Config, Error, Installation, Server, require_extension};

use crate::support::{SmallDisk, is_root, needs_root, open_folder, refused, start};

#[tokio::test]
async fn no_postgresql_names_the_package() {
    let folder = open_folder();
    let mut config = Config::for_tests(folder.path().join("data"));
    config.bin_dir = Some(folder.path().join("nothing/bin"));
    let error = refused(config).await;
    assert!(matches!(error, Error::NoPostgres { .. }), "{error}");
    assert!(
        error.to_string().contains("package `postgresql`"),
        "{error}"
    );
    assert!(error.to_string().contains("nothing/bin"), "{error}");
    assert!(
        !folder.path().join("data").exists(),
        "nothing is made before that is known"
    );
}

#[tokio::test]
async fn an_old_postgresql_is_named_with_its_version() {
    let folder = open_folder();
    script(
        &folder.path().join("postgres"),
        "echo 'postgres (PostgreSQL) 14.9 (Debian 14.9-1)'",
    );
    script(&folder.path().join("initdb"), "exit 1");
    let mut config = Config::for_tests(folder.path().join("data"));
    config.bin_dir = Some(folder.path().to_path_buf());
    let error = refused(config).await;
    assert!(
        matches!(&error, Error::TooOld { version, .. } if version == "14.9"),
        "{error}"
    );
    assert!(error.to_string().contains("15 or newer"), "{error}");
}

#[tokio::test]
async fn a_program_that_is_no_postgresql_is_named() {
    let folder = open_folder();
    script(&folder.path().join("postgres"), "exit 3");
    script(&folder.path().join("initdb"), "exit 3");
    let error = Installation::find(Some(folder.path())).unwrap_err();
    assert!(matches!(error, Error::BrokenProgram { .. }), "{error}");
    assert!(error.to_string().contains("exit status: 3"), "{error}");
}

#[test]
fn a_missing_extension_names_its_package() {
    let major = Installation::find(None).unwrap().major();
    require_extension(None, "plpgsql").unwrap();
    let error = require_extension(None, "pg_no_such_thing").unwrap_err();
    assert!(matches!(error, Error::ExtensionMissing { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains(&format!("postgresql-{major}-no-such-thing")),
        "{error}"
    );
}

#[tokio::test]
async fn a_port_taken_by_another_program_is_named() {
    let folder = open_folder();
    let other = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = other.local_addr().unwrap().port();
    let mut config = Config::for_tests(folder.path());
    config.port = Some(port);
    let error = refused(config).await;
    assert!(
        matches!(error, Error::PortTaken { port: p } if p == port),
        "{error}"
    );
    assert!(
        error.to_string().contains(&format!("port {port} ")),
        "{error}"
    );
    assert!(
        !folder.path().join("pg").exists(),
        "no cluster is made for nothing"
    );
}

#[tokio::test]
async fn data_of_another_major_version_is_left_alone() {
    let folder = open_folder();
    fs::create_dir(folder.path().join("pg")).unwrap();
    fs::write(folder.path().join("pg/PG_VERSION"), "13\n").unwrap();
    let error = refused(Config::for_tests(folder.path())).await;
    assert!(
        matches!(&error, Error::OtherMajor { found, .. } if found == "13"),
        "{error}"
    );
    assert!(
        error.to_string().contains("/usr/lib/postgresql/13/bin"),
        "{error}"
    );
    assert_eq!(fs::read_dir(folder.path().join("pg")).unwrap().count(), 1);
}

#[tokio::test]
async fn files_that_are_no_cluster_are_left_alone() {
    let folder = open_folder();
    fs::create_dir(folder.path().join("pg")).unwrap();
    fs::write(folder.path().join("pg/letter.txt"), "dear").unwrap();
    let error = refused(Config::for_tests(folder.path())).await;
    assert!(matches!(error, Error::NotACluster { .. }), "{error}");
    assert!(folder.path().join("pg/letter.txt").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = open_folder();
    let disk;
    let closed = if is_root() {
        // Root may write everywhere but on a disk that is read only.
        disk = SmallDisk::mount("size=1m,mode=755");
        disk.remount("ro");
        disk.path().to_path_buf()
    } else {
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
        closed
    };
    let error = refused(Config::for_tests(closed.join("data"))).await;
    assert!(matches!(error, Error::NotWritable { .. }), "{error}");
    assert!(
        error.to_string().contains(closed.to_str().unwrap()),
        "{error}"
    );
    assert!(
        error.source().is_some(),
        "the system's own word is the cause"
    );
}

#[tokio::test]
async fn a_path_through_a_file_is_named() {
    let folder = open_folder();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = refused(Config::for_tests(folder.path().join("file"))).await;
    assert!(matches!(error, Error::System { .. }), "{error}");
    assert!(
        error.to_string().contains("make the data folder"),
        "{error}"
    );
}

#[tokio::test]
async fn a_disk_too_small_for_a_cluster_is_named_before_one_is_begun() {
    if !needs_root("mount a small disk") {
        return;
    }
    let disk = SmallDisk::mount("size=20m,mode=755");
    let error = refused(Config::for_tests(disk.path().join("data"))).await;
    assert!(matches!(error, Error::DiskFull { .. }), "{error}");
    assert!(error.to_string().contains("at least 200 MiB"), "{error}");
    assert!(!disk.path().join("data/pg").exists());
}

#[tokio::test]
async fn a_disk_that_filled_up_is_named_and_the_data_survives_it() {
    if !needs_root("mount a small disk") {
        return;
    }
    let disk = SmallDisk::mount("size=230m,mode=755");
    let data = disk.path().join("data");
    start(&data).await.stop().await.unwrap();
    let filler = disk.path().join("filler");
    // Not one page free: even our own small files do not fit. One page free: ours fit, and the
    // server finds no room for its own.
    for pages in [0, 1] {
        fill(&filler, pages);
        let error = refused(Config::for_tests(&data)).await;
        assert!(
            matches!(error, Error::DiskFull { .. }),
            "{pages} pages: {error}"
        );
        assert!(error.to_string().contains("free some space"), "{error}");
        fs::remove_file(&filler).unwrap();
    }
    let server = start(&data).await;
    assert!(!server.fresh());
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_refuses_to_start_says_why() {
    let folder = open_folder();
    let mut config = Config::for_tests(folder.path());
    config.settings = vec![("shared_buffers".to_owned(), "very much".to_owned())];
    let error = refused(config).await;
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert!(error.to_string().contains("shared_buffers"), "{error}");
    assert!(error.to_string().contains("server.log"), "{error}");

    let server = start(folder.path()).await;
    assert!(!server.fresh(), "the cluster itself was made and is kept");
}

#[tokio::test]
async fn a_failing_initdb_is_quoted() {
    let folder = open_folder();
    script(
        &folder.path().join("postgres"),
        "echo 'postgres (PostgreSQL) 15.1'",
    );
    script(
        &folder.path().join("initdb"),
        "echo 'initdb: error: the moon is full' >&2; exit 1",
    );
    let mut config = Config::for_tests(folder.path().join("data"));
    config.bin_dir = Some(folder.path().to_path_buf());
    let error = refused(config).await;
    assert!(matches!(error, Error::Initdb { .. }), "{error}");
    assert!(error.to_string().contains("the moon is full"), "{error}");
    assert!(!folder.path().join("data/pg.new").exists());
}

#[tokio::test]
async fn a_start_that_takes_too_long_is_given_up_and_stopped() {
    let folder = open_folder();
    start(folder.path()).await.stop().await.unwrap();
    let mut config = Config::for_tests(folder.path());
    config.start_timeout = Duration::ZERO;
    let error = refused(config).await;
    assert!(matches!(error, Error::Slow { .. }), "{error}");
    let server = Server::start(Config::for_tests(folder.path())).await;
    assert!(server.is_ok(), "nothing is left in the way");
}

/// Fills the disk of `file` and then frees so many pages of 4096 bytes.
fn fill(file: &Path, pages: u64) {
    use std::io::Write as _;
    let mut out = fs::File::create(file).unwrap();
    let page = [1_u8; 4096];
    let mut written = 0;
    while out.write_all(&page).is_ok() {
        written += 4096;
    }
    out.set_len(written - pages * 4096).unwrap();
}

fn script(path: &Path, body: &str) {
    fs::write(path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
