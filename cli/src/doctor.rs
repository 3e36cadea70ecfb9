//! `kardan doctor`.

use std::process::ExitCode;
use std::time::Duration;

use kardan_migrations::{Depth, Level};

use crate::args::Doctor;
use crate::exit;
use crate::migrate::print_json;

pub async fn run(args: Doctor) -> anyhow::Result<ExitCode> {
    let config = args.database.require()?;
    let mut client = crate::database::connect(&config).await?;
    let mut findings = kardan_migrations::doctor(&mut client).await?;
    if args.deep {
        let depth = Depth {
            long_transaction: Duration::from_secs(args.long_transaction),
            ..Depth::default()
        };
        findings.extend(kardan_migrations::deep(&mut client, depth).await?);
    }
    if args.json {
        print_json(&findings)?;
    } else {
        println!(
            "{:<8}  {:<22}  {}",
            "ok",
            "connection",
            crate::database::place(&config)
        );
        for finding in &findings {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Failure => "FAILURE",
            };
            println!("{level:<8}  {:<22}  {}", finding.check, finding.found);
            if !finding.next.is_empty() {
                println!("{:<8}  {:<22}  next: {}", "", "", finding.next);
            }
        }
    }
    let failed = findings
        .iter()
        .any(|finding| finding.level == Level::Failure);
    Ok(if failed {
        ExitCode::from(exit::FOUND)
    } else {
        ExitCode::SUCCESS
    })
}
