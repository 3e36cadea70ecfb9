//! What saved searches have found becomes notices: one call, one transaction.

use kardan_schema::market;

use crate::error::Failure;
use crate::line::Line;
use crate::turn::Turn;

/// Matches that are told in one transaction.
const BATCH: i32 = 200;

pub async fn turn(line: &Line) -> Result<Turn, Failure> {
    let told = line
        .ask(async |db| market::search_alerts_tell(db, Some(BATCH)).await)
        .await?;
    let count = u64::try_from(told.alert_count).unwrap_or_default();
    Ok(Turn {
        claimed: count,
        done: count,
        failed: 0,
        is_more: told.alert_count > 0,
    })
}
