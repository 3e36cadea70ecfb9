//! Paths, parameters, flags: what a scrape configuration written for upstream relies on.

use kardan_testdb::Database;

use crate::support::{Exporter, Metrics};

#[tokio::test]
async fn metrics_come_in_the_text_format_and_compressed_for_who_takes_it() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(&db.url_as("kardan_monitor"), &[]).await;
    let plain = exporter.get("/metrics").await;
    let kind = plain.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    assert!(plain.headers().get("content-encoding").is_none());
    let plain = plain.bytes().await.unwrap();
    let small = reqwest::Client::new()
        .get(format!("{}/metrics", exporter.base))
        .header("Accept-Encoding", "gzip")
        // Prometheus offers it; the answer stays in the text format.
        .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
        .send()
        .await
        .unwrap();
    assert_eq!(small.headers()["content-encoding"], "gzip");
    assert!(
        small.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let small = small.bytes().await.unwrap();
    assert!(
        small.len() * 5 < plain.len(),
        "{} of {}",
        small.len(),
        plain.len()
    );
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&small[..]), &mut text)
        .unwrap();
    assert_eq!(Metrics::parse(&text).value("pg_up"), 1.0);
}

#[tokio::test]
async fn the_first_page_leads_to_the_metrics_and_other_paths_lead_nowhere() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--web.telemetry-path", "/m"],
    )
    .await;
    let page = exporter.get("/").await.text().await.unwrap();
    assert!(page.contains("href=\"/m\""), "{page}");
    assert_eq!(exporter.get("/m").await.status(), 200);
    assert_eq!(exporter.get("/metrics").await.status(), 404);
}

#[tokio::test]
async fn a_probe_asks_the_target_and_names_what_is_wrong_with_the_question() {
    let db = Database::create().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exporter.yml");
    std::fs::write(
        &file,
        "auth_modules:\n  monitor:\n    type: userpass\n    userpass:\n      username: kardan_monitor\n      password: any\n    \
         options:\n      sslmode: disable\n  empty:\n    type: userpass\n",
    )
    .unwrap();
    // No data source at all: only probes.
    let exporter = Exporter::start("", &["--config.file", file.to_str().unwrap()]).await;
    let target: String =
        form_urlencoded::byte_serialize(db.url_as("postgres").as_bytes()).collect();
    let metrics = exporter
        .page(&format!("/probe?target={target}&auth_module=monitor"))
        .await;
    assert_eq!(metrics.value("pg_up"), 1.0);
    assert!(
        metrics
            .find("pg_stat_user_tables_n_live_tup", &["relname=\"listings\""])
            .is_some()
    );
    let user = metrics.find(
        "pg_stat_activity_count",
        &[db.name(), "usename=\"kardan_monitor\"", "state=\"active\""],
    );
    assert_eq!(user, Some(1.0), "the module's user signs in");
    assert!(
        !metrics.0.contains_key("process_open_fds"),
        "a probe tells of the target alone"
    );
    for (query, said) in [
        ("", "target is required"),
        ("?target=x&auth_module=none", "auth_module none not found"),
        ("?target=x&auth_module=empty", "no username or password"),
        ("?target=host%3Da+port%3Dx", "port=x"),
    ] {
        let answer = exporter.get(&format!("/probe{query}")).await;
        assert_eq!(answer.status(), 400, "{query}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said), "{query}: {text}");
    }
    let down = exporter
        .page("/probe?target=127.0.0.1:1/x%3Fsslmode%3Ddisable")
        .await;
    assert_eq!(down.value("pg_up"), 0.0);
    let own = exporter.metrics().await;
    assert_eq!(own.value("pg_up"), 0.0, "no data source, no server");
    assert_eq!(
        own.value("postgres_exporter_config_last_reload_successful"),
        1.0
    );
}

#[tokio::test]
async fn switches_labels_and_prefix_do_what_they_do_upstream() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &[
            "--no-collector.wal",
            "--collector.database_wraparound",
            "--disable-settings-metrics",
            "--constantLabels",
            "cluster=test",
            "--exclude-databases",
            "template0,template1",
            "--no-collector.kardan_waits",
            "--metric-prefix",
            "mine",
        ],
    )
    .await;
    let metrics = exporter.metrics().await;
    let has = |name: &str| metrics.0.contains_key(name);
    assert!(!has("pg_wal_segments") && has("pg_database_wraparound_age_datminmxid_seconds"));
    assert!(!metrics.0.keys().any(|name| name.contains("settings_")));
    assert!(!has("kardan_wait_sample_rounds_total"));
    // The prefix is for the families that have the label server, the constant labels for those and for the exporter's own.
    assert!(has("mine_stat_archiver_archived_count") && has("pg_locks_count"));
    assert!(
        metrics
            .find("mine_stat_archiver_archived_count", &["cluster=\"test\""])
            .is_some()
    );
    assert!(metrics.find("pg_up", &["cluster=\"test\""]).is_some());
    assert!(
        metrics
            .find("pg_database_size_bytes", &["datname=\"template1\""])
            .is_none()
    );
    assert!(
        metrics
            .find("pg_database_size_bytes", &["datname=\"postgres\""])
            .is_some()
    );
    let bare = Exporter::start(&db.url_as("kardan_monitor"), &["--disable-default-metrics"]).await;
    let metrics = bare.metrics().await;
    assert!(
        !metrics.0.contains_key("pg_stat_activity_count") && !metrics.0.contains_key("pg_static")
    );
    assert!(
        metrics.0.contains_key("pg_locks_count")
            && metrics.0.contains_key("pg_settings_autovacuum")
    );
}

#[tokio::test]
async fn two_servers_are_told_apart_by_their_label() {
    let (one, two) = (
        Database::create().await.unwrap(),
        Database::create().await.unwrap(),
    );
    let other = two.url_as("kardan_monitor").replace("host='", "host='/./");
    let exporter = Exporter::start(&format!("{},{other}", one.url_as("kardan_monitor")), &[]).await;
    let metrics = exporter.metrics().await;
    assert_eq!(metrics.family("pg_static").samples.len(), 2);
    assert_eq!(metrics.value("pg_up"), 1.0);
}

#[tokio::test]
async fn a_scrape_opens_no_session_and_numbers_count_up() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(&db.url_as("kardan_monitor"), &[]).await;
    exporter.metrics().await;
    let admin = db.superuser().await.unwrap();
    let pids = async || -> Vec<i32> {
        let sql = "select pid from pg_stat_activity where datname = current_database() and usename = 'kardan_monitor'";
        admin
            .query(sql, &[])
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect()
    };
    let before = pids().await;
    assert_eq!(before.len(), 1);
    for scrape in 2..12 {
        let metrics = exporter.metrics().await;
        assert_eq!(
            metrics.value("pg_exporter_scrapes_total"),
            f64::from(scrape)
        );
    }
    assert_eq!(pids().await, before);
}

#[tokio::test]
async fn behind_a_pooler_nothing_is_prepared() {
    let db = Database::create().await.unwrap();
    let exporter =
        Exporter::start(&db.url_as("kardan_monitor"), &["--pooler", "transaction"]).await;
    let metrics = exporter.metrics().await;
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    assert!(metrics.0.contains_key("pg_stat_user_tables_n_live_tup"));
}
