//! Applies the files in whatever order their mutual references ask for.

use std::collections::BTreeSet;

use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;

use super::objects::{self, Object};
use super::{File, LoadError, during};

/// Files refer to each other, so those that fail for a missing object are tried again after the others. An object that must
/// make room for one of another shape takes along those whose definition is bound to it: their files are applied again.
pub(super) async fn all(
    tx: &Transaction<'_>,
    files: &[File],
    before: &BTreeSet<Object>,
) -> Result<(), LoadError> {
    let mut waiting: Vec<&File> = files.iter().collect();
    loop {
        let mut failed = Vec::new();
        let mut again = BTreeSet::new();
        for file in &waiting {
            match one(tx, file, &mut again).await? {
                Ok(()) => {}
                Err(source) => failed.push((file.path, source)),
            }
        }
        for object in shadowed(tx, before).await? {
            retire(tx, &object, &mut again).await?;
        }
        if again.is_empty() && failed.len() == waiting.len() {
            return match failed.into_iter().next() {
                Some((path, source)) => Err(LoadError::Apply { path, source }),
                None => Ok(()),
            };
        }
        waiting = files
            .iter()
            .filter(|f| again.contains(f.path) || failed.iter().any(|(path, _)| *path == f.path))
            .collect();
    }
}

/// Applies one file. The inner error is one that other files may heal.
async fn one(
    tx: &Transaction<'_>,
    file: &File,
    again: &mut BTreeSet<String>,
) -> Result<Result<(), tokio_postgres::Error>, LoadError> {
    let Err(mut source) = attempt(tx, file).await? else {
        return Ok(Ok(()));
    };
    if is_shape(&source) {
        let present = objects::list(tx)
            .await
            .map_err(during("listing the present objects"))?;
        for object in present.iter().filter(|o| o.path == file.path) {
            retire(tx, object, again).await?;
        }
        again.remove(file.path);
        match attempt(tx, file).await? {
            Ok(()) => return Ok(Ok(())),
            Err(error) => source = error,
        }
    }
    if may_heal(&source) {
        return Ok(Err(source));
    }
    Err(LoadError::Apply {
        path: file.path,
        source,
    })
}

async fn attempt(
    tx: &Transaction<'_>,
    file: &File,
) -> Result<Result<(), tokio_postgres::Error>, LoadError> {
    objects::attempt(tx, file.sql).await
}

/// Drops an object with the replaceable ones that are bound to it, and notes the files that bring those back.
async fn retire(
    tx: &Transaction<'_>,
    object: &Object,
    again: &mut BTreeSet<String>,
) -> Result<(), LoadError> {
    let bound = objects::hanging_on(tx, object)
        .await
        .map_err(during("reading dependencies"))?;
    objects::drop_all(tx, &bound).await?;
    again.extend(bound.into_iter().map(|o| o.path));
    Ok(())
}

/// Functions of the former program beside which a file has made one of the same name: it has other arguments now.
async fn shadowed(
    tx: &Transaction<'_>,
    before: &BTreeSet<Object>,
) -> Result<Vec<Object>, LoadError> {
    let now = objects::list(tx)
        .await
        .map_err(during("listing the new objects"))?;
    let is_old = |object: &Object| before.iter().any(|b| b.oid == object.oid);
    let fresh: BTreeSet<&str> = now
        .iter()
        .filter(|o| !is_old(o))
        .map(|o| o.path.as_str())
        .collect();
    Ok(now
        .iter()
        .filter(|o| is_old(o) && fresh.contains(o.path.as_str()))
        .cloned()
        .collect())
}

/// A result, parameter name or column of another shape cannot be replaced in place, nor a view by a function.
fn is_shape(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(
            &SqlState::INVALID_FUNCTION_DEFINITION
                | &SqlState::INVALID_TABLE_DEFINITION
                | &SqlState::WRONG_OBJECT_TYPE
        )
    )
}

/// Another file may make what is missing, and an old overload that makes a call ambiguous goes after the round.
fn may_heal(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(
            &SqlState::UNDEFINED_FUNCTION
                | &SqlState::UNDEFINED_TABLE
                | &SqlState::UNDEFINED_OBJECT
                | &SqlState::UNDEFINED_COLUMN
                | &SqlState::AMBIGUOUS_FUNCTION
        )
    )
}
