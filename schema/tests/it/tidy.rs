//! The look of the SQL tree: one object a file, named like it, short enough to read, without the words that hide faults.

use std::path::{Path, PathBuf};

use kardan_testdb::of_domains;
use regex::Regex;

fn tree(root: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(root),
        &mut files,
    );
    assert!(!files.is_empty(), "{root} holds no SQL");
    files
}

fn collect(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "sql") {
            let text = std::fs::read_to_string(&path).unwrap();
            into.push((path, text));
        }
    }
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Lines of both trees that break a rule.
fn lines(breaks: impl Fn(&Path, &str) -> Option<&'static str>) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in [
        tree("sql"),
        tree("../migrations/versions"),
        tree("../migrations/online"),
    ]
    .concat()
    {
        for (line, number) in text.lines().zip(1..) {
            if let Some(why) = breaks(&path, line) {
                found.push(format!("{}:{number}: {why}", path.display()));
            }
        }
    }
    found
}

#[test]
fn lines_are_narrow_and_hold_neither_tabs_nor_trailing_blanks() {
    assert_none(&lines(|_, line| {
        if line.chars().count() > 100 {
            Some("longer than 100 columns")
        } else if line.contains('\t') {
            Some("a tab")
        } else if line.ends_with(' ') {
            Some("a trailing blank")
        } else {
            None
        }
    }));
}

#[test]
fn words_that_hide_faults_are_not_used() {
    let star = Regex::new(r"(?i)\bselect\s+(\w+\.)?\*").unwrap();
    let clock = Regex::new(
        r"(?i)\b(now|clock_timestamp|statement_timestamp)\(\)|\bcurrent_(timestamp|date|time)\b",
    )
    .unwrap();
    let cascade = Regex::new(r"(?i)\bdrop\b.*\bcascade\b").unwrap();
    assert_none(&lines(|path, line| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let code = line.split("--").next().unwrap_or_default();
        if star.is_match(code) && name != "idempotency_begin" {
            Some("select *")
        } else if code.contains("when others") && name != "job_attempt" {
            Some("when others")
        } else if clock.is_match(code) {
            Some("the time without ops.clock_now()")
        } else if cascade.is_match(code) {
            Some("drop … cascade")
        } else {
            None
        }
    }));
}

#[test]
fn the_time_of_the_transaction_is_read_in_one_place() {
    let found: Vec<String> = tree("sql")
        .into_iter()
        .filter(|(path, text)| {
            text.contains("transaction_timestamp") && !path.ends_with("ops/clock_now.sql")
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_none(&found);
}

#[test]
fn a_file_defines_the_one_object_that_its_path_names() {
    let define =
        Regex::new(r"(?m)^create (?:or replace )?(function|view|trigger|procedure) ([a-z_.0-9]+)")
            .unwrap();
    let mut found = Vec::new();
    for (path, text) in tree("sql") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let domain = path
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap();
        let defined: Vec<_> = define
            .captures_iter(&text)
            .map(|c| c[2].to_owned())
            .collect();
        if defined != [format!("{domain}.{name}")] {
            found.push(format!("{}: defines {defined:?}", path.display()));
        }
        if !text.starts_with("-- ") {
            found.push(format!(
                "{}: does not begin with what it guarantees",
                path.display()
            ));
        }
    }
    assert_none(&found);
}

#[test]
fn a_function_fits_on_a_screen_and_a_half() {
    let mut found = Vec::new();
    for (path, text) in tree("sql") {
        let Some(body) = text
            .split("as $$")
            .nth(1)
            .and_then(|rest| rest.split("$$;").next())
        else {
            continue;
        };
        let count = body.lines().count();
        if count > 70 {
            found.push(format!(
                "{}: {count} lines in the body, at most 70",
                path.display()
            ));
        }
    }
    assert_none(&found);
}

#[test]
fn a_migration_names_no_replaceable_schema() {
    let replaceable = Regex::new(&of_domains(r"\b(DOMAINS)\.[a-z]")).unwrap();
    let mut found = Vec::new();
    for (path, text) in tree("../migrations/versions") {
        for (line, number) in text.lines().zip(1..) {
            let code = line.split("--").next().unwrap_or_default();
            if replaceable.is_match(code) && !code.contains('\'') {
                found.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    assert_none(&found);
}
