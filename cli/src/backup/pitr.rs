//! `kardan backup plan`, `point`, and `restore` to a moment.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use kardan_backup::{Error, Plan, Progress, Repository, Target, Wish};

use super::args::{self, BackupPlace};
use super::{bar, show, show_wal};
use crate::args::DatabaseUrl;
use crate::migrate::print_json;

/// A moment to come back to, between two backups.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// Everything that was committed until then, and nothing later. With its zone: '2026-11-28 03:10:00Z' or '…+03:00'.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["target_lsn", "target_name", "target_end"])]
    pub target_time: Option<String>,
    /// Everything that was written before a position in WAL.
    #[arg(long, value_name = "LSN", conflicts_with_all = ["target_name", "target_end"])]
    pub target_lsn: Option<String>,
    /// A point that `kardan backup point` has made, or pg_create_restore_point().
    #[arg(long, value_name = "NAME", conflicts_with = "target_end")]
    pub target_name: Option<String>,
    /// Everything that was archived.
    #[arg(long)]
    pub target_end: bool,
    /// The timeline to follow, where a server was promoted and the one before went on; the newest without it.
    #[arg(long, value_name = "N")]
    pub timeline: Option<u32>,
}

impl TargetArgs {
    pub fn target(&self) -> Result<Option<Target>, Error> {
        if let Some(time) = &self.target_time {
            return Target::time(time).map(Some);
        }
        if let Some(lsn) = &self.target_lsn {
            return Target::lsn(lsn).map(Some);
        }
        let name = self.target_name.clone().map(Target::Name);
        Ok(name.or_else(|| self.target_end.then_some(Target::End)))
    }

    fn wish(&self, id: &str) -> anyhow::Result<Wish> {
        Ok(Wish {
            target: self.target()?.context(
                "say to which moment: --target-time, --target-lsn, --target-name or --target-end",
            )?,
            timeline: self.timeline,
            backup: (id != "latest").then(|| id.to_owned()),
        })
    }
}

#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Begin with this backup, and not with the newest that will do.
    #[arg(long, default_value = "latest", value_name = "ID")]
    pub backup: String,
    /// Where it would be restored to: is there room?
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PointArgs {
    /// Its name.
    pub name: String,
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Do not wait until it is archived.
    #[arg(long)]
    pub no_wait: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

pub async fn plan(place: &BackupPlace, args: PlanArgs) -> anyhow::Result<ExitCode> {
    let wish = args.target.wish(&args.backup)?;
    let plan = make(place, &place.open()?, wish).await?;
    let to = args.to.unwrap_or_else(|| PathBuf::from("."));
    let free = kardan_backup::free_bytes(&to)?;
    if args.json {
        print_json(&serde_json::json!({
            "plan": plan, "needed_bytes": plan.needed_bytes(), "free_bytes": free,
            "fits": plan.needed_bytes() <= free,
        }))?;
    } else {
        show_wal::pitr(&plan, &to, free);
    }
    Ok(super::code(plan.needed_bytes() <= free))
}

pub async fn restore(place: &BackupPlace, args: &args::Restore) -> anyhow::Result<ExitCode> {
    let repository = place.open()?;
    let plan = make(place, &repository, args.target.wish(&args.id)?).await?;
    let now = chrono::Utc::now().format("%Y%m%dT%H%M%SZ");
    let to = args.to.clone();
    let to = to.unwrap_or_else(|| place.data_dir.data_dir.join(format!("restored-{now}")));
    if !args.json || args.dry_run {
        let free = kardan_backup::free_bytes(&to)?;
        if args.json {
            print_json(&plan)?;
        } else {
            show_wal::pitr(&plan, &to, free);
        }
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let bin_dir = place.pg_bin.as_deref();
    let restored = kardan_backup::restore_to(&repository, &plan, &to, bin_dir, &progress).await;
    bar.end();
    let restored = restored?;
    if args.json {
        print_json(&serde_json::json!({ "plan": plan, "restored": restored }))?;
    } else {
        show::restored(&plan.backup, &restored);
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn point(place: &BackupPlace, args: &PointArgs) -> anyhow::Result<ExitCode> {
    let (source, repository) = (place.source(&args.database).await?, place.open()?);
    let point = kardan_backup::make_point(&source, &repository, &args.name).await?;
    let is_archived = if args.no_wait {
        false
    } else {
        kardan_backup::switch(&source, &repository, Duration::from_secs(60))
            .await?
            .is_archived
    };
    if args.json {
        print_json(&serde_json::json!({ "point": point, "is_archived": is_archived }))?;
    } else {
        let word = if is_archived {
            "archived"
        } else {
            "not archived yet"
        };
        println!(
            "{:?} at {} on timeline {}, {word}",
            point.name, point.lsn, point.timeline
        );
        println!("next: kardan backup restore --target-name '{}'", point.name);
    }
    Ok(super::code(is_archived || args.no_wait))
}

/// Plans on a thread of its own: it reads WAL.
async fn make(place: &BackupPlace, repository: &Repository, wish: Wish) -> anyhow::Result<Plan> {
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let (repository, bin_dir) = (repository.clone(), place.pg_bin.clone());
    let planned = tokio::task::spawn_blocking(move || {
        let bin_dir: Option<&Path> = bin_dir.as_deref();
        kardan_backup::plan_restore(&repository, &wish, bin_dir, &progress)
    })
    .await;
    bar.end();
    Ok(planned??)
}
