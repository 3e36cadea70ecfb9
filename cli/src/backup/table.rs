//! `kardan backup restore --table`.

use std::process::ExitCode;
use std::sync::Arc;

use kardan_backup::{Kind, Progress, TableName};

use super::args::{self, BackupPlace};
use super::bar;
use crate::migrate::print_json;

pub async fn restore(
    place: &BackupPlace,
    args: &args::Restore,
    table: &str,
) -> anyhow::Result<ExitCode> {
    let table = TableName::parse(table)?;
    let into = match &args.rename {
        Some(name) => TableName::parse(name)?,
        None => table.within("restored"),
    };
    let repository = place.open()?;
    let entry = repository.find(&args.id, Some(Kind::Logical))?;
    if args.dry_run {
        println!(
            "{table} of {} would become {into}; nothing was done",
            entry.id
        );
        return Ok(ExitCode::SUCCESS);
    }
    let source = place.source(&args.server).await?;
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let made =
        kardan_backup::restore_table(&repository, &entry, &source, &table, &into, &progress).await;
    bar.end();
    let made = made?;
    if args.json {
        print_json(&made)?;
    } else {
        println!(
            "{}: {} rows, as backup {} has {table}; without keys, indexes and defaults",
            made.table, made.rows, entry.id
        );
        println!(
            "next: compare, copy what is missing by SQL, and drop table {}",
            made.table
        );
    }
    Ok(ExitCode::SUCCESS)
}
