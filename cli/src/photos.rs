//! `kardan photos`: taking files of photos away that nobody shows any more. The server does the same once a day.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use kardan_photos::{Plan, Store, Swept, sweep};
use kardan_schema::market;
use tokio_postgres::Client;

use crate::args::{Photos, Sweep};
use crate::exit::Failure;
use crate::migrate::print_json;

pub async fn run(action: Photos) -> anyhow::Result<ExitCode> {
    let Photos::Sweep(args) = action;
    let store = Store::open(&args.store)?;
    let client = Arc::new(args.database.connect().await?);
    let dry = Plan {
        dry_run: true,
        ..Plan::default()
    };
    let is_asked = !args.dry_run && !args.yes;
    if is_asked && !std::io::stdin().is_terminal() {
        return Err(Failure::refused(format!(
            "this would delete files from {}; say --yes as well where nobody can be asked, or --dry-run to look",
            store.place()
        )));
    }
    let swept = if args.dry_run {
        look(&client, &store, dry).await?
    } else if is_asked {
        let found = look(&client, &store, dry).await?;
        if found.orphans > 0 && !agreed(&store, &found)? {
            return Err(Failure::refused("nothing was deleted"));
        }
        look(&client, &store, Plan::default()).await?
    } else {
        look(&client, &store, Plan::default()).await?
    };
    report(&args, &store, &swept)?;
    Ok(ExitCode::SUCCESS)
}

async fn look(client: &Arc<Client>, store: &Store, plan: Plan) -> anyhow::Result<Swept> {
    let is_seen = std::io::stderr().is_terminal();
    let orphans = |keys| {
        let client = Arc::clone(client);
        async move {
            let rows = market::photo_orphan_list(&*client, keys).await?;
            anyhow::Ok(rows.into_iter().map(|row| row.storage_key).collect())
        }
    };
    let swept = sweep(store, plan, orphans, |swept| {
        if is_seen {
            eprint!("\r{} files looked at", swept.seen);
        }
    })
    .await;
    if is_seen {
        eprintln!();
    }
    swept
}

fn agreed(store: &Store, found: &Swept) -> anyhow::Result<bool> {
    eprint!(
        "Delete {} files ({}) from {} that no listing shows? [y/N] ",
        found.orphans,
        size(found.orphan_bytes),
        store.place()
    );
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn report(args: &Sweep, store: &Store, swept: &Swept) -> anyhow::Result<()> {
    if args.json {
        return print_json(&serde_json::json!({
            "place": store.place(),
            "dry_run": args.dry_run,
            "seen": swept.seen,
            "orphans": swept.orphans,
            "orphan_bytes": swept.orphan_bytes,
            "deleted": swept.deleted,
            "put_back": swept.kept,
            "foreign": swept.foreign,
        }));
    }
    println!("{} files in {}", swept.seen, store.place());
    println!(
        "{} of them ({}) are older than a day and shown by no listing",
        swept.orphans,
        size(swept.orphan_bytes)
    );
    match args.dry_run {
        true => println!("nothing was deleted: without --dry-run they would be"),
        false => println!("{} deleted", swept.deleted),
    }
    if swept.kept > 0 {
        println!("{} put back: a listing got them meanwhile", swept.kept);
    }
    if swept.foreign > 0 {
        println!(
            "{} files have names that are not a photo's; they were left alone",
            swept.foreign
        );
    }
    Ok(())
}

fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
