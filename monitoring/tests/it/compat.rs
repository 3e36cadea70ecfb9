//! The families against what postgres_exporter 0.17.1 really wrote (`tests/reference`), save those that the page
//! docs/src/exporter.md excepts with a reason.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{Exporter, Family, Metrics, Own};

/// Every collector of upstream.
const ALL: &[&str] = &[
    "--collector.database_wraparound",
    "--collector.long_running_transactions",
    "--collector.process_idle",
    "--collector.stat_activity_autovacuum",
    "--collector.stat_checkpointer",
    "--collector.stat_statements",
    "--collector.stat_wal_receiver",
    "--collector.statio_user_indexes",
    "--collector.xlog_location",
];

/// Family, then type, labels and sentence.
fn fixture(name: &str) -> BTreeMap<String, (String, String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name);
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<_> = line.split('\t').map(str::to_owned).collect();
            (
                cells[0].clone(),
                (cells[1].clone(), cells[2].clone(), cells[3].clone()),
            )
        })
        .collect()
}

/// The families that the page excepts; a name may end with `*`.
fn exceptions() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/exporter.md");
    let text = std::fs::read_to_string(page).unwrap();
    let section = text
        .split("## Families that are not told")
        .nth(1)
        .expect("the section of exceptions");
    let section = section.split("\n## ").next().unwrap();
    section
        .lines()
        .filter_map(|line| {
            line.strip_prefix("| `")?
                .split('`')
                .next()
                .map(str::to_owned)
        })
        .collect()
}

fn is_excepted(family: &str) -> bool {
    exceptions()
        .iter()
        .any(|name| match name.strip_suffix('*') {
            Some(start) => family.starts_with(start),
            None => family == name,
        })
}

/// A server like the one that the fixtures were written at: a table, slots, a standby, statements, an idle session.
struct Busy {
    own: Own,
    standby: Child,
    standby_source: String,
    idle: kardan_testdb::Session,
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.standby.kill();
        let _ = self.standby.wait();
    }
}

async fn busy() -> Busy {
    let own = Own::start(
        &[
            ("wal_level", "logical"),
            ("max_wal_senders", "4"),
            ("track_io_timing", "on"),
            ("archive_mode", "on"),
            ("archive_command", "true"),
        ],
        &["pg_stat_statements"],
    )
    .await;
    let session = own.session("postgres").await;
    session
        .batch_execute(
            "create extension pg_stat_statements;
             create table t1 (id bigint generated always as identity primary key, v text);
             insert into t1 (v) select 'x' from generate_series(1, 200);
             analyze t1;
             select count(*) from t1;",
        )
        .await
        .unwrap();
    for sql in [
        "select pg_switch_wal()",
        "select pg_create_physical_replication_slot('standby1', true)",
        "select pg_create_logical_replication_slot('cdc1', 'test_decoding')",
    ] {
        session.query(sql, &[]).await.unwrap();
    }
    let (standby, standby_source) = standby(&own);
    Busy {
        standby,
        standby_source,
        idle: session,
        own,
    }
}

/// A copy of the server that follows it through the slot, and its data source.
fn standby(own: &Own) -> (Child, String) {
    let folder = own.folder.path().join("standby");
    std::fs::create_dir(&folder).unwrap();
    // The server's user is another one when root runs the tests.
    let owner = std::fs::metadata(own.server.socket_dir()).unwrap();
    chown(&folder, Some(owner.uid()), Some(owner.gid())).unwrap();
    let tool = |name: &str| {
        let mut command = Command::new(own.server.installation().bin_dir().join(name));
        command
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if rustix::process::geteuid().is_root() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        command
    };
    let data = folder.join("data");
    let copied = tool("pg_basebackup")
        .args([
            "--write-recovery-conf",
            "--slot",
            "standby1",
            "--checkpoint",
            "fast",
            "--no-sync",
            "--pgdata",
        ])
        .arg(&data)
        .arg("--dbname")
        .arg(own.source("postgres"))
        .status()
        .unwrap();
    assert!(copied.success(), "pg_basebackup: {copied}");
    let child = tool("postgres")
        .arg("-D")
        .arg(&data)
        .args(["-c", "listen_addresses=", "-c"])
        .arg(format!("unix_socket_directories={}", folder.display()))
        .spawn()
        .unwrap();
    let source = format!(
        "host='{}' port={} user=postgres dbname=postgres",
        folder.display(),
        own.server.port()
    );
    (child, source)
}

fn compare(metrics: &Metrics, fixture: &BTreeMap<String, (String, String, String)>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, (kind, labels, help)) in fixture {
        if is_excepted(name) {
            continue;
        }
        let Some(Family {
            kind: k,
            help: h,
            labels: l,
            ..
        }) = metrics.0.get(name)
        else {
            wrong.push(format!("{name}: absent"));
            continue;
        };
        if k != kind || h != help || l.iter().ne([labels]) {
            wrong.push(format!(
                "{name}: {k} {l:?} {h:?}, not {kind} {labels:?} {help:?}"
            ));
        }
    }
    wrong
}

