//! `kardan doctor`.

use std::process::ExitCode;
use std::time::Duration;

use kardan_migrations::{Depth, Level};

use crate::args::Doctor;
use crate::exit;
use crate::findings;
use crate::migrate::print_json;

/// The widest name of a check.
const WIDTH: usize = 22;

pub async fn run(args: Doctor) -> anyhow::Result<ExitCode> {
    let config = args.database.require()?;
    let mut client = crate::database::connect(&config).await?;
    let mut found = kardan_migrations::doctor(&mut client).await?;
    if args.deep {
        let depth = Depth {
            long_transaction: Duration::from_secs(args.long_transaction),
            ..Depth::default()
        };
        found.extend(kardan_migrations::deep(&mut client, depth).await?);
    }
    if args.json {
        print_json(&found)?;
    } else {
        let place = crate::database::place(&config);
        findings::print("ok", "connection", WIDTH, &place, "");
        for finding in &found {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Failure => "FAILURE",
            };
            findings::print(level, finding.check, WIDTH, &finding.found, &finding.next);
        }
    }
    let failed = found.iter().any(|finding| finding.level == Level::Failure);
    Ok(if failed {
        ExitCode::from(exit::FOUND)
    } else {
        ExitCode::SUCCESS
    })
}
