//! What Telegram tells. An update is acknowledged by asking for what comes after it, and that happens when it was handled: a bot that is
//! killed is told it again, and what it calls for it can be called twice. Chats wait for each other only as long as a function
//! takes; within one, everything goes in order.

mod answer;
mod checkout;
mod command;
mod find;
mod group;
mod incoming;
mod photo;
mod private;
mod tap;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::desk::Desk;
use crate::error::Failure;
use incoming::{Happened, Update};

pub use answer::{Answer, Pictures, keyboard, refused};
pub use incoming::Person;
pub use photo::wish as photo_wish;
pub use private::hash;

/// What Telegram is to tell.
const WANTED: [&str; 3] = ["message", "callback_query", "pre_checkout_query"];
/// For how long Telegram keeps a question for updates open.
const OPEN_SECONDS: u64 = 25;
/// After Telegram or the database could not be asked.
const PAUSE: Duration = Duration::from_secs(2);
/// An update that fails so often for reasons that may pass is left: others wait behind it. One that tells of money is not.
const TRIES: u32 = 30;

/// Listens until it is stopped.
pub async fn run(desk: Desk) {
    if let Err(failure) = private::publish_commands(&desk).await {
        // They are a convenience, and Telegram keeps the former ones.
        tracing::warn!(error = %kardan_schema::chain(&failure), "Telegram does not take the commands");
    }
    let mut next = 0_i64;
    while !desk.stop.is_cancelled() {
        let params = json!({
            "offset": next, "timeout": OPEN_SECONDS, "allowed_updates": WANTED,
        });
        let asked = tokio::select! {
            () = desk.stop.cancelled() => return,
            asked = desk.telegram.wait("getUpdates", &params, OPEN_SECONDS) => asked,
        };
        match asked {
            Ok(Value::Array(updates)) => {
                desk.watch.heard();
                next = handle_all(&desk, updates).await.unwrap_or(next);
            }
            Ok(other) => {
                tracing::warn!(%other, "updates look like nothing that is known");
                desk.rest(PAUSE).await;
            }
            Err(refusal) => {
                tracing::warn!(%refusal, "Telegram tells no updates");
                desk.rest(PAUSE).await;
            }
        }
    }
}

/// Handles these, each chat in order and all chats side by side; where to go on.
async fn handle_all(desk: &Desk, updates: Vec<Value>) -> Option<i64> {
    let mut chats: BTreeMap<i64, Vec<Update>> = BTreeMap::new();
    let mut last = None;
    for update in updates {
        let number = update.get("update_id").and_then(Value::as_i64);
        last = last.max(number);
        match serde_json::from_value::<Update>(update) {
            Ok(update) => chats.entry(update.chat()).or_default().push(update),
            Err(error) => tracing::error!(update = number, %error, "an update cannot be read"),
        }
    }
    let mut working = JoinSet::new();
    for updates in chats.into_values() {
        let desk = desk.clone();
        working.spawn(async move {
            let mut updates = updates.into_iter().peekable();
            while let Some(update) = updates.next() {
                let begun = Instant::now();
                let album = update.album();
                let is_followed =
                    album.is_some() && updates.peek().and_then(Update::album) == album;
                let is_done = handle(&desk, &update, is_followed).await;
                desk.watch
                    .handled(update.happened.kind(), is_done, begun.elapsed());
            }
        });
    }
    while let Some(ended) = working.join_next().await {
        if let Err(broken) = ended {
            tracing::error!(error = %broken, "an update broke off");
        }
    }
    last.map(|last| last + 1)
}

/// Handles one, again while what stops it may pass; whether it was handled.
async fn handle(desk: &Desk, update: &Update, is_followed: bool) -> bool {
    let number = update.update_id;
    let tries = if update.is_paid() { u32::MAX } else { TRIES };
    for _ in 0..tries {
        match route(desk, update, is_followed).await {
            Ok(()) => return true,
            Err(failure) if failure.passes() && !desk.stop.is_cancelled() => {
                tracing::warn!(update = number, error = %kardan_schema::chain(&failure), "an update is tried again");
                desk.rest(PAUSE).await;
            }
            Err(failure) => {
                tracing::error!(update = number, error = %kardan_schema::chain(&failure), "an update is left");
                return false;
            }
        }
    }
    tracing::error!(update = number, "an update is left after many tries");
    false
}

async fn route(desk: &Desk, update: &Update, is_followed: bool) -> Result<(), Failure> {
    match &update.happened {
        Happened::Message(message) if message.chat.is_private() => {
            private::hear(desk, update.update_id, message, is_followed).await
        }
        Happened::Message(message) => group::hear(desk, message).await,
        Happened::Tap(tap) => tap::hear(desk, update.update_id, tap).await,
        Happened::Checkout(checkout) => checkout::ask(desk, checkout).await,
        Happened::Other {} => Ok(()),
    }
}