#[tokio::test]
async fn every_family_of_upstream_has_its_type_its_labels_and_its_sentence() {
    let busy = busy().await;
    let major = busy.own.server.installation().major();
    let known = if major >= 17 { 17 } else { 15 };
    let source = busy.own.source("postgres");
    for (flags, which) in [(ALL, "all"), (&[][..], "default")] {
        let exporter = Exporter::start(&source, flags).await;
        let metrics = exporter
            .until("the standby streams, and a file was archived", |m| {
                m.find(
                    "pg_stat_replication_pg_wal_lsn_diff",
                    &["state=\"streaming\""],
                )
                .is_some()
                    && m.0.contains_key("pg_stat_archiver_last_archive_age")
            })
            .await;
        let mut wrong = compare(
            &metrics,
            &fixture(&format!("pg{known}_exporter0.17_{which}.tsv")),
        );
        if major > known {
            // Settings that are gone since; those that came are not missed.
            wrong.retain(|line| !line.starts_with("pg_settings_"));
        }
        assert!(wrong.is_empty(), "{which}:\n{}", wrong.join("\n"));
        let failed: Vec<_> = metrics
            .family("pg_scrape_collector_success")
            .samples
            .iter()
            .filter(|(_, value)| **value != 1.0)
            .collect();
        assert!(failed.is_empty(), "{failed:?}");
        assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    }
}

/// The register of families over the releases: what 0.17.1 could tell is declared here, whether or not a server has it.
#[test]
fn every_family_that_0_17_1_could_tell_is_declared_with_its_type() {
    let declared: BTreeMap<String, String> = kardan_monitoring::dump_maps()
        .lines()
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            (cells[1].to_owned(), cells[2].to_owned())
        })
        .collect();
    let register = include_str!("../reference/families.tsv");
    let mut wrong = Vec::new();
    for line in register.lines().skip(1) {
        let cells: Vec<_> = line.split('\t').collect();
        let (name, kind, span) = (cells[0], cells[1], cells[3]);
        let is_internal = name.starts_with("pg_exporter_")
            || name.starts_with("pg_scrape_")
            || ["pg_static", "pg_up"].contains(&name);
        if is_internal || is_excepted(name) {
            continue;
        }
        match declared.get(name) {
            None => wrong.push(format!("{name} ({span})")),
            Some(have) if have != kind => wrong.push(format!("{name}: {have}, not {kind}")),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_other_dialect_and_the_aliases_have_their_names() {
    let busy = busy().await;
    let source = busy.own.source("postgres");
    let exporter = Exporter::start(&source, &["--dialect", "0.20", "--aliases"]).await;
    let metrics = exporter.metrics().await;
    for name in [
        "pg_replication_slots_slot_current_wal_lsn",
        "pg_replication_slots_wal_status",
        "pg_stat_user_tables_table_size_bytes",
        "pg_stat_user_tables_index_size_bytes",
        // Aliases.
        "pg_stat_bgwriter_buffers_alloc",
        "pg_replication_slot_is_active",
        "pg_stat_database_sessions",
    ] {
        assert!(metrics.0.contains_key(name), "{name}");
    }
    for name in [
        "pg_replication_slot_slot_is_active",
        "pg_stat_user_tables_size_bytes",
    ] {
        assert!(!metrics.0.contains_key(name), "{name}");
    }
    let labels = &metrics.family("pg_replication_slots_active").labels;
    assert!(
        labels.iter().eq(["database,slot_name"]),
        "no label server: {labels:?}"
    );
}

#[tokio::test]
async fn a_slot_is_told_by_its_name_and_nothing_is_not_a_number() {
    let busy = busy().await;
    let exporter =
        Exporter::start(&busy.own.source("postgres"), &["--collector.process_idle"]).await;
    let metrics = exporter
        .until("the standby streams", |m| {
            m.find(
                "pg_stat_replication_pg_wal_lsn_diff",
                &["state=\"streaming\""],
            )
            .is_some()
        })
        .await;
    let slot = metrics.find(
        "pg_stat_replication_pg_wal_lsn_diff",
        &["slot_name=\"standby1\""],
    );
    assert!(slot.is_some(), "upstream has a process id there");
    for family in metrics.0.values() {
        assert!(family.samples.values().all(|v| !v.is_nan()), "{family:?}");
    }
}

#[tokio::test]
async fn a_standby_tells_that_it_is_one_and_how_it_follows() {
    let busy = busy().await;
    let exporter = Exporter::start(&busy.standby_source, &["--collector.stat_wal_receiver"]).await;
    // It tells how far the other side is only after it has heard something new.
    busy.idle
        .batch_execute("insert into t1 (v) values ('y')")
        .await
        .unwrap();
    let metrics = exporter
        .until("it receives", |m| {
            m.0.contains_key("pg_stat_wal_receiver_latest_end_lsn")
        })
        .await;
    assert_eq!(metrics.value("pg_replication_is_replica"), 1.0);
    assert_eq!(metrics.value("pg_exporter_last_scrape_error"), 0.0);
    let register = include_str!("../reference/families.tsv");
    for line in register
        .lines()
        .filter(|line| line.starts_with("pg_stat_wal_receiver_"))
    {
        let cells: Vec<_> = line.split('\t').collect();
        // A node has a number only where repmgr made its slot.
        if cells[0] != "pg_stat_wal_receiver_upstream_node" {
            let family = metrics.family(cells[0]);
            assert_eq!(family.kind, cells[1], "{}", cells[0]);
            assert!(
                family.labels.iter().eq(["slot_name,status,upstream_host"]),
                "{family:?}"
            );
        }
    }
    assert!(
        metrics
            .find(
                "pg_stat_wal_receiver_received_tli",
                &["slot_name=\"standby1\"", "status=\"streaming\""]
            )
            .is_some()
    );
}
