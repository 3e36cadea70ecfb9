//! Definitions and rows of one database by `pg_dump`, and the roles that it names.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use crate::entry::StoredFile;
use crate::source::{Facts, failed, finish};
use crate::stored::Writer;
use crate::take::put;
use crate::{Error, Key, Progress, Source};

/// Dumps it as one stream, of a moment when its snapshot is given.
pub async fn dump(
    source: &Source,
    facts: &Facts,
    snapshot: Option<&str>,
    folder: &Path,
    key: Option<&Key>,
    progress: &Arc<Progress>,
) -> Result<Vec<StoredFile>, Error> {
    progress.begin("dumping", facts.data_bytes);
    let mut roles = source.command("pg_dumpall");
    roles.args(["--roles-only", "--no-password"]);
    let mut command = source.command("pg_dump");
    command.args(["--format=custom", "--compress=0", "--no-password"]);
    if let Some(snapshot) = snapshot {
        command.arg("--snapshot").arg(snapshot);
    }
    let (folder, key, progress) = (PathBuf::from(folder), key.cloned(), Arc::clone(progress));
    tokio::task::spawn_blocking(move || {
        let roles = finish("pg_dumpall", &mut roles)?;
        let roles = put(&folder, "roles.sql", key.as_ref(), &roles)?;
        let mut program = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::file("run", Path::new("pg_dump")))?;
        let mut writer = Writer::create(&folder, "database.dump", key.as_ref())?;
        let copied = program.stdout.take().map_or(Ok(0), |from| {
            io::copy(&mut progress.counting(from), &mut writer)
        });
        let ended = program
            .wait_with_output()
            .map_err(Error::file("run", Path::new("pg_dump")))?;
        if !ended.status.success() {
            return Err(failed("pg_dump", &ended.status.to_string(), &ended.stderr));
        }
        copied.map_err(Error::file("write", &folder.join("database.dump")))?;
        Ok(vec![roles, writer.finish()?])
    })
    .await?
}
