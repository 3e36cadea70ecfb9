//! What `kardan backup doctor` looks at where pgBackRest keeps the backups.

use kardan_backup::Engine as _;

use super::super::args::BackupPlace;
use super::{DoctorArgs, Finding, age, bad, good};
use crate::exit;

/// What pgBackRest says of itself, of the way from the servers to the repository, and how old the last backup is.
pub async fn look(place: &BackupPlace, args: &DoctorArgs) -> anyhow::Result<Vec<Finding>> {
    let mut found = Vec::new();
    let engine = place.pgbackrest();
    match engine.status() {
        Err(error) => {
            let why = exit::sentence(&anyhow::Error::new(error));
            found.push(bad("FAILURE", "repository", why, "as it says"));
            return Ok(found);
        }
        Ok(said) => found.push(good("repository", said)),
    }
    let checking = engine.clone();
    found.push(
        match tokio::task::spawn_blocking(move || checking.check()).await? {
            Ok(()) => good("archive", "a segment that was closed has arrived"),
            Err(error) => bad(
                "FAILURE",
                "archive",
                exit::sentence(&anyhow::Error::new(error)),
                "kardan cluster status, and the logs of the primary",
            ),
        },
    );
    let last = engine.list()?.pop().map(|entry| entry.finished_at);
    found.push(age("backup", last, args.max_age, "kardan backup take"));
    Ok(found)
}
