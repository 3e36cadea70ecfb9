//! Where data can be: odd names, long names, folders the server's user cannot enter; removing it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use kardan_embedded::{Config, Error, remove};

use crate::support::{connect, is_root, needs_root, open_folder, refused, start, value};

#[tokio::test]
async fn a_path_may_have_spaces_quotes_and_cyrillic_letters() {
    let folder = open_folder();
    for name in ["мои запчасти 100%", "it's, a \"test\" \\ here"] {
        let server = start(folder.path().join(name).join("data")).await;
        let client = connect(&server.url("postgres")).await;
        let pg = value(&client, "show data_directory").await;
        assert_eq!(Path::new(&pg), folder.path().join(name).join("data/pg"));
        let socket = value(&client, "show unix_socket_directories").await;
        assert_eq!(
            socket.trim_matches('"'),
            server.socket_dir().to_str().unwrap()
        );
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_private_folder() {
    let folder = open_folder();
    let data = folder
        .path()
        .join("очень-длинное-имя".repeat(7))
        .join("x".repeat(200));
    let server = start(&data).await;
    let socket_dir = server.socket_dir().to_path_buf();
    assert!(socket_dir.starts_with("/tmp") && socket_dir.as_os_str().len() <= 92);
    let meta = fs::symlink_metadata(&socket_dir).unwrap();
    assert_eq!(meta.mode() & 0o777, 0o700);
    assert_eq!(meta.uid(), fs::metadata(data.join("pg")).unwrap().uid());
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "select 'here'").await, "here");
    server.stop().await.unwrap();

    assert!(!socket_dir.exists(), "it goes with the server");

    // Somebody who knows the name puts a link, or an open folder, in its place.
    std::os::unix::fs::symlink(folder.path(), &socket_dir).unwrap();
    let error = refused(Config::for_tests(&data)).await;
    assert!(matches!(error, Error::UnsafeSocketDir { .. }), "{error}");
    fs::remove_file(&socket_dir).unwrap();
    fs::create_dir(&socket_dir).unwrap();
    fs::set_permissions(&socket_dir, fs::Permissions::from_mode(0o777)).unwrap();
    let error = refused(Config::for_tests(&data)).await;
    assert!(error.to_string().contains("open to other users"), "{error}");
    fs::remove_dir(&socket_dir).unwrap();

    start(&data).await.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_the_servers_user_cannot_enter_is_replaced_by_another() {
    if !needs_root("own a folder that the server's user cannot enter") {
        return;
    }
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let data = closed.path().join("project/.kardan/data");
    let server = start(&data).await;
    let used = server.data_dir().to_path_buf();
    assert!(used.starts_with("/var/lib/kardan"), "{}", used.display());
    assert!(!data.exists());
    let client = connect(&server.url("postgres")).await;
    client.batch_execute("create table kept ()").await.unwrap();
    server.stop().await.unwrap();

    let server = start(&data).await;
    assert!(!server.fresh());
    assert_eq!(server.data_dir(), used);
    server.stop().await.unwrap();
    remove(&data).await.unwrap();
    assert!(!used.exists());
}

#[tokio::test]
async fn a_cluster_that_root_brought_back_is_given_to_the_servers_user() {
    if !needs_root("own a cluster that another user must run") {
        return;
    }
    let folder = open_folder();
    start(folder.path()).await.stop().await.unwrap();
    let pg = folder.path().join("pg");
    let status = std::process::Command::new("chown")
        .args(["-R", "root:root"])
        .arg(&pg)
        .status();
    assert!(status.unwrap().success());
    let server = start(folder.path()).await;
    assert_ne!(fs::metadata(pg.join("base")).unwrap().uid(), 0);
    assert!(!server.fresh());
}

#[tokio::test]
async fn an_interrupted_initdb_is_begun_anew() {
    let folder = open_folder();
    fs::create_dir_all(folder.path().join("pg.new/base")).unwrap();
    fs::write(folder.path().join("pg.new/PG_VERSION"), "15\n").unwrap();
    let server = start(folder.path()).await;
    assert!(server.fresh());
    assert!(!folder.path().join("pg.new").exists());
}

#[tokio::test]
async fn removing_takes_only_what_the_server_made_and_never_a_running_one() {
    let folder = open_folder();
    let data = folder.path().join("data");
    remove(&data).await.unwrap();
    assert!(!data.exists(), "removing nothing makes nothing");

    let server = start(&data).await;
    let error = remove(&data)
        .await
        .expect_err("a running server is not removed");
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    connect(&server.url("postgres")).await;
    server.stop().await.unwrap();

    fs::write(data.join("notes.txt"), "mine").unwrap();
    remove(&data).await.unwrap();
    let left: Vec<_> = fs::read_dir(&data)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["notes.txt"]);

    let server = start(&data).await;
    assert!(server.fresh());
    server.stop().await.unwrap();
    fs::remove_file(data.join("notes.txt")).unwrap();
    remove(&data).await.unwrap();
    assert!(!data.exists());
    assert!(!is_root() || folder.path().exists());
}
