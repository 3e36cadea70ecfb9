//! Once a day one of the servers takes away files of photos that nobody shows. Whose turn it is, the database says.

use std::time::Duration;

use kardan_photos::{Plan, Swept, sweep};
use kardan_schema::market;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::app::App;
use crate::problem::Problem;

/// A server that has just started has better things to do.
const FIRST: Duration = Duration::from_secs(600);

/// How often a server asks whether it is its turn.
const EVERY: Duration = Duration::from_secs(3600);

/// Asks and sweeps until it is dropped. A failure is logged where it happens; the next turn begins anew.
pub async fn run(app: App) {
    let mut every = interval_at(Instant::now() + FIRST, EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match turn(&app).await {
            Ok(Some(swept)) => tracing::info!(
                photos.seen = swept.seen,
                photos.deleted = swept.deleted,
                photos.foreign = swept.foreign,
                "files without a photo were taken away"
            ),
            Ok(None) => {}
            Err(problem) => tracing::warn!(?problem, "the sweep of photos ended early"),
        }
    }
}

/// Sweeps if it is this server's turn.
async fn turn(app: &App) -> Result<Option<Swept>, Problem> {
    if !market::photo_sweep_claim(&app.write().await?)
        .await?
        .is_mine
    {
        return Ok(None);
    }
    // A connection for each question only: between them the store works, for hours if it is large.
    let orphans = |keys| {
        let app = app.clone();
        async move {
            let rows = market::photo_orphan_list(&app.write().await?, keys).await?;
            Ok::<_, Problem>(rows.into_iter().map(|row| row.storage_key).collect())
        }
    };
    sweep(app.photos(), Plan::default(), orphans, |_| {})
        .await
        .map(Some)
}
