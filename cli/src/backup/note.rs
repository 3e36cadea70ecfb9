//! What a drill found is noted in the database, too, where somebody who watches it looks.

use kardan_backup::{Entry, Report, Repository, Source, Verdict};
use kardan_schema::ops::{self, BackupDrillRecord};

use super::args::BackupPlace;
use crate::args::DatabaseUrl;

/// Notes it, when the server whose backup it is can be reached; otherwise says why not. The repository has it either way.
pub async fn drill(
    place: &BackupPlace,
    database: &DatabaseUrl,
    repository: &Repository,
    report: &Report,
) {
    let Ok(entry) = repository.find(&report.id, None) else {
        return;
    };
    // Nobody has named a server, and none runs here: then there is nothing to tell.
    let Ok(config) = place.database(database) else {
        return;
    };
    if let Err(error) = note(place, config, &entry, report).await {
        eprintln!(
            "kardan: the drill is noted in the repository only, not in the database: {}",
            crate::exit::sentence(&error)
        );
    }
}

async fn note(
    place: &BackupPlace,
    config: tokio_postgres::Config,
    entry: &Entry,
    report: &Report,
) -> anyhow::Result<()> {
    let source = Source::new(config.clone(), place.pg_bin.as_deref()).await?;
    let own = source.system_identifier().await?;
    anyhow::ensure!(
        own == entry.system_identifier,
        "the backup is of the server {}, and this one is {own}",
        entry.system_identifier
    );
    let client = crate::database::connect(&config).await?;
    let verdict = match report.verdict {
        Verdict::Good => "good",
        Verdict::Bad => "bad",
        Verdict::Unproven => "unproven",
    };
    let record = BackupDrillRecord {
        backup_id: entry.id.clone(),
        backup_at: entry.finished_at,
        started_at: report.started_at,
        verdict: verdict.to_owned(),
        restored_bytes: i64::try_from(report.bytes)?,
        ready_seconds: report.ready_seconds,
        seconds: report.seconds,
    };
    ops::backup_drill_record(&client, &record).await?;
    Ok(())
}
