//! Several processes and one folder: who may run, what is left behind, and what copes with it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use kardan_embedded::{Config, Error, Installation, remove};

use crate::support::{
    bare_postgres, connect, eventually, is_alive, kill, open_folder, refused, start, value,
};

/// Set for the copy of this program that plays another process.
const HOLD: &str = "KARDAN_TEST_HOLD";

#[test]
fn another_process_is_named_and_its_server_ends_with_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(data) = std::env::var_os(HOLD) {
        let server = runtime.block_on(start(PathBuf::from(data)));
        println!("\nholding {}", server.pid());
        // Until the parent kills this process.
        std::thread::park();
    }
    let folder = open_folder();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "processes::another_process_is_named_and_its_server_ends_with_it",
        ])
        .arg("--nocapture")
        .env(HOLD, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let server: u32 = lines
        .map(|line| line.unwrap())
        .find_map(|line| {
            line.strip_prefix("holding ")
                .map(|pid| pid.parse().unwrap())
        })
        .expect("the other process starts its server");

    let error = runtime.block_on(refused(Config::for_tests(folder.path())));
    assert!(
        matches!(error, Error::Busy { pid: Some(pid), .. } if pid == holder.id()),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains(&format!("process {}", holder.id())),
        "{error}"
    );

    assert!(is_alive(server));
    holder.kill().unwrap();
    holder.wait().unwrap();
    eventually("the end of a killed process's server", || !is_alive(server));
    let server = runtime.block_on(start(folder.path()));
    assert!(!server.fresh());
    runtime.block_on(server.stop()).unwrap();
}

#[tokio::test]
async fn a_second_server_in_this_process_is_refused_and_harms_nothing() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let error = refused(Config::for_tests(folder.path())).await;
    assert!(
        error.to_string().contains(&std::process::id().to_string()),
        "{error}"
    );
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "select 'alive'").await, "alive");
}

#[tokio::test]
async fn a_panic_stops_the_server() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let pid = server.pid();
    let outcome = tokio::spawn(async move {
        let _held = server;
        panic!("meant to happen");
    });
    assert!(outcome.await.unwrap_err().is_panic());
    assert!(!is_alive(pid));
    assert!(!folder.path().join("pg/postmaster.pid").exists());
}

#[tokio::test]
async fn a_killed_server_starts_again_over_its_stale_pid_file() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("set synchronous_commit = on; create table kept as select 'yes' as word")
        .await
        .unwrap();
    kill(server.pid(), "-KILL");
    drop(server);
    assert!(folder.path().join("pg/postmaster.pid").exists());
    let server = start(folder.path()).await;
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "select word from kept").await, "yes");
}

#[tokio::test]
async fn a_stale_pid_file_that_names_a_stranger_harms_nobody() {
    let folder = open_folder();
    start(folder.path()).await.stop().await.unwrap();
    let mut stranger = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let pg = folder.path().join("pg");
    let text = format!(
        "{}\n{}\n1700000000\n5432\n\n\n\n",
        stranger.id(),
        pg.display()
    );
    std::fs::write(pg.join("postmaster.pid"), text).unwrap();
    let server = start(folder.path()).await;
    assert!(is_alive(stranger.id()));
    server.stop().await.unwrap();
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[tokio::test]
async fn an_orphaned_server_is_stopped_before_ours_starts() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let port = server.port();
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("create table kept as select 'yes' as word")
        .await
        .unwrap();
    server.stop().await.unwrap();
    let bin_dir = Installation::find(None).unwrap().bin_dir().to_path_buf();
    let mut orphan = bare_postgres(&folder.path().join("pg"), &bin_dir);

    let error = remove(folder.path())
        .await
        .expect_err("a running server is not removed");
    assert!(
        matches!(error, Error::Busy { pid: Some(pid), .. } if pid == orphan.id()),
        "{error}"
    );

    // Even the orphan's port is free again.
    let mut config = Config::for_tests(folder.path());
    config.port = Some(port);
    let server = kardan_embedded::Server::start(config).await.unwrap();
    assert!(
        orphan.wait().unwrap().success(),
        "the orphan was shut down, not killed"
    );
    assert_eq!(server.port(), port);
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "select word from kept").await, "yes");
}

#[tokio::test]
async fn the_server_is_out_of_reach_of_the_terminals_ctrl_c() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let group = rustix::process::getpgid(rustix::process::Pid::from_raw(
        i32::try_from(server.pid()).unwrap(),
    ));
    assert_eq!(
        u32::try_from(group.unwrap().as_raw_pid()).unwrap(),
        server.pid()
    );
}
