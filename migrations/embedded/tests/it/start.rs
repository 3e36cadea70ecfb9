//! What a started server is like: its addresses, its settings, its letters, its second start.

use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use kardan_embedded::{Config, Installation, Server};

use crate::support::{connect, is_root, open_folder, start, try_connect, value};

#[tokio::test]
async fn a_second_start_reuses_the_data_and_the_port() {
    let folder = open_folder();
    let begun = Instant::now();
    let server = start(folder.path()).await;
    let first = begun.elapsed();
    assert!(server.fresh());
    let (port, pid) = (server.port(), server.pid());
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("create table kept (word text); insert into kept values ('да')")
        .await
        .unwrap();
    server.stop().await.unwrap();
    assert!(!folder.path().join("pg/postmaster.pid").exists());

    let begun = Instant::now();
    let server = start(folder.path()).await;
    eprintln!("first start {first:?}, second start {:?}", begun.elapsed());
    assert!(!server.fresh());
    assert_eq!(server.port(), port);
    assert_ne!(server.pid(), pid);
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "select word from kept").await, "да");
}

#[tokio::test]
async fn a_port_taken_meanwhile_is_replaced_unless_it_was_asked_for() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let port = server.port();
    server.stop().await.unwrap();
    let _other = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let server = start(folder.path()).await;
    assert_ne!(server.port(), port);
}

#[tokio::test]
async fn the_socket_needs_no_password_and_tcp_needs_the_right_one() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("create role clerk login")
        .await
        .unwrap();
    client.batch_execute("create database shop").await.unwrap();

    let clerk = connect(&server.url_as("clerk", "shop")).await;
    assert_eq!(
        value(&clerk, "select session_user || '@' || current_database()").await,
        "clerk@shop"
    );

    let tcp = server.tcp_url("shop");
    let person = connect(tcp.expose()).await;
    assert_eq!(
        value(&person, "select host(inet_server_addr())").await,
        "127.0.0.1"
    );
    let password = std::fs::read_to_string(server.data_dir().join("password")).unwrap();
    assert!(tcp.expose().contains(password.trim()));
    assert!(!format!("{tcp:?} {server:?}").contains(password.trim()));
    let wrong = tcp.expose().replace(password.trim(), "guess");
    let error = try_connect(&wrong)
        .await
        .expect_err("a wrong password is refused");
    assert_eq!(error.code().map(|c| c.code()), Some("28P01"), "{error}");

    // The password itself is in no log.
    let log = std::fs::read_to_string(server.log_file()).unwrap();
    assert!(!log.contains(password.trim()));
}

#[tokio::test]
async fn other_users_can_reach_neither_the_socket_nor_the_password() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().mode() & 0o777;
    assert_eq!(mode("run"), 0o700);
    assert_eq!(mode("pg"), 0o700);
    assert_eq!(mode("password"), 0o600);
    assert_eq!(mode("log"), 0o700);
    assert_eq!(server.socket_dir(), folder.path().join("run"));
}

#[tokio::test]
async fn cyrillic_letters_are_letters() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("create extension pg_trgm")
        .await
        .unwrap();
    assert_eq!(value(&client, "show server_encoding").await, "UTF8");
    assert_eq!(
        value(&client, "select lower('ФАРА Ёлка')").await,
        "фара ёлка"
    );
    assert_eq!(value(&client, "select upper('щётка')").await, "ЩЁТКА");
    let alike = "select (similarity('КОЛОДКИ', 'колодки') = 1 and similarity('колодка', 'колодки') > 0.5)::text";
    assert_eq!(value(&client, alike).await, "true");
}

