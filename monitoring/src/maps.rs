//! `--dumpmaps`: every family that can come, without asking a server.

use crate::collect::{ALIASES, COLLECTORS, Column, LEGACY};
use crate::kardan::GROUPS;

/// A line for each family: collector, name, type, sentence. Families of settings and of custom queries depend on the
/// server and are not in it.
#[must_use]
pub fn dump() -> String {
    let collectors = COLLECTORS.iter().map(|c| (c.name, c.queries));
    let groups = GROUPS.iter().map(|g| (g.name, g.queries));
    let views = [("(views)", LEGACY), ("(aliases)", ALIASES)];
    let mut lines: Vec<String> = collectors
        .chain(groups)
        .chain(views)
        .flat_map(|(name, queries)| {
            queries
                .iter()
                .flat_map(|query| query.families)
                .map(move |column| line(name, column))
        })
        .collect();
    lines.dedup();
    lines.join("")
}

fn line(collector: &str, column: &Column) -> String {
    let kind = format!("{:?}", column.kind).to_lowercase();
    format!("{collector}\t{}\t{kind}\t{}\n", column.name, column.help)
}
