//! The definitions of a database as text, to be compared.

use crate::source::finish;
use crate::{Error, Source};

/// What `pg_dump` says of the definitions; of a moment when its snapshot is given.
pub async fn dump(source: &Source, snapshot: Option<&str>) -> Result<String, Error> {
    let mut command = source.command("pg_dump");
    command.args(["--schema-only", "--no-password"]);
    if let Some(snapshot) = snapshot {
        command.arg("--snapshot").arg(snapshot);
    }
    let said = tokio::task::spawn_blocking(move || finish("pg_dump", &mut command)).await??;
    Ok(essence(&String::from_utf8_lossy(&said)))
}

/// Without what is another one each time: comments with versions, and the word that `\restrict` draws.
fn essence(text: &str) -> String {
    let mut essence = String::with_capacity(text.len());
    for line in text.lines() {
        let is_noise = line.is_empty()
            || line.starts_with("--")
            || line.starts_with("\\restrict")
            || line.starts_with("\\unrestrict");
        if !is_noise {
            essence.push_str(line);
            essence.push('\n');
        }
    }
    essence
}

/// The first line in which two differ.
pub fn difference(kept: &str, found: &str) -> Option<String> {
    if kept == found {
        return None;
    }
    let differing = kept
        .lines()
        .zip(found.lines())
        .find(|(kept, found)| kept != found);
    Some(differing.map_or_else(
        || "one of them goes on where the other ends".to_owned(),
        |(kept, found)| format!("`{kept}` was backed up, `{found}` came back"),
    ))
}
