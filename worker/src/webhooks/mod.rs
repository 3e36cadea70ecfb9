//! Events of shops to programs of shops, as <https://www.standardwebhooks.com> has it.
//!
//! The database says what is due and in which order, and hands out leases; here it is sent. A worker that is killed between
//! sending and telling so sends it again when the lease is over, under the same id.

mod address;
mod call;
mod sign;

use kardan_schema::notify::{self, WebhookClaim, WebhookFinish};
use tokio::task::JoinSet;

use crate::error::Failure;
use crate::line::Line;
use crate::turn::Turn;

pub use call::Caller;

/// Deliveries that are under way at once.
const AT_ONCE: i32 = 16;
/// Seconds that a delivery is this worker's: longer than any call takes.
const LEASE: i32 = 60;

pub async fn turn(line: &Line) -> Result<Turn, Failure> {
    let queued = line
        .ask(async |db| notify::webhooks_advance(db, None).await)
        .await?;
    let claims = line
        .ask(async |db| notify::webhook_claim(db, Some(AT_ONCE), LEASE).await)
        .await?;
    let claimed = claims.len();
    let mut calls = JoinSet::new();
    for claim in claims {
        let line = line.clone();
        calls.spawn(async move { deliver(&line, claim).await });
    }
    let mut done = 0;
    while let Some(called) = calls.join_next().await {
        done += u64::from(called??);
    }
    let claimed = claimed as u64;
    Ok(Turn {
        claimed,
        done,
        failed: claimed - done,
        is_more: queued.queued > 0 || claimed > 0,
    })
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
