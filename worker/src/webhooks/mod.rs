//! Events of shops to programs of shops, as <https://www.standardwebhooks.com> has it.
//!
//! The database says what is due and in which order, and hands out leases; here it is sent. A worker that is killed between
//! sending and telling so sends it again when the lease is over, under the same id.

mod address;
mod call;
mod sign;

use std::sync::Arc;
use std::time::Duration;

use kardan_schema::notify::{self, WebhookClaim, WebhookFinish};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::error::Failure;
use crate::line::Line;
use crate::turn::Turn;

pub use call::Caller;

/// Deliveries that are under way at once, of all addresses together; the database gives few of each.
const AT_ONCE: usize = 64;
/// So many have ended before more are asked for, or so much time has passed: a question for each one would cost more than
/// the answer.
const ENOUGH: usize = 16;
const LOOK: Duration = Duration::from_millis(250);
/// Seconds that a delivery is this worker's: longer than any call takes.
const LEASE: i32 = 60;

/// What is under way, from one turn to the next: a slow address takes the time of nobody else.
pub type Calls = Arc<Mutex<JoinSet<Result<bool, Failure>>>>;

/// Takes what is due as far as there is room, and waits for some of it.
pub async fn turn(line: &Line) -> Result<Turn, Failure> {
    let mut calls = line.calls.lock().await;
    let is_more = line
        .ask(async |db| notify::webhooks_advance(db, None).await)
        .await?
        .is_more;
    let room = i32::try_from(AT_ONCE - calls.len()).unwrap_or_default();
    let claims = if room > 0 {
        line.ask(async |db| notify::webhook_claim(db, Some(room), LEASE).await)
            .await?
    } else {
        Vec::new()
    };
    let mut turn = Turn {
        claimed: claims.len() as u64,
        is_more,
        ..Turn::default()
    };
    for claim in claims {
        let line = line.clone();
        calls.spawn(async move { deliver(&line, claim).await });
    }
    let look = tokio::time::sleep(LOOK);
    tokio::pin!(look);
    for _ in 0..ENOUGH {
        tokio::select! {
            called = calls.join_next() => match called {
                Some(called) => turn.count(called??),
                None => break,
            },
            () = &mut look => break,
        }
    }
    turn.is_more |= turn.claimed > 0 || !calls.is_empty();
    Ok(turn)
}

/// Waits for what is under way.
pub async fn end(line: &Line) -> Result<Turn, Failure> {
    let mut calls = line.calls.lock().await;
    let mut turn = Turn::default();
    while let Some(called) = calls.join_next().await {
        turn.count(called??);
    }
    Ok(turn)
}

/// Sends one, and tells what came of it; whether the program has it.
async fn deliver(line: &Line, claim: WebhookClaim) -> Result<bool, Failure> {
    let answer = line.caller.call(&claim).await;
    let finish = WebhookFinish {
        delivery: claim.delivery_id,
        created_at: claim.created_at,
        lease: claim.lease,
        is_done: answer.is_done,
        status: answer.status,
        answer: Some(answer.text),
    };
    line.ask(async |db| notify::webhook_finish(db, &finish).await)
        .await?;
    Ok(answer.is_done)
}
