//! `kardan migrate`.

use std::process::ExitCode;

use kardan_migrations::{BOOTSTRAP_SQL, Cron, Done, Plan, Status};
use kardan_schema::load::Loaded;

use crate::args::Migrate;
use crate::exit;

/// What the record says of this binary.
pub const REVISION: &str = env!("CARGO_PKG_VERSION");

pub async fn run(action: Migrate) -> anyhow::Result<ExitCode> {
    match action {
        Migrate::Plan {
            database,
            json,
            check,
        } => {
            let plan = kardan_migrations::plan(&mut database.connect().await?).await?;
            if json {
                print_json(&plan)?
            } else {
                print_plan(&plan)
            }
            let found = check && !plan.is_empty();
            Ok(if found {
                ExitCode::from(exit::FOUND)
            } else {
                ExitCode::SUCCESS
            })
        }
        Migrate::Up { database, json } => {
            let done = kardan_migrations::up(&mut database.connect().await?, REVISION).await?;
            if json {
                print_json(&summary(&done))?
            } else {
                print_done(&done)
            }
            Ok(ExitCode::SUCCESS)
        }
        Migrate::Status { database, json } => {
            let status = kardan_migrations::status(&mut database.connect().await?).await?;
            if json {
                print_json(&status)?
            } else {
                print_status(&status)
            }
            Ok(ExitCode::SUCCESS)
        }
        Migrate::Bootstrap => {
            print!("{BOOTSTRAP_SQL}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// One JSON document on standard output.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

fn print_plan(plan: &Plan) {
    if plan.is_empty() {
        println!("nothing to do");
    }
    for name in &plan.migrations {
        println!("migration  {name}");
    }
    for name in &plan.online {
        println!("online     {name}");
    }
    if plan.program {
        println!("program    replaced in one transaction");
    }
}

/// What was done, a line each.
pub fn print_done(done: &Done) {
    if done.is_newer {
        println!("the database is newer than this binary: nothing was touched");
        return;
    }
    for name in &done.migrations {
        println!("migration  {name}");
    }
    for name in &done.online {
        println!("online     {name}");
    }
    match &done.program {
        Loaded::Unchanged => println!("program    unchanged"),
        Loaded::Replaced { files, swept } => {
            println!("program    {files} files");
            for object in swept {
                println!("dropped    {object}");
            }
        }
    }
    match done.cron {
        Cron::Server => println!("jobs       run by pg_cron"),
        Cron::Process => {
            println!(
                "jobs       run by `kardan up` or `kardan serve --jobs-url`: pg_cron is absent"
            )
        }
    }
}

fn summary(done: &Done) -> serde_json::Value {
    let (replaced, swept) = match &done.program {
        Loaded::Unchanged => (false, &[][..]),
        Loaded::Replaced { swept, .. } => (true, swept.as_slice()),
    };
    serde_json::json!({
        "migrations": done.migrations,
        "online": done.online,
        "program_replaced": replaced,
        "dropped": swept,
        "jobs_by_pg_cron": done.cron == Cron::Server,
        "database_is_newer": done.is_newer,
    })
}

fn print_status(status: &Status) {
    for migration in &status.migrations {
        println!("migration  {}  {}", migration.name, migration.applied_on);
    }
    for name in &status.online {
        println!("online     {name}");
    }
    match (&status.program, &status.revision) {
        (Some(program), Some(revision)) => {
            let same = if *program == status.binary {
                "this binary's"
            } else {
                "not this binary's"
            };
            println!(
                "program    {} of {revision}, {same}",
                program.get(..12).unwrap_or(program)
            );
        }
        _ => println!("program    never loaded"),
    }
}
