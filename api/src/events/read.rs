//! Reading what happened, once for everybody who listens to this server. It asks, for a notification at each commit would
//! take a lock of the whole database; a question costs some hundred microseconds.

use std::collections::HashSet;
use std::time::Duration;

use chrono::Utc;
use kardan_schema::notify::{self, EventRead};
use kardan_schema::people;
use tokio::time::{sleep, timeout};

use super::frame::Frame;
use super::place::Position;
use crate::app::App;
use crate::problem::Problem;

/// Rows of a question.
const BATCH: i32 = 500;

/// How often the database is asked while nobody listens, or does not answer.
const IDLE: Duration = Duration::from_secs(1);

/// A question that takes longer is asked again on another connection.
const PATIENCE: Duration = Duration::from_secs(6);

/// How often tokens are looked at.
const SWEEP: Duration = Duration::from_secs(5);

/// Tokens of a question.
const TOKENS: usize = 1000;

/// Reads until it is dropped.
pub async fn run(app: App) {
    tokio::join!(read(&app), sweep(&app));
}

async fn read(app: &App) {
    let hub = app.events().hub();
    let mut crowd = hub.crowd();
    let every = app.events().every();
    let (mut pause, mut is_well) = (every, true);
    loop {
        let outcome = timeout(PATIENCE, turn(app)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(Problem::unavailable()));
        pause = match &outcome {
            // Where something happened, more is likely to follow at once.
            Ok(true) => every / 5,
            Ok(false) if *crowd.borrow_and_update() == 0 => IDLE,
            Ok(false) => every.min(pause * 2),
            Err(_) => IDLE,
        };
        if outcome.is_ok() != is_well {
            is_well = outcome.is_ok();
            match outcome {
                Ok(_) => tracing::info!("events are read again"),
                Err(problem) => tracing::warn!(?problem, "events are not read"),
            }
        }
        tokio::select! {
            () = sleep(pause) => {}
            _ = crowd.wait_for(|count| pause == IDLE && is_well && *count > 0) => {}
        }
    }
}

/// Hands out what can be read; tells whether there was anything.
async fn turn(app: &App) -> Result<bool, Problem> {
    let hub = app.events().hub();
    let db = app.write().await?;
    let now = notify::event_position(&db).await?;
    let at = Utc::now();
    let Some(mut from) = hub.meet(&now, at) else {
        return Ok(false);
    };
    let mut is_more = false;
    loop {
        let ask = EventRead {
            after_xid: from.position.xid,
            after_id: from.position.id,
            before_xid: now.next_xid,
            limit: Some(BATCH),
        };
        let rows = notify::event_read(&db, &ask).await?;
        for row in &rows {
            let frame = Frame::of(row, &from.epoch, at);
            from.position = frame.position;
            hub.tell(row, frame);
        }
        is_more |= !rows.is_empty();
        if i32::try_from(rows.len()).is_ok_and(|rows| rows < BATCH) {
            hub.reach(Position::before(now.next_xid));
            return Ok(is_more);
        }
    }
}

/// Ends streams whose token lets nobody in any more.
async fn sweep(app: &App) {
    loop {
        sleep(SWEEP).await;
        if let Err(problem) = look(app).await {
            tracing::debug!(?problem, "tokens of streams were not looked at");
        }
    }
}

async fn look(app: &App) -> Result<(), Problem> {
    let hub = app.events().hub();
    for tokens in hub.tokens().chunks(TOKENS) {
        let ended = people::tokens_ended(&app.write().await?, tokens.to_vec()).await?;
        if !ended.is_empty() {
            let ended: HashSet<_> = ended.into_iter().map(|row| row.token_id).collect();
            hub.end(&ended);
        }
    }
    Ok(())
}
