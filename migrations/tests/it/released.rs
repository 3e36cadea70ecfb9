//! Two roads, one result: what was released and then brought up to date equals a fresh build.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kardan_testdb::{Database, of_domains};

use crate::snapshot::{difference, dump};
use crate::support::{migrate_to, migrations, values};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/released")
}

fn sql_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    files
}

/// The released migrations as `V1__name checksum`, a line each.
fn versions(until: i32) -> String {
    let mut text = String::new();
    for migration in migrations().iter().filter(|m| m.version() <= until) {
        writeln!(text, "{migration} {}", migration.checksum()).unwrap();
    }
    text
}

async fn build(release: &Path, until: i32) -> Database {
    let database = Database::empty().await.unwrap();
    let session = migrate_to(&database, until).await;
    session
        .batch_execute("set role kardan_owner; set search_path = pg_catalog, pg_temp")
        .await
        .unwrap();
    for file in sql_files(&release.join("online")) {
        let sql = fs::read_to_string(file).unwrap();
        session.batch_execute(&sql).await.unwrap();
    }
    drop(session);
    database
}

/// Both roads of one release; the error says where they part.
async fn travel(release: &Path, fresh: &str) -> Result<(), String> {
    let released = fs::read_to_string(release.join("versions.txt")).unwrap();
    let last = released.lines().last().ok_or("no migration was released")?;
    let (name, _) = last
        .split_once("__")
        .ok_or("versions.txt is not V1__name checksum")?;
    let until = name
        .trim_start_matches('V')
        .parse()
        .map_err(|_| "no version number")?;
    if let Some(difference) = difference(&released, &versions(until)) {
        return Err(format!("a released migration was edited:\n{difference}"));
    }
    let database = build(release, until).await;
    let snapshot = fs::read_to_string(release.join("snapshot.sql")).unwrap();
    if let Some(difference) = difference(&snapshot, &dump(&database).await) {
        return Err(format!(
            "the released files give other tables:\n{difference}"
        ));
    }
    let mut session = database.superuser().await.unwrap();
    if let Ok(data) = fs::read_to_string(release.join("data.sql")) {
        session
            .batch_execute(&data)
            .await
            .map_err(|e| format!("data.sql: {e:?}"))?;
    }
    kardan_migrations::up(&mut session, "later")
        .await
        .map_err(|error| format!("the later files fail on the released state: {error:?}"))?;
    match difference(fresh, &dump(&database).await) {
        Some(difference) => Err(format!("the two roads part:\n{difference}")),
        None => Ok(()),
    }
}

/// Writes a release that ends at this version.
async fn write(release: &Path, until: i32, online: bool) {
    fs::create_dir_all(release.join("online")).unwrap();
    if online {
        for file in sql_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("online")) {
            fs::copy(
                &file,
                release.join("online").join(file.file_name().unwrap()),
            )
            .unwrap();
        }
    }
    fs::write(release.join("versions.txt"), versions(until)).unwrap();
    let database = build(release, until).await;
    fs::write(release.join("snapshot.sql"), dump(&database).await).unwrap();
}

async fn fresh() -> String {
    dump(&Database::create().await.unwrap()).await
}

#[tokio::test]
async fn every_release_and_the_later_files_equal_a_fresh_build() {
    let fresh = fresh().await;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let release = entry.unwrap().path();
        if release.is_dir()
            && let Err(error) = travel(&release, &fresh).await
        {
            wrong.push(format!("{}: {error}", release.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_release_of_today_takes_both_roads() {
    let temporary = tempfile::tempdir().unwrap();
    let release = std::env::var_os("KARDAN_RELEASE").map_or_else(
        || temporary.path().join("release"),
        |name| folder().join(name),
    );
    assert!(
        !release.exists(),
        "{} is never written again",
        release.display()
    );
    let last = migrations().last().unwrap().version();
    write(&release, last, true).await;
    travel(&release, &fresh().await).await.unwrap();
}

#[tokio::test]
async fn a_stop_after_any_migration_ends_in_the_same_tables() {
    let fresh = fresh().await;
    let all = migrations();
    for migration in &all[..all.len() - 1] {
        let database = Database::empty().await.unwrap();
        let mut session = migrate_to(&database, migration.version()).await;
        kardan_migrations::up(&mut session, "later")
            .await
            .unwrap_or_else(|error| panic!("after {migration}: {error:?}"));
        if let Some(difference) = difference(&fresh, &dump(&database).await) {
            panic!("after {migration}:\n{difference}");
        }
    }
}

#[tokio::test]
async fn an_edited_migration_and_other_tables_are_told_from_the_released_ones() {
    let temporary = tempfile::tempdir().unwrap();
    let release = temporary.path().join("release");
    write(&release, 2, false).await;
    let fresh = fresh().await;
    travel(&release, &fresh).await.unwrap();

    let good = fs::read_to_string(release.join("versions.txt")).unwrap();
    fs::write(
        release.join("versions.txt"),
        good.replace("__people ", "__people 1"),
    )
    .unwrap();
    let error = travel(&release, &fresh).await.unwrap_err();
    assert!(
        error.contains("edited") && error.contains("V2__people"),
        "{error}"
    );
    fs::write(release.join("versions.txt"), good).unwrap();

    let error = travel(&release, &fresh.replace("title", "titel"))
        .await
        .unwrap_err();
    assert!(error.contains("the two roads part"), "{error}");

    fs::write(
        release.join("data.sql"),
        "insert into people_data.users (role) values ('king')",
    )
    .unwrap();
    let error = travel(&release, &fresh).await.unwrap_err();
    assert!(error.contains("data.sql"), "{error}");
}

#[tokio::test]
async fn migrations_need_nothing_of_the_program() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    kardan_migrations::migrate_only(&mut session).await.unwrap();
    let program = values(
        &session,
        "select p.oid::regprocedure::text from pg_proc as p
         where p.pronamespace::regnamespace::text ~ '^(DOMAINS)$'
         union all
         select c.oid::regclass::text from pg_class as c
         where c.relnamespace::regnamespace::text ~ '^(DOMAINS)$'",
    )
    .await;
    assert_eq!(
        program,
        Vec::<String>::new(),
        "a migration made part of the program"
    );
}

#[test]
fn no_migration_names_a_replaceable_schema() {
    // The schemas themselves are made, described and granted; nothing in them is named.
    let inside = regex::Regex::new(&of_domains(r"(?i)\b(DOMAINS)\s*\.\s*[a-z_]")).unwrap();
    let quoted = regex::Regex::new(r"(?s)--[^\n]*|comment on [^;]*;").unwrap();
    assert!(inside.is_match("select ops.clock_now()"));
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        sql_files(&manifest.join("versions")),
        sql_files(&manifest.join("online")),
    ]
    .concat()
    {
        let text = fs::read_to_string(&file).unwrap();
        let code = quoted.replace_all(&text, "");
        let found = inside.find(&code).map(|m| m.as_str().to_owned());
        assert_eq!(found, None, "{} names the program", file.display());
    }
}
