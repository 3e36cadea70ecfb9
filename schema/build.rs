//! Turns the two registers of this crate into Rust: `errors.toml` into the enum `Reason`, and the tree `sql/` into a
//! list of files. Nothing else: no database is asked at build time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sqlstate: String,
    status: Option<u16>,
    field: Option<String>,
    en: String,
    ru: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=errors.toml");
    println!("cargo::rerun-if-changed=sql");
    println!("cargo::rerun-if-changed=build.rs");

    let register: BTreeMap<String, Entry> =
        toml::from_str(&fs::read_to_string(root.join("errors.toml"))?)?;
    fs::write(out.join("reasons.rs"), reasons(&register)?)?;

    let mut files = Vec::new();
    collect(&root.join("sql"), &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(root.join("sql"))?.with_extension("");
        writeln!(
            list,
            "    File {{ path: {name:?}, sql: {:?} }},",
            fs::read_to_string(file)?
        )?;
    }
    list.push(']');
    fs::write(out.join("files.rs"), list)?;
    Ok(())
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|e| e == "sql") {
            into.push(path);
        }
    }
    Ok(())
}

fn reasons(register: &BTreeMap<String, Entry>) -> Result<String, Box<dyn std::error::Error>> {
    let mut variants = String::new();
    let mut table = String::new();
    for (name, entry) in register {
        let status = match entry.status {
            Some(status) => status,
            None => default_status(&entry.sqlstate)
                .ok_or_else(|| format!("errors.toml: [{name}] has an unknown sqlstate"))?,
        };
        let variant = camel(name);
        writeln!(variants, "    /// {}\n    {variant},", entry.en)?;
        writeln!(
            table,
            "    Entry {{ reason: Reason::{variant}, code: {name:?}, sqlstate: {:?}, status: {status}, field: {:?}, en: {:?}, ru: {:?} }},",
            entry.sqlstate, entry.field, entry.en, entry.ru
        )?;
    }
    Ok(format!(
        "/// Why something was refused; one for each entry of `errors.toml`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         #[expect(clippy::enum_variant_names, reason = \"a variant is named like its constraint\")]\n\
         pub enum Reason {{\n{variants}}}\n\n\
         static REGISTER: &[Entry] = &[\n{table}];\n"
    ))
}

fn default_status(sqlstate: &str) -> Option<u16> {
    Some(match sqlstate {
        "ZAUTH" => 401,
        "ZNFND" => 404,
        "ZDENY" => 403,
        "ZCONF" | "23505" | "23P01" => 409,
        "ZINVL" | "23514" | "23503" | "23502" => 422,
        "ZLIMT" => 429,
        "ZSTAL" => 412,
        _ => return None,
    })
}

fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|c| c.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        })
        .collect()
}
