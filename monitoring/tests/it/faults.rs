//! Servers that hang, refuse, or go away; tables that are locked. The clock is looked at with much room: what is tested is
//! that an answer comes at all, and with what in it.

use std::time::{Duration, Instant};

use kardan_testdb::Database;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpListener;

use crate::support::{Exporter, Own};

/// Far more than the two seconds that a server gets, far less than for ever.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_table_that_somebody_locks_costs_its_size_and_nothing_else() {
    let db = Database::create().await.unwrap();
    let mut holder = db.superuser().await.unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--collector.statio_user_indexes", "--wait-sample", "0"],
    )
    .await;
    let before = exporter.metrics().await;
    let lock = holder.transaction().await.unwrap();
    lock.batch_execute("lock table market_data.listing_prices in access exclusive mode")
        .await
        .unwrap();
    let size = |m: &crate::support::Metrics| {
        m.find(
            "pg_stat_user_tables_size_bytes",
            &["relname=\"listing_prices\""],
        )
    };
    // A second exporter has never seen the size.
    let fresh = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--collector.statio_user_indexes", "--wait-sample", "0"],
    )
    .await;
    let metrics = fresh.metrics().await;
    let names = |m: &crate::support::Metrics| m.0.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&metrics), names(&before));
    assert_eq!(size(&metrics), None);
    assert!(
        metrics
            .find("pg_stat_user_tables_size_bytes", &["relname=\"brands\""])
            .is_some()
    );
    assert_eq!(
        metrics.value("pg_exporter_last_scrape_error"),
        0.0,
        "nobody waited for the lock"
    );
    assert_eq!(
        size(&exporter.metrics().await),
        size(&before),
        "the last size is told meanwhile"
    );
    // A lock on an index is as much in the way.
    lock.rollback().await.unwrap();
    let lock = holder.transaction().await.unwrap();
    lock.batch_execute("drop index market_data.listing_prices_listing_id_id_idx")
        .await
        .unwrap();
    let metrics = fresh.metrics().await;
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    assert_eq!(size(&metrics), None);
    lock.rollback().await.unwrap();
    assert_eq!(size(&fresh.metrics().await), size(&before));
}

#[tokio::test]
async fn a_question_that_waits_for_a_lock_fails_alone_and_soon() {
    let db = Database::create().await.unwrap();
    let mut holder = db.superuser().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.yaml");
    std::fs::write(&file, "locked:\n  query: select count(*) as n from public.held\n  metrics: [{n: {usage: GAUGE, description: N}}]\n").unwrap();
    holder
        .batch_execute("create table public.held (); grant usage on schema public to kardan_monitor; grant select on public.held to kardan_monitor")
        .await
        .unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--extend.query-path", file.to_str().unwrap()],
    )
    .await;
    assert_eq!(exporter.metrics().await.value("locked_n"), 0.0);
    let lock = holder.transaction().await.unwrap();
    lock.batch_execute("lock table public.held in access exclusive mode")
        .await
        .unwrap();
    let metrics = exporter.metrics().await;
    assert_eq!(
        metrics.find("kardan_exporter_custom_query_success", &["locked"]),
        Some(0.0)
    );
    assert_eq!(metrics.value("pg_up"), 1.0);
    assert!(metrics.0.contains_key("pg_stat_user_tables_size_bytes"));
    lock.rollback().await.unwrap();
    assert_eq!(exporter.metrics().await.value("locked_n"), 0.0);
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_stopped_at_the_server() {
    let db = Database::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.yaml");
    std::fs::write(
        &file,
        "slow:\n  query: select pg_sleep(3600)\n  metrics: []\n",
    )
    .unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &[
            "--extend.query-path",
            file.to_str().unwrap(),
            "--scrape-budget",
            "1",
        ],
    )
    .await;
    let began = Instant::now();
    let metrics = exporter.metrics().await;
    assert!(began.elapsed() < SOON);
    assert_eq!(metrics.value("pg_up"), 1.0);
    assert!(
        metrics.0.contains_key("pg_stat_user_tables_size_bytes"),
        "what had an answer is told"
    );
    let admin = db.superuser().await.unwrap();
    let deadline = Instant::now() + SOON;
    loop {
        let running: i64 = admin
            .query_one("select count(*) from pg_stat_activity where query like '%pg_sleep(3600)%' and state = 'active' and pid <> pg_backend_pid()", &[])
            .await
            .unwrap()
            .get(0);
        if running == 0 {
            break;
        }
        assert!(Instant::now() < deadline, "it still runs");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_down_and_gets_no_pile_of_sessions() {
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let exporter = Exporter::start(
        &format!("host=127.0.0.1 port={port} user=a dbname=a sslmode=disable"),
        &[],
    )
    .await;
    for _ in 0..2 {
        let began = Instant::now();
        let metrics = exporter.metrics().await;
        assert!(began.elapsed() < SOON);
        assert_eq!(metrics.value("pg_up"), 0.0);
        assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 1.0);
        assert!(!metrics.0.contains_key("pg_static"));
    }
}

