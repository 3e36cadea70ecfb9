//! The commands of the runbooks do what the pages say that one can do with them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use kardan_embedded::{Config, Server};
use kardan_testdb::Database;

use crate::process::{kardan, run};

/// A block of commands: its page, its language, its lines.
struct Block {
    page: String,
    language: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn blocks() -> Vec<Block> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("docs/src/runbooks")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let page = path.file_name().unwrap().to_str().unwrap().to_owned();
        for block in text.split("\n```").skip(1).step_by(2) {
            let (language, text) = block.split_once('\n').unwrap();
            found.push(Block {
                page: page.clone(),
                language: language.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    found
}

#[tokio::test]
async fn statements_of_runbooks_run_on_a_database_with_the_program() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let mut count = 0;
    for block in blocks().iter().filter(|block| block.language == "sql") {
        let done = session.batch_execute(&block.text).await;
        assert!(
            done.is_ok(),
            "{}: {:?}\n{}",
            block.page,
            done.err(),
            block.text
        );
        count += 1;
    }
    assert!(count > 20, "{count} statements were found");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_of_runbooks_exist_and_those_that_need_no_cluster_run() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
    let backups = folder.path().join("backups");
    // The one of the databases keeps too little WAL for a backup.
    let server = Server::start(Config::for_tests(folder.path().join("server"))).await?;
    // What lists and shows needs one.
    let (code, out, err) = run(kardan()
        .args(["backup", "take"])
        .env("DATABASE_URL", server.url("postgres"))
        .env("KARDAN_BACKUPS", &backups));
    assert_eq!(code, 0, "{out}{err}");
    let compose = std::fs::read_to_string(root().join("compose.yml"))?;
    let script = std::fs::read_to_string(root().join("patroni/cluster.sh"))?;
    let mut count = 0;
    for block in blocks().iter().filter(|block| block.language == "sh") {
        for line in block.text.lines() {
            let words: Vec<_> = line.split_whitespace().collect();
            count += 1;
            match words.as_slice() {
                ["kardan", args @ ..] => {
                    let mut command = kardan();
                    command.args(args);
                    command.env("DATABASE_URL", db.url_as("postgres"));
                    command.env("KARDAN_BACKUPS", &backups);
                    match args.first() {
                        Some(&"backup") => command.env("DATABASE_URL", server.url("postgres")),
                        // What stands before it must be known, or this is an error.
                        Some(&"cluster") => command.arg("--help"),
                        _ => &mut command,
                    };
                    let (code, out, err) = run(&mut command);
                    // 4: doctor has found something.
                    let is_fine = code == 0 || (args.first() == Some(&"doctor") && code == 4);
                    assert!(is_fine, "{}: {line}: {code}\n{out}{err}", block.page);
                }
                ["./dev", "cluster", command, service] => {
                    assert!(
                        script.contains(&format!("\n    {command}) ")),
                        "{}: {line}",
                        block.page
                    );
                    assert!(
                        compose.contains(&format!("\n  {service}:\n")),
                        "{}: {line}",
                        block.page
                    );
                }
                _ => panic!("{}: nobody knows whether this works: {line}", block.page),
            }
        }
    }
    assert!(count > 20, "{count} commands were found");
    Ok(())
}
