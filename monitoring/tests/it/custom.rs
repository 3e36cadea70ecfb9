//! Queries of the operator's own.

use std::time::{Duration, SystemTime};

use kardan_testdb::Database;

use crate::support::Exporter;

const FILE: &str = r#"
good:
  query: "select 'a'::text as word, 1.5 as size, 7::bigint as hits, true as is_open, timestamptz '1970-01-02 00:00:00+00' as seen_at, null::int as nothing, 'text' as more"
  metrics:
    - word:
        usage: "LABEL"
        description: "A word"
    - size:
        usage: "GAUGE"
        description: "A size"
    - hits:
        usage: "COUNTER"
        description: "Hits"
    - nothing:
        usage: "GAUGE"
        description: "Never there"
mapped:
  query: "select 'standby' as role, '1m30s' as lag, array[1, 5]::float8[] as took, array[2, 3]::bigint[] as took_bucket, 9.5 as took_sum, 4 as took_count"
  metrics:
    - role:
        usage: MAPPEDMETRIC
        description: "Role"
        metric_mapping: {primary: 1, standby: 2}
    - lag:
        usage: DURATION
        description: "Lag"
    - took:
        usage: HISTOGRAM
        description: "Took"
broken:
  query: "select from nowhere"
  metrics:
    - a: {usage: GAUGE, description: ""}
elsewhere:
  query: "select 1 as a"
  runonserver: "<10.0.0"
  metrics:
    - a: {usage: GAUGE, description: ""}
"#;

struct Queries {
    folder: tempfile::TempDir,
}

impl Queries {
    fn new(text: &str) -> Self {
        let queries = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        queries.write(text, 0);
        queries
    }

    fn path(&self) -> String {
        self.folder
            .path()
            .join("queries.yaml")
            .display()
            .to_string()
    }

    /// Writes the file, and moves its time so that a second write in one tick is seen.
    fn write(&self, text: &str, later: u64) {
        std::fs::write(self.path(), text).unwrap();
        let file = std::fs::File::options()
            .append(true)
            .open(self.path())
            .unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(later))
            .unwrap();
    }
}

#[tokio::test]
async fn columns_become_families_and_a_broken_query_fails_alone() {
    let db = Database::create().await.unwrap();
    let queries = Queries::new(FILE);
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--extend.query-path", &queries.path()],
    )
    .await;
    let metrics = exporter.metrics().await;
    let one = |name: &str| metrics.find(name, &["word=\"a\"", "server="]);
    assert_eq!(one("good_size"), Some(1.5));
    assert_eq!(metrics.family("good_size").kind, "gauge");
    assert_eq!(metrics.family("good_hits").kind, "counter");
    assert_eq!(metrics.family("good_is_open").kind, "untyped");
    assert_eq!(
        metrics.family("good_is_open").help,
        "Unknown metric from good"
    );
    assert_eq!(
        (one("good_is_open"), one("good_seen_at")),
        (Some(1.0), Some(86_400.0))
    );
    assert!(!metrics.0.contains_key("good_nothing") && !metrics.0.contains_key("good_more"));
    assert_eq!(metrics.value("mapped_role"), 2.0);
    assert_eq!(metrics.value("mapped_lag_milliseconds"), 90_000.0);
    assert_eq!(metrics.family("mapped_took").kind, "histogram");
    assert_eq!(metrics.find("mapped_took", &["le=\"5\""]), Some(3.0));
    assert_eq!(metrics.find("mapped_took", &["_count"]), Some(4.0));
    assert!(!metrics.0.contains_key("elsewhere_a"));
    let fared = |name: &str| metrics.find("kardan_exporter_custom_query_success", &[name]);
    assert_eq!(
        (fared("good"), fared("broken"), fared("elsewhere")),
        (Some(1.0), Some(0.0), None)
    );
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 1.0);
    assert_eq!(metrics.value("pg_up"), 1.0);
    assert_eq!(metrics.value("pg_exporter_user_queries_load_error"), 0.0);
}

