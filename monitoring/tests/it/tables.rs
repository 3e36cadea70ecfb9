//! Many tables: partitions under their parent, the smallest in one row.

use crate::support::{Exporter, Own};

async fn server() -> Own {
    let own = Own::start(&[("autovacuum", "off")], &[]).await;
    let session = own.session("postgres").await;
    session
        .batch_execute(
            "create table parted (at int primary key, v text) partition by range (at);
             do $$ begin
                 for n in 0 .. 9 loop
                     execute format('create table parted_%s partition of parted for values from (%s) to (%s)', n, n * 10, n * 10 + 10);
                 end loop;
                 for n in 1 .. 30 loop
                     execute format('create table t%s (v int)', n);
                 end loop;
             end $$;
             insert into parted select n, 'x' from generate_series(0, 99) as n;
             insert into t1 select generate_series(1, 50);
             insert into t2 values (1), (2);
             select pg_stat_force_next_flush();",
        )
        .await
        .unwrap();
    own
}

#[tokio::test]
async fn partitions_are_told_under_their_parent_and_dropping_one_takes_nothing_away() {
    let own = server().await;
    let exporter = Exporter::start(
        &own.source("postgres"),
        &["--collector.statio_user_indexes"],
    )
    .await;
    let parent =
        |m: &crate::support::Metrics, family: &str| m.find(family, &["relname=\"parted\""]);
    let metrics = exporter
        .until("the rows are counted", |m| {
            parent(m, "pg_stat_user_tables_n_tup_ins") == Some(100.0)
        })
        .await;
    assert_eq!(
        metrics.find("pg_stat_user_tables_n_tup_ins", &["relname=\"parted_3\""]),
        None
    );
    let size = parent(&metrics, "pg_stat_user_tables_size_bytes").unwrap();
    assert!(size >= 10.0 * 8192.0, "{size}");
    assert!(
        metrics
            .find(
                "pg_statio_user_indexes_idx_blks_hit_total",
                &["indexrelname=\"parted_pkey\""]
            )
            .is_some()
    );
    let session = own.session("postgres").await;
    session.batch_execute("drop table parted_0").await.unwrap();
    let metrics = exporter
        .until("the partition is gone", |m| {
            parent(m, "pg_stat_user_tables_n_live_tup") == Some(90.0)
        })
        .await;
    assert_eq!(
        parent(&metrics, "pg_stat_user_tables_n_tup_ins"),
        Some(100.0),
        "a counter does not fall"
    );
    assert!(
        parent(&metrics, "pg_stat_user_tables_size_bytes").unwrap() < size,
        "a size does"
    );

    let each = Exporter::start(&own.source("postgres"), &["--each-partition"]).await;
    let metrics = each.metrics().await;
    assert_eq!(
        metrics.find("pg_stat_user_tables_n_tup_ins", &["relname=\"parted_3\""]),
        Some(10.0)
    );
}

#[tokio::test]
async fn above_the_limit_the_smallest_share_a_row() {
    let own = server().await;
    let exporter = Exporter::start(&own.source("postgres"), &["--table-limit", "3"]).await;
    let metrics = exporter
        .until("the rows are counted", |m| {
            m.find("pg_stat_user_tables_n_tup_ins", &["relname=\"t1\""]) == Some(50.0)
        })
        .await;
    for family in [
        "pg_stat_user_tables_n_tup_ins",
        "pg_stat_user_tables_size_bytes",
        "pg_statio_user_tables_heap_blocks_hit",
    ] {
        let samples = &metrics.family(family).samples;
        assert_eq!(samples.len(), 4, "{samples:?}");
        for name in ["parted", "t1", "t2", "(other)"] {
            assert!(
                metrics
                    .find(family, &[&format!("relname=\"{name}\"")])
                    .is_some(),
                "{family} {name}"
            );
        }
    }
    let all = Exporter::start(&own.source("postgres"), &["--table-limit", "0"]).await;
    let metrics = all.metrics().await;
    assert_eq!(
        metrics
            .family("pg_stat_user_tables_n_tup_ins")
            .samples
            .len(),
        31
    );
    assert_eq!(
        metrics.find("pg_stat_user_tables_n_tup_ins", &["relname=\"(other)\""]),
        None
    );
}
