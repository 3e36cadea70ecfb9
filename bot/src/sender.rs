//! The outbox into Telegram. What is due, how fast and in which order, the database says; here it is sent, and told what came of
//! it.

mod channel;
mod outcome;
mod parcel;
mod stars;

use std::time::Duration;

use kardan_schema::notify::{self, Delivery, Outcome, Parcel};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::desk::Desk;
use crate::error::Failure;

pub use channel::{WITH_PHOTOS, photos, show};
pub use parcel::say;

/// Taken at once: a second of Telegram.
const AT_ONCE: i32 = 25;
/// After the database could not be asked.
const PAUSE: Duration = Duration::from_secs(2);

/// Sends until it is stopped. What it has taken by then it sends and answers for.
pub async fn run(desk: &Desk) {
    while !desk.stop.is_cancelled() {
        match turn(desk).await {
            Ok(true) => {}
            Ok(false) => desk.rest(desk.poll).await,
            Err(error) => {
                tracing::warn!(error = %kardan_schema::chain(&error), "the outbox cannot be asked");
                desk.rest(PAUSE).await;
            }
        }
    }
}

/// Takes, sends, answers; whether there was anything.
async fn turn(desk: &Desk) -> Result<bool, Failure> {
    let lease = Uuid::now_v7();
    let parcels = desk
        .ask(async |db| notify::outbox_claim(db, lease, Some(AT_ONCE)).await)
        .await?;
    if parcels.is_empty() {
        // Time to spare: the next people of a broadcast come into the outbox.
        let step = desk
            .ask(async |db| notify::broadcast_advance(db).await)
            .await?;
        return Ok(step.is_some_and(|step| step.told_count > 0));
    }
    let mut sending = JoinSet::new();
    for parcel in parcels {
        let desk = desk.clone();
        sending.spawn(async move {
            let outcome = parcel::send(&desk, &parcel).await;
            desk.watch.sent(&parcel, &outcome);
            (parcel, outcome)
        });
    }
    let mut sent = Vec::new();
    while let Some(ended) = sending.join_next().await {
        match ended {
            Ok(pair) => sent.push(pair),
            // Its lease ends by itself, which counts as an attempt.
            Err(broken) => tracing::error!(error = %broken, "a message broke off"),
        }
    }
    answer(desk, lease, sent).await?;
    Ok(true)
}

/// Tells what came of it, until the database hears it or the lease is over: an answer that is lost would be a message sent twice.
async fn answer(desk: &Desk, lease: Uuid, sent: Vec<(Parcel, Outcome)>) -> Result<(), Failure> {
    const TRIES: u32 = 10;
    let deliveries: Vec<_> = sent
        .iter()
        .map(|(parcel, outcome)| Delivery {
            notice_id: parcel.notice_id,
            event_at: parcel.event_at,
            outcome: outcome.clone(),
        })
        .collect();
    let results = Delivery::list(&deliveries);
    let mut tries = 0;
    let settled = loop {
        tries += 1;
        match desk
            .ask(async |db| notify::outbox_finish(db, lease, &results).await)
            .await
        {
            Ok(settled) => break settled,
            Err(error) if error.passes() && tries < TRIES => {
                tracing::warn!(error = %kardan_schema::chain(&error), "an answer is told again");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    };
    for settled in settled.iter().filter(|one| one.outcome == "duplicate") {
        let twice = sent
            .iter()
            .find(|(parcel, _)| parcel.notice_id == settled.notice_id);
        if let Some((parcel, Outcome::Sent { messages })) = twice {
            channel::take_away(desk, parcel.chat_id, messages).await;
        }
    }
    Ok(())
}
