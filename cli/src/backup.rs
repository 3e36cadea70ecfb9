//! `kardan backup`: making backups, proving them, bringing them back.

mod archive;
mod args;
mod bar;
mod doctor;
mod keeper;
mod metrics;
mod note;
mod pitr;
mod place;
mod retention;
mod show;
mod show_wal;
mod table;
mod wal;

use std::process::ExitCode;
use std::sync::Arc;

use kardan_backup::{Engine, Error, Kind, Progress, Verdict};

pub use args::Backup;
use args::{Action, BackupPlace, EngineName};
pub use keeper::{Keeper, forget};

use crate::ask;
use crate::exit::{self, Failure};
use crate::migrate::print_json;

pub async fn run(args: Backup) -> anyhow::Result<ExitCode> {
    let place = args.place;
    let done = match args.action {
        Action::Take(args) => take(&place, &args).await,
        Action::List { json } => show::list(place.engine()?.as_ref(), json),
        Action::Show { id } => show::one(place.engine()?.as_ref(), &id),
        Action::Verify { id, all, json } => {
            let id = if all { None } else { Some(id) };
            verify(&place, id.as_deref(), json).await
        }
        Action::Drill(args) => drill(&place, &args).await,
        Action::Restore(args) if args.target.target()?.is_some() => {
            pitr::restore(&place, &args).await
        }
        Action::Restore(args) => match &args.table {
            Some(table) => table::restore(&place, &args, table).await,
            None => restore(&place, &args).await,
        },
        Action::Plan(args) => pitr::plan(&place, args).await,
        Action::Point(args) => pitr::point(&place, &args).await,
        Action::Archive { action } => archive::run(&place, action).await,
        Action::Wal { action } => wal::run(&place, action).await,
        Action::Expire(args) => expire(&place, &args),
        Action::Metrics { database } => metrics::print(&place, &database).await,
        Action::Doctor(args) => doctor::run(&place, &args).await,
        Action::Retention { action } => retention::run(&place, &action),
    };
    done.map_err(|error| match error.downcast_ref::<Error>() {
        Some(Error::Unreachable(_)) => Failure::unreachable(exit::sentence(&error)),
        Some(Error::NotEmpty(_) | Error::AnotherServer { .. } | Error::Abandoned { .. }) => {
            Failure::refused(exit::sentence(&error))
        }
        _ => error,
    })
}

async fn take(place: &BackupPlace, args: &args::Take) -> anyhow::Result<ExitCode> {
    let engine: Box<dyn Engine> = match place.engine {
        EngineName::Core => Box::new(place.core(Some(place.source(&args.database).await?))?),
        EngineName::Pgbackrest => place.engine()?,
    };
    let how = kardan_backup::Take {
        depth: args.depth.into(),
        kind: if args.logical {
            Kind::Logical
        } else {
            Kind::Physical
        },
        label: args.label.clone(),
        count: !args.no_count,
        jobs: args.jobs,
    };
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let taken = engine.take(&how, &progress).await;
    bar.end();
    let entry = taken?;
    if args.json {
        print_json(&entry)?;
    } else {
        show::taken(&entry);
        if entry.kind == Kind::Physical {
            println!("next: kardan backup {} {}", engine.proof(), entry.id);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(place: &BackupPlace, id: Option<&str>, json: bool) -> anyhow::Result<ExitCode> {
    let engine = place.engine()?;
    let entries = match id {
        Some(id) => vec![engine.find(id, None)?],
        None => engine.list()?,
    };
    let mut found = serde_json::Map::new();
    let mut is_good = true;
    for entry in entries {
        let progress = Arc::new(Progress::default());
        let bar = bar::show(&progress);
        let broken = engine.verify(&entry, &progress).await;
        bar.end();
        let broken = broken?;
        is_good &= broken.is_empty();
        if !json {
            let word = if broken.is_empty() { "ok" } else { "DAMAGED" };
            println!("{word:<8} {}", entry.id);
            for file in &broken {
                println!("{:<8} {}: {}", "", file.file, file.why);
            }
        }
        found.insert(entry.id, serde_json::to_value(broken)?);
    }
    if json {
        print_json(&found)?;
    }
    Ok(code(is_good))
}

async fn drill(place: &BackupPlace, args: &args::Drill) -> anyhow::Result<ExitCode> {
    let repository = place.open()?;
    let how = kardan_backup::Drill {
        id: args.id.clone(),
        bin_dir: place.pg_bin.clone(),
        jobs: args.jobs,
        keep: args.keep,
    };
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let drilled = kardan_backup::drill(&repository, &how, &progress).await;
    bar.end();
    let report = drilled?;
    note::drill(place, &args.database, &repository, &report).await;
    if args.json {
        print_json(&report)?;
    } else {
        show::report(&report);
    }
    Ok(code(report.verdict == Verdict::Good))
}

async fn restore(place: &BackupPlace, args: &args::Restore) -> anyhow::Result<ExitCode> {
    let repository = place.open()?;
    let kind = if args.to.is_some() {
        Kind::Physical
    } else {
        Kind::Logical
    };
    let entry = repository.find(&args.id, Some(kind))?;
    if args.dry_run {
        show::plan(&repository, &entry, args)?;
        return Ok(ExitCode::SUCCESS);
    }
    let progress = Arc::new(Progress::default());
    if let Some(folder) = &args.to {
        let bar = bar::show(&progress);
        let restored = kardan_backup::restore(
            &repository,
            &entry,
            folder,
            place.pg_bin.as_deref(),
            &progress,
        )
        .await;
        bar.end();
        let restored = restored?;
        if args.json {
            print_json(&restored)?;
        } else {
            show::restored(&entry, &restored);
        }
    } else if let Some(name) = &args.into {
        let source = place.source(&args.server).await?;
        let bar = bar::show(&progress);
        let made = kardan_backup::restore_database(
            &repository,
            &entry,
            &source,
            name,
            args.jobs,
            &progress,
        )
        .await;
        bar.end();
        let left = made?;
        if args.json {
            print_json(&serde_json::json!({ "database": name, "left_out": left }))?;
        } else {
            println!("database {name} is as backup {} has it", entry.id);
            for line in left {
                println!("left out: {line}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn expire(place: &BackupPlace, args: &args::Expire) -> anyhow::Result<ExitCode> {
    let engine = place.engine()?;
    let planned = engine.expire(args.rules(), true)?;
    let going = planned.backups.iter().filter(|one| one.why.is_none());
    let mut going: Vec<_> = going.map(|one| one.id.clone()).collect();
    if planned.wal.go > 0 {
        going.push(format!(
            "{} segments of WAL that none needs",
            planned.wal.go
        ));
    }
    if !args.dry_run && !going.is_empty() {
        ask::agreement(&format!("delete {}, for good", going.join(", ")), args.yes)?;
    }
    let expired = if args.dry_run {
        planned
    } else {
        engine.expire(args.rules(), false)?
    };
    if args.json {
        print_json(&expired)?;
    } else {
        show::expired(&expired, args.dry_run);
    }
    Ok(ExitCode::SUCCESS)
}

fn code(is_good: bool) -> ExitCode {
    if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::FOUND)
    }
}