#[tokio::test]
async fn a_mistake_in_the_file_leaves_the_last_good_queries_and_is_told() {
    let db = Database::create().await.unwrap();
    let queries = Queries::new(
        "a:\n  query: select 1 as v\n  metrics: [{v: {usage: GAUGE, description: V}}]\n",
    );
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--extend.query-path", &queries.path()],
    )
    .await;
    assert_eq!(exporter.metrics().await.value("a_v"), 1.0);
    queries.write(
        "a:\n  query: select 1 as v\n  metrics: [{v: {usage: SOMETHING}}]\n",
        5,
    );
    let metrics = exporter
        .until("the mistake is seen", |m| {
            m.value("pg_exporter_user_queries_load_error") == 1.0
        })
        .await;
    assert_eq!(metrics.value("a_v"), 1.0);
    queries.write(
        "a:\n  query: select 2 as v\n  metrics: [{v: {usage: GAUGE, description: V}}]\n",
        10,
    );
    exporter
        .until("the new query is asked", |m| m.value("a_v") == 2.0)
        .await;
}

#[tokio::test]
async fn an_answer_is_kept_for_as_long_as_the_file_says() {
    let db = Database::create().await.unwrap();
    db.superuser().await.unwrap().batch_execute("create sequence public.asked; grant usage on schema public to kardan_monitor; grant usage on sequence public.asked to kardan_monitor").await.unwrap();
    let entry = |name: &str, cache: &str| {
        format!(
            "{name}:\n  query: select nextval('public.asked') as v\n{cache}  metrics: [{{v: {{usage: GAUGE, description: V}}}}]\n"
        )
    };
    let queries = Queries::new(&entry("kept", "  cache_seconds: 3600\n"));
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--extend.query-path", &queries.path()],
    )
    .await;
    let first = exporter.metrics().await.value("kept_v");
    assert_eq!(exporter.metrics().await.value("kept_v"), first);
    queries.write(&entry("asked", ""), 5);
    let first = exporter.metrics().await.value("asked_v");
    assert_eq!(exporter.metrics().await.value("asked_v"), first + 1.0);
}

#[tokio::test]
async fn a_query_may_stand_for_one_of_the_built_in_views() {
    let db = Database::create().await.unwrap();
    let queries = Queries::new(
        "pg_stat_archiver:\n  query: select 42 as archived_count\n  metrics: [{archived_count: {usage: COUNTER, description: Mine}}]\n",
    );
    let exporter = Exporter::start(
        &db.url_as("kardan_monitor"),
        &["--extend.query-path", &queries.path()],
    )
    .await;
    let metrics = exporter.metrics().await;
    assert_eq!(metrics.value("pg_stat_archiver_archived_count"), 42.0);
    assert!(!metrics.0.contains_key("pg_stat_archiver_failed_count"));
}

#[tokio::test]
async fn every_database_is_asked_with_two_sessions_at_the_most() {
    let own = crate::support::Own::start(&[], &[]).await;
    let admin = own.session("postgres").await;
    for name in ["one", "two", "three", "left_out"] {
        admin
            .batch_execute(&format!("create database {name}"))
            .await
            .unwrap();
    }
    let queries = Queries::new(
        "each:\n  query: select current_database() as db, (select count(*) from pg_stat_activity where application_name = 'kardan exporter') as sessions\n  \
         metrics: [{db: {usage: LABEL, description: D}}, {sessions: {usage: GAUGE, description: S}}]\n\
         main:\n  query: select current_database() as db, 1 as v\n  master: true\n  \
         metrics: [{db: {usage: LABEL, description: D}}, {v: {usage: GAUGE, description: V}}]\n",
    );
    let exporter = Exporter::start(
        &own.source("postgres"),
        &[
            "--extend.query-path",
            &queries.path(),
            "--auto-discover-databases",
            "--exclude-databases",
            "left_out",
        ],
    )
    .await;
    for _ in 0..3 {
        let metrics = exporter.metrics().await;
        let asked = &metrics.family("each_sessions").samples;
        assert_eq!(asked.len(), 4, "{asked:?}");
        assert!(asked.values().all(|sessions| *sessions <= 2.0), "{asked:?}");
        assert_eq!(metrics.family("main_v").samples.len(), 1);
        let up = &metrics.family("kardan_exporter_database_up").samples;
        assert!(up.len() == 3 && up.values().all(|v| *v == 1.0), "{up:?}");
    }
    let only = Exporter::start(
        &own.source("postgres"),
        &[
            "--extend.query-path",
            &queries.path(),
            "--auto-discover-databases",
            "--include-databases",
            "two",
        ],
    )
    .await;
    assert_eq!(
        only.metrics().await.family("each_sessions").samples.len(),
        2
    );
}