#[tokio::test]
async fn a_backend_that_hangs_is_left_for_a_new_one_and_never_more_than_two() {
    let own = Own::start(&[], &[]).await;
    let exporter = Exporter::start(
        &own.source("postgres"),
        &["--patience", "0.5", "--wait-sample", "0"],
    )
    .await;
    let admin = own.session("postgres").await;
    let backends = async || -> Vec<i32> {
        let sql = "select pid from pg_stat_activity where application_name = 'kardan exporter' order by backend_start";
        admin
            .query(sql, &[])
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect()
    };
    assert_eq!(exporter.metrics().await.value("pg_up"), 1.0);
    let mut stopped = Vec::new();
    for expected in [1, 2] {
        let pids = backends().await;
        assert_eq!(pids.len(), expected);
        let pid = Pid::from_raw(*pids.last().unwrap()).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        stopped.push(pid);
        assert_eq!(
            exporter.metrics().await.value("pg_up"),
            0.0,
            "the session hangs"
        );
        let next = exporter.metrics().await;
        let wanted = if expected == 1 { 1.0 } else { 0.0 };
        assert_eq!(next.value("pg_up"), wanted, "after {expected} that hang");
    }
    assert_eq!(
        backends().await.len(),
        2,
        "two hang, and no third is opened"
    );
    for pid in stopped {
        kill_process(pid, Signal::CONT).unwrap();
    }
    exporter
        .until("the server is up again", |m| m.value("pg_up") == 1.0)
        .await;
}

#[tokio::test]
async fn a_server_out_of_connections_is_down_and_its_kept_session_goes_on() {
    let own = Own::start(
        &[
            ("max_connections", "5"),
            ("superuser_reserved_connections", "0"),
        ],
        &[],
    )
    .await;
    let kept = Exporter::start(&own.source("postgres"), &[]).await;
    assert_eq!(kept.metrics().await.value("pg_up"), 1.0);
    let mut others = Vec::new();
    while let Ok(session) = kardan_testdb::Session::open(&own.source("postgres")).await {
        others.push(session);
    }
    assert_eq!(kept.metrics().await.value("pg_up"), 1.0);
    let late = Exporter::start(&own.source("postgres"), &[]).await;
    let metrics = late.metrics().await;
    assert_eq!(metrics.value("pg_up"), 0.0);
    assert!(!metrics.0.contains_key("pg_scrape_collector_success"));
    others.clear();
    late.until("there is room", |m| m.value("pg_up") == 1.0)
        .await;
}

#[tokio::test]
async fn a_session_that_somebody_ends_is_opened_anew_in_the_same_scrape() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(&db.url_as("kardan_monitor"), &[]).await;
    exporter.metrics().await;
    let admin = db.superuser().await.unwrap();
    admin
        .query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and usename = 'kardan_monitor'", &[])
        .await
        .unwrap();
    let metrics = exporter.metrics().await;
    assert_eq!(metrics.value("pg_up"), 1.0);
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
}

#[tokio::test]
async fn a_wrong_password_is_a_server_that_is_down() {
    let own = Own::start(&[], &[]).await;
    let source = format!(
        "host=127.0.0.1 port={} user=postgres password=wrong dbname=postgres sslmode=disable",
        own.server.port()
    );
    let metrics = Exporter::start(&source, &[]).await.metrics().await;
    assert_eq!(metrics.value("pg_up"), 0.0);
}

#[tokio::test]
async fn two_exporters_on_a_port_and_a_broken_flag_are_refused_with_what_to_do() {
    let db = Database::create().await.unwrap();
    let source = db.url_as("kardan_monitor");
    let first = Exporter::start(&source, &[]).await;
    let port = first.base.rsplit(':').next().unwrap().to_owned();
    let mut config = crate::support::config(&source, &[]);
    config.listen = vec![format!("127.0.0.1:{port}")];
    let said = |config| async move {
        kardan_monitoring::bind(&config)
            .await
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let text = said(config.clone()).await;
    assert!(
        text.contains(&port) && text.contains("--web.listen-address"),
        "{text}"
    );
    config.listen = vec!["nowhere".to_owned()];
    assert!(
        said(config.clone())
            .await
            .contains("\"nowhere\" is no address")
    );
    config.listen = vec![":0".to_owned()];
    config.constant_labels = "a".to_owned();
    assert!(said(config).await.contains("--constantLabels"));
}
