//! `kardan person`: what an operator does with everything that is stored about somebody.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use kardan_api::archive::Export;
use kardan_photos::Store;
use kardan_schema::{UserId, people};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc::{Receiver, channel};

use crate::args::{Person, PersonErase, PersonExport};
use crate::ask;
use crate::migrate::print_json;

pub async fn run(action: Person) -> anyhow::Result<ExitCode> {
    match action {
        Person::Export(args) => export(&args).await,
        Person::Erase(args) => erase(&args).await,
    }
}

/// What keeps a person is told before anybody is asked.
const KEPT: u8 = 4;

async fn erase(args: &PersonErase) -> anyhow::Result<ExitCode> {
    let client = args.database.connect().await?;
    let user = UserId(args.user);
    let obstacles = people::erasure_obstacles_list(&client, user).await?;
    let is_free = obstacles.is_empty();
    let is_done = is_free && !args.dry_run;
    if is_done {
        ask::agreement(
            &format!("erase person {user}, their listings and their words, for good"),
            args.yes,
        )?;
        people::user_erase_by_operator(&client, user).await?;
    }
    if args.json {
        print_json(&serde_json::json!({
            "user_id": user,
            "erased": is_done,
            "obstacles": obstacles.iter().map(|what| serde_json::json!({
                "reason": what.reason, "object_type": what.object_type, "object_id": what.object_id,
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        for what in &obstacles {
            println!("{}: {} {}", what.reason, what.object_type, what.object_id);
        }
        match (is_done, is_free) {
            (true, _) => println!("person {user} is erased"),
            (_, true) => println!("nothing keeps person {user}; nothing was done"),
            _ => println!("person {user} has to bring this to an end first; nothing was done"),
        }
    }
    Ok(if is_free {
        ExitCode::SUCCESS
    } else {
        KEPT.into()
    })
}

async fn export(args: &PersonExport) -> anyhow::Result<ExitCode> {
    let store = Store::open(&args.store)?;
    let client = args.database.connect().await?;
    let to = &args.to;
    // The number is known and the file is new before anything is recorded; a half-written file is taken away.
    let file = File::create_new(to)
        .await
        .with_context(|| format!("--to: {} cannot be made", to.display()))?;
    let user = UserId(args.user);
    let written = async {
        let sections = people::export_open_by_operator(&client, user).await?;
        let export = Export::of(sections)?;
        let (out, pieces) = channel(4);
        let writing = tokio::spawn(keep(file, pieces));
        let written = export.write(&client, &store, &out).await?;
        drop(out);
        let bytes = writing.await??;
        anyhow::Ok((written, bytes))
    };
    let (written, bytes) = match written.await {
        Ok(done) => done,
        Err(error) => {
            remove(to).await;
            return Err(error.context("writing the export"));
        }
    };
    if args.json {
        print_json(&serde_json::json!({
            "user_id": user,
            "file": to,
            "bytes": bytes,
            "items": written.items,
            "photos": written.photos,
            "missing_photos": written.missing_photos,
        }))?;
    } else {
        println!(
            "{}: {} things and {} photos of person {user}, {bytes} bytes",
            to.display(),
            written.items,
            written.photos
        );
        if written.missing_photos > 0 {
            println!(
                "{} photos are not in {}: missing-photos.txt in the archive names them",
                written.missing_photos,
                store.place()
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the pieces as they come, until there are no more.
async fn keep(
    mut file: File,
    mut pieces: Receiver<kardan_api::archive::Piece>,
) -> std::io::Result<u64> {
    let is_seen = std::io::stderr().is_terminal();
    let mut bytes = 0;
    while let Some(piece) = pieces.recv().await {
        let piece = piece?;
        file.write_all(&piece).await?;
        bytes += piece.len() as u64;
        if is_seen {
            eprint!("\r{bytes} bytes");
        }
    }
    if is_seen {
        eprintln!();
    }
    file.sync_all().await?;
    Ok(bytes)
}

async fn remove(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await {
        eprintln!(
            "{} is not whole and could not be removed: {error}",
            path.display()
        );
    }
}
