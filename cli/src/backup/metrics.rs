//! What an alert is made of: how old the last backup is, and the last one that was proved.

use std::process::ExitCode;

use kardan_backup::{Archive, Kind, Verdict};
use metrics::{Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::PrometheusBuilder;

use super::args::{BackupPlace, EngineName};
use crate::args::DatabaseUrl;

static METADATA: Metadata<'static> = Metadata::new("kardan_backup", Level::INFO, None);

pub async fn print(place: &BackupPlace, database: &DatabaseUrl) -> anyhow::Result<ExitCode> {
    let engine = place.engine()?;
    let (entries, reports) = (engine.list()?, engine.reports()?);
    let recorder = PrometheusBuilder::new().build_recorder();
    let set = |name: &'static str, about: &'static str, labels: Vec<Label>, value: f64| {
        recorder.describe_gauge(name.into(), None, about.into());
        recorder
            .register_gauge(&Key::from_parts(name, labels), &METADATA)
            .set(value);
    };
    for kind in [Kind::Physical, Kind::Logical] {
        let label = || vec![Label::new("kind", kind.name())];
        let of_kind = || entries.iter().filter(move |entry| entry.kind == kind);
        set(
            "kardan_backups",
            "Backups that are kept",
            label(),
            of_kind().count() as f64,
        );
        set(
            "kardan_backup_stored_bytes",
            "What they take",
            label(),
            of_kind()
                .map(kardan_backup::Entry::stored_bytes)
                .sum::<u64>() as f64,
        );
        if let Some(last) = of_kind().next_back() {
            set(
                "kardan_backup_last_end_seconds",
                "When the last one was whole, as a Unix time",
                label(),
                last.finished_at.timestamp() as f64,
            );
        }
    }
    if let Some(last) = reports.last() {
        set(
            "kardan_backup_last_drill_good",
            "1 when the last drill found all of it",
            Vec::new(),
            f64::from(u8::from(last.verdict == Verdict::Good)),
        );
        set(
            "kardan_backup_last_drill_seconds",
            "How long the last drill took",
            Vec::new(),
            last.seconds,
        );
        set(
            "kardan_backup_last_ready_seconds",
            "From stored files to a server that answers, in the last drill",
            Vec::new(),
            last.ready_seconds,
        );
    }
    let proved = reports
        .iter()
        .rev()
        .find(|report| report.verdict == Verdict::Good);
    if let Some(proved) = proved {
        let taken = entries.iter().find(|entry| entry.id == proved.id);
        if let Some(entry) = taken {
            set(
                "kardan_backup_last_proved_end_seconds",
                "When the last backup that a drill found good was whole, as a Unix time",
                Vec::new(),
                entry.finished_at.timestamp() as f64,
            );
        }
    }
    // What a cluster archives is told by each of its servers, for pg_stat_archiver counts it.
    let archive = match place.engine {
        EngineName::Core => Archive::load(&place.open()?)?,
        EngineName::Pgbackrest => None,
    };
    if let Some(archive) = archive {
        let stretches = archive.stretches()?;
        set(
            "kardan_backup_archive_segments",
            "Segments of WAL in the archive",
            Vec::new(),
            stretches.iter().map(|one| one.segments).sum::<u64>() as f64,
        );
        set(
            "kardan_backup_archive_stored_bytes",
            "What they take",
            Vec::new(),
            stretches.iter().map(|one| one.stored_bytes).sum::<u64>() as f64,
        );
        set(
            "kardan_backup_archive_missing_segments",
            "Segments that are missing between others: no moment behind one can be had from a backup before it",
            Vec::new(),
            archive.gaps().iter().map(|gap| gap.segments).sum::<u64>() as f64,
        );
        if let Some(last) = stretches.iter().map(|one| one.stored_at).max() {
            set(
                "kardan_backup_archive_last_segment_seconds",
                "When the last segment was stored, as a Unix time",
                Vec::new(),
                last.timestamp() as f64,
            );
        }
        // A server that cannot be asked is told by its own alert; the rest is worth having without it.
        if let Ok(source) = place.source(database).await {
            let server = kardan_backup::server_wal(&source).await?;
            if let Some(lag) = archive.lag_bytes(&server) {
                set(
                    "kardan_backup_archive_lag_bytes",
                    "What the server has written and the archive does not have",
                    Vec::new(),
                    lag as f64,
                );
            }
            if let Some(kept) = server.kept_bytes {
                set(
                    "kardan_backup_archive_kept_bytes",
                    "WAL that the server keeps for the archiver",
                    Vec::new(),
                    kept as f64,
                );
            }
        }
    }
    print!("{}", recorder.handle().render());
    Ok(ExitCode::SUCCESS)
}
