//! After the files: every file has made its one object, and what no file defines goes.

use std::collections::BTreeSet;

use tokio_postgres::Transaction;

use super::objects::{self, Object};
use super::{File, LoadError, during};

/// Checks what the files made and drops the rest; tells what of the former program is gone.
pub(super) async fn sweep(
    tx: &Transaction<'_>,
    files: &[File],
    before: &BTreeSet<Object>,
) -> Result<Vec<String>, LoadError> {
    let after = objects::list(tx)
        .await
        .map_err(during("listing the new objects"))?;
    for file in files {
        if after.iter().filter(|o| o.path == file.path).count() != 1 {
            return Err(LoadError::File {
                path: file.path,
                expected: format!("one function or view named {}", file.path.replace('/', ".")),
            });
        }
    }
    let (defined, orphans): (Vec<&Object>, Vec<&Object>) = after
        .iter()
        .partition(|o| files.iter().any(|file| file.path == o.path));
    if let Some(stray) = orphans
        .iter()
        .find(|o| !before.iter().any(|b| b.oid == o.oid))
    {
        return Err(LoadError::Stray {
            object: stray.identity.clone(),
        });
    }
    objects::drop_all(tx, orphans).await?;
    Ok(before
        .iter()
        .filter(|b| !defined.iter().any(|d| d.identity == b.identity))
        .map(|b| b.identity.clone())
        .collect())
}
