//! Makes cargo notice a new file in `versions/` and `online/`, and lists the online steps.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=versions");
    println!("cargo::rerun-if-changed=online");
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("online"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "sql") {
            files.push(path);
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        let name = file
            .file_stem()
            .and_then(|s| s.to_str())
            .ok_or("a file name is not UTF-8")?;
        println!("cargo::rerun-if-changed={}", file.display());
        // The text and not a path: builds of several clones may share a folder.
        writeln!(list, "    ({name:?}, {:?}),", fs::read_to_string(&file)?)?;
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("online.rs"), list)?;
    Ok(())
}
