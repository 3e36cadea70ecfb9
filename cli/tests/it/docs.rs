//! The project's own pages: what they point at exists.

use std::path::{Path, PathBuf};

fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                pages(&path, into);
            }
        } else if name.ends_with(".md") {
            into.push(path);
        }
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut all = Vec::new();
    pages(&root, &mut all);
    assert!(all.len() > 4);
    for page in all {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = target.split('#').next().unwrap_or_default();
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !target.is_empty() && !is_elsewhere && !page.parent().unwrap().join(target).exists()
            {
                found.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
