//! Once a day one of the workers takes away files of photos that nobody shows. Whose turn it is, the database says.

use kardan_photos::{Plan, sweep};
use kardan_schema::market;

use crate::error::Failure;
use crate::line::Line;
use crate::turn::Turn;

pub async fn turn(line: &Line) -> Result<Turn, Failure> {
    let turn = line
        .ask(async |db| market::photo_sweep_claim(db).await)
        .await?;
    if !turn.is_mine {
        return Ok(Turn::default());
    }
    // A connection for each question only: between them the store works, for hours if it is large.
    let orphans = |keys| {
        let line = line.clone();
        async move {
            let rows = line
                .ask(async |db| market::photo_orphan_list(db, keys).await)
                .await?;
            Ok::<_, Failure>(rows.into_iter().map(|row| row.storage_key).collect())
        }
    };
    let swept = sweep(&line.photos, Plan::default(), orphans, |_| {}).await?;
    tracing::info!(
        photos.seen = swept.seen,
        photos.deleted = swept.deleted,
        photos.foreign = swept.foreign,
        "files without a photo were taken away"
    );
    Ok(Turn {
        claimed: swept.orphans,
        done: swept.deleted,
        failed: 0,
        is_more: false,
    })
}