#[tokio::test]
async fn the_settings_are_those_of_a_small_durable_server() {
    let folder = open_folder();
    let mut config = Config::new(folder.path());
    config.settings = vec![
        ("work_mem".to_owned(), "5MB".to_owned()),
        ("search_path".to_owned(), "\"it's\", public".to_owned()),
    ];
    config.preload = vec![
        "pg_stat_statements".to_owned(),
        "no_such_library".to_owned(),
    ];
    let server = Server::start(config).await.unwrap();
    assert_eq!(server.preloaded(), ["pg_stat_statements"]);
    let client = connect(&server.url("postgres")).await;
    for (name, expected) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("wal_level", "replica"),
        ("jit", "off"),
        ("listen_addresses", "127.0.0.1"),
        ("TimeZone", "UTC"),
        ("work_mem", "5MB"),
        ("search_path", "\"it's\", public"),
        ("shared_preload_libraries", "pg_stat_statements"),
        ("pg_stat_statements.track", "all"),
    ] {
        assert_eq!(
            value(&client, &format!("show {name}")).await,
            expected,
            "{name}"
        );
    }
    let version: u32 = value(&client, "show server_version_num")
        .await
        .parse()
        .unwrap();
    assert_eq!(server.version(), version);
    assert_eq!(version / 10_000, server.installation().major());
    let statements = "create extension pg_stat_statements;
        create table leak as select query from pg_stat_statements where query ilike '%password%'";
    client.batch_execute(statements).await.unwrap();
    assert_eq!(value(&client, "select count(*)::text from leak").await, "0");
}

#[tokio::test]
async fn a_server_for_tests_gives_up_durability() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let client = connect(&server.url("postgres")).await;
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        assert_eq!(
            value(&client, &format!("show {name}")).await,
            "off",
            "{name}"
        );
    }
}

#[tokio::test]
async fn settings_change_with_the_next_start() {
    let folder = open_folder();
    start(folder.path()).await.stop().await.unwrap();
    let mut config = Config::for_tests(folder.path());
    config.settings = vec![("jit".to_owned(), "on".to_owned())];
    let server = Server::start(config).await.unwrap();
    let client = connect(&server.url("postgres")).await;
    assert_eq!(value(&client, "show jit").await, "on");
    let main = std::fs::read_to_string(folder.path().join("pg/postgresql.conf")).unwrap();
    assert_eq!(main.matches("include = 'kardan.conf'").count(), 1);
}

#[tokio::test]
async fn pg_cron_works_in_the_products_database_through_the_socket() {
    let installation = Installation::find(None).unwrap();
    if installation.require_extension("pg_cron").is_err() {
        eprintln!("left out: pg_cron is not installed");
        return;
    }
    let folder = open_folder();
    let mut config = Config::for_tests(folder.path());
    config.preload = vec!["pg_cron".to_owned()];
    let server = Server::start(config).await.unwrap();
    // It starts before there is such a database, and waits for it.
    let client = connect(&server.url("postgres")).await;
    client
        .batch_execute("create database kardan")
        .await
        .unwrap();
    let client = connect(&server.url("kardan")).await;
    client
        .batch_execute("create extension pg_cron")
        .await
        .unwrap();
    let launchers = "select count(*)::text from pg_stat_activity
        where backend_type = 'pg_cron launcher' and datname = 'kardan'";
    let deadline = Instant::now() + Duration::from_secs(20);
    while value(&client, launchers).await != "1" {
        assert!(
            Instant::now() < deadline,
            "pg_cron does not work in the new database"
        );
    }
    assert_eq!(
        value(&client, "show cron.host").await,
        server.socket_dir().to_str().unwrap()
    );
}

#[tokio::test]
async fn a_lost_password_file_gives_a_new_password() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let old = server.tcp_url("postgres");
    server.stop().await.unwrap();
    std::fs::remove_file(folder.path().join("password")).unwrap();
    let server = start(folder.path()).await;
    assert_ne!(server.tcp_url("postgres"), old);
    connect(server.tcp_url("postgres").expose()).await;
}

#[tokio::test]
async fn the_server_never_runs_as_root_nor_with_roots_groups() {
    let folder = open_folder();
    let server = start(folder.path()).await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(!line("Uid:").contains(&"0".to_owned()), "{status}");
    assert!(
        !line("Gid:").contains(&"0".to_owned()) || !is_root(),
        "{status}"
    );
    if is_root() {
        assert!(line("Groups:").is_empty(), "{status}");
    }
}
