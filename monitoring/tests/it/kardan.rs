//! The families beyond upstream's.

use kardan_schema::{Role, Status};
use kardan_testdb::{Database, ListingFixture};

use crate::support::{Exporter, Own};

#[tokio::test]
async fn the_programs_functions_are_asked_as_the_monitoring_role() {
    let db = Database::create().await.unwrap();
    let owner = db.person(Role::User).await.unwrap();
    for status in [Status::Pending, Status::Published] {
        db.listing(
            owner,
            &ListingFixture {
                status,
                ..ListingFixture::default()
            },
        )
        .await
        .unwrap();
    }
    let session = db.superuser().await.unwrap();
    session
        .batch_execute(
            "insert into market_data.search_misses (at, query, filters) values (ops.clock_now(), 'x', '{}');
             insert into ops_data.audit (at, action, object_type, object_id)
                 values (ops.clock_now() + interval '10 years', 'thing.move', 'thing', '1');
             insert into ops_data.job_runs (job_name, started_at, error)
                 values ('idempotency_purge', ops.clock_now(), '22012: division by zero');
             select setval('people_data.users_id_seq', 9000000000000000000);
             insert into ops_data.query_history (at, queryid, calls, total_ms, row_count, blocks_read)
             select date_trunc('hour', ops.clock_now(), 'UTC') - back, 7, 100, ms, 0, 0
             from (values (interval '1 hour', 300.0), (interval '7 days 1 hour', 100.0)) as v (back, ms)",
        )
        .await
        .unwrap();
    session
        .batch_execute(&format!(
            "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
                 values ('telegram', '77', {0}, ops.clock_now(), ops.clock_now());
             select notify.tell(array[{0}::bigint], 'listing.approved', 'a', ops.clock_now(), '{{\"title\": \"a\"}}');
             update notify_data.queue set queued_at = queued_at - interval '1 hour'",
            owner.0
        ))
        .await
        .unwrap();
    // Seven views, two of them followed, of an order for at most a thousand.
    session
        .batch_execute(&format!(
            "with p as (
                 insert into market_data.promotions (kind, listing_id, created_by, text, begins_at, ends_at, impressions_wanted, state,
                     currency, price_minor, payment, payment_reference, paid_at, decided_by, decided_at, created_at, updated_at)
                 select 'insertion', l.id, {0}, 'Buy', n.at, n.at + interval '1 day', 1000, 'approved', 'RUB', 100, 'paid', 'a', n.at, {0},
                     n.at, n.at, n.at
                 from market_data.listings as l cross join (select ops.clock_now() as at) as n
                 where l.status = 'published'
                 returning id)
             insert into market_data.promotion_totals (promotion_id, shown, clicked) select p.id, 7, 2 from p",
            owner.0
        ))
        .await
        .unwrap();
    let metrics = Exporter::start(&db.url_as("kardan_monitor"), &[])
        .await
        .metrics()
        .await;
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    let is = |family: &str, parts: &[&str]| {
        metrics
            .find(family, parts)
            .unwrap_or_else(|| panic!("{family} {parts:?}"))
    };
    let sixty_days = 60.0 * 86_400.0;
    assert!(
        is(
            "kardan_partition_headroom_seconds",
            &["market_data.listing_events"]
        ) > sixty_days
    );
    assert_eq!(
        is("kardan_partition_default_has_rows", &["ops_data.audit"]),
        1.0
    );
    assert_eq!(
        is(
            "kardan_partition_default_has_rows",
            &["market_data.search_misses"]
        ),
        0.0
    );
    assert!(is("kardan_partitions_future", &["ops_data.query_history"]) >= 3.0);
    assert!((is("kardan_sequence_used_ratio", &["users_id_seq"]) - 0.975).abs() < 0.01);
    assert_eq!(is("kardan_moderation_waiting", &["part"]), 1.0);
    assert!(
        !metrics
            .0
            .contains_key("kardan_moderation_decision_mean_seconds"),
        "nothing was decided"
    );
    assert_eq!(is("kardan_outbox_waiting", &["notice"]), 1.0);
    assert_eq!(is("kardan_outbox_waiting", &["broadcast"]), 0.0);
    let oldest = is("kardan_outbox_oldest_seconds", &["notice"]);
    assert!((3600.0..7200.0).contains(&oldest), "{oldest}");
    assert_eq!(is("kardan_deals_waiting", &["handed_over"]), 0.0);
    assert_eq!(metrics.value("kardan_search_misses_hour"), 1.0);
    assert_eq!(is("kardan_listings", &["published"]), 1.0);
    assert_eq!(is("kardan_promotions", &["insertion", "running"]), 1.0);
    assert_eq!(is("kardan_promotions", &["post", "held"]), 0.0);
    let order = ["insertion", &format!("person {owner}")];
    assert_eq!(is("kardan_promotion_impressions_total", &order), 7.0);
    assert_eq!(is("kardan_promotion_clicks_total", &order), 2.0);
    assert_eq!(is("kardan_promotion_impressions_wanted", &order), 1000.0);
    assert_eq!(metrics.value("kardan_promotions_impressions_total"), 7.0);
    assert_eq!(is("kardan_job_failed", &["idempotency_purge"]), 1.0);
    assert_eq!(
        metrics.find(
            "kardan_job_last_run_timestamp_seconds",
            &["partitions_maintain"]
        ),
        None
    );
    assert!((is("kardan_query_regression_ratio", &["queryid=\"7\""]) - 3.0).abs() < 1e-9);
    assert_eq!(
        metrics.find("pg_scrape_collector_success", &["kardan_partitions"]),
        Some(1.0)
    );
}

#[tokio::test]
async fn a_database_without_the_program_has_what_postgresql_tells_and_no_error() {
    let own = Own::start(&[], &[]).await;
    let metrics = Exporter::start(&own.source("postgres"), &[])
        .await
        .metrics()
        .await;
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    assert!(metrics.0.contains_key("kardan_lock_waiters"));
    assert!(
        !metrics.0.contains_key("pg_stat_archiver_last_archive_age"),
        "nothing was ever archived"
    );
    for name in metrics.0.keys() {
        assert!(
            !name.starts_with("kardan_moderation") && !name.starts_with("kardan_partition"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn waiting_sessions_are_a_tree_and_have_no_process_ids() {
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(&db.url_as("kardan_monitor"), &["--wait-sample", "0.1"]).await;
    assert_eq!(exporter.metrics().await.value("kardan_lock_waiters"), 0.0);
    let setup = db.superuser().await.unwrap();
    setup
        .batch_execute("create table public.held ()")
        .await
        .unwrap();
    let mut holder = db.superuser().await.unwrap();
    let lock = holder.transaction().await.unwrap();
    lock.batch_execute("lock table public.held in share mode")
        .await
        .unwrap();
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let session = db.superuser().await.unwrap();
        waiting.push(tokio::spawn(async move {
            session
                .batch_execute("begin; lock table public.held in access exclusive mode")
                .await
        }));
    }
    let metrics = exporter
        .until("both wait", |m| {
            m.value("kardan_lock_waiters") == 2.0
                && m.value("kardan_lock_longest_wait_seconds") > 0.0
        })
        .await;
    assert_eq!(metrics.value("kardan_lock_blockers"), 1.0);
    // The second waits for the holder and for the first in the queue.
    assert_eq!(metrics.value("kardan_lock_depth"), 2.0);
    let sampled = exporter
        .until("a sample has them", |m| {
            m.find(
                "kardan_wait_samples_total",
                &["wait_event_type=\"Lock\"", "wait_event=\"relation\""],
            )
            .is_some_and(|n| n >= 2.0)
        })
        .await;
    assert!(sampled.value("kardan_wait_sample_rounds_total") >= 1.0);
    lock.rollback().await.unwrap();
    for task in waiting {
        task.abort();
    }
}

#[tokio::test]
async fn an_old_transaction_is_what_holds_the_horizon() {
    let db = Database::create().await.unwrap();
    let mut holder = db.superuser().await.unwrap();
    let open = holder.transaction().await.unwrap();
    open.query("select pg_current_xact_id()", &[])
        .await
        .unwrap();
    let others = db.superuser().await.unwrap();
    for _ in 0..5 {
        others
            .query("select pg_current_xact_id()", &[])
            .await
            .unwrap();
    }
    let metrics = Exporter::start(&db.url_as("kardan_monitor"), &[])
        .await
        .metrics()
        .await;
    let age = metrics
        .find(
            "kardan_xmin_horizon_age_transactions",
            &["holder=\"session\""],
        )
        .unwrap();
    assert!(age >= 5.0, "{age}");
    assert!(
        metrics
            .find("kardan_xmin_horizon_age_seconds", &["holder=\"session\""])
            .unwrap()
            > 0.0
    );
    assert_eq!(
        metrics.find("kardan_xmin_horizon_age_transactions", &["holder=\"slot\""]),
        Some(0.0)
    );
}

#[tokio::test]
async fn the_heaviest_statements_are_told_by_id_with_a_text_without_arguments() {
    let own = Own::start(&[], &["pg_stat_statements"]).await;
    let session = own.session("postgres").await;
    session
        .batch_execute(
            "create extension pg_stat_statements;
             create role secretive password 'open sesame';",
        )
        .await
        .unwrap();
    for n in 0..5 {
        // Different statements: so many columns each.
        let columns = vec!["'swordfish'"; n + 1].join(", ");
        session
            .query(&format!("select {columns}"), &[])
            .await
            .unwrap();
    }
    session
        .query("select pg_sleep(0.5), 'swordfish' /* heavy */", &[])
        .await
        .unwrap();
    let exporter = Exporter::start(&own.source("postgres"), &["--query-limit", "2"]).await;
    let body = exporter.get("/metrics").await.text().await.unwrap();
    let metrics = crate::support::Metrics::parse(&body);
    let seconds = &metrics.family("kardan_query_seconds_total").samples;
    assert_eq!(seconds.len(), 3, "{seconds:?}");
    assert!(
        metrics
            .find("kardan_query_calls_total", &["queryid=\"(other)\""])
            .unwrap()
            >= 4.0
    );
    let infos = &metrics.family("kardan_query_info").samples;
    assert!(
        infos.keys().any(|series| series.contains("pg_sleep($1)")),
        "{infos:?}"
    );
    assert!(
        !body.contains("swordfish") && !body.contains("sesame"),
        "{infos:?}"
    );
}

#[tokio::test]
async fn no_family_has_a_process_id_and_each_has_a_sentence_in_the_book() {
    let page = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/src/exporter.md"
    ))
    .unwrap();
    let missing: Vec<_> = kardan_monitoring::dump_maps()
        .lines()
        .map(|line| line.split('\t').nth(1).unwrap().to_owned())
        .chain(
            [
                "kardan_query_calls_total",
                "kardan_query_seconds_total",
                "kardan_query_rows_total",
                "kardan_query_blocks_read_total",
                "kardan_query_temp_blocks_written_total",
                "kardan_query_info",
                "kardan_wait_samples_total",
                "kardan_wait_sample_rounds_total",
                "kardan_exporter_custom_query_success",
                "kardan_exporter_database_up",
            ]
            .map(str::to_owned),
        )
        .filter(|name| name.starts_with("kardan_") && !page.contains(&format!("`{name}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "not in docs/src/exporter.md: {missing:?}"
    );
    let db = Database::create().await.unwrap();
    let exporter = Exporter::start(&db.url_as("kardan_monitor"), &[]).await;
    for family in exporter.metrics().await.0.values() {
        for labels in &family.labels {
            assert!(!labels.split(',').any(|name| name == "pid"), "{family:?}");
        }
    }
}
