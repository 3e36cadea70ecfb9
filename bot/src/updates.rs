//! What Telegram tells. An update is acknowledged by asking for what comes after it, and that happens when it was handled: a bot that is
//! killed is told it again, and what it calls for it can be called twice. Chats do not wait for each other; within one, everything
//! goes in order.

mod answer;
mod checkout;
mod command;
mod find;
mod group;
mod hands;
mod incoming;
mod order;
mod photo;
mod private;
mod tap;

use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::error::Failure;
use hands::Hands;
use incoming::{Happened, Update};

pub use answer::{Answer, Pictures, keyboard, refused};
pub use find::place_of;
pub use incoming::Person;
pub use photo::wish as photo_wish;
pub use private::hash;

/// What Telegram is to tell.
const WANTED: [&str; 3] = ["message", "callback_query", "pre_checkout_query"];
/// For how long Telegram keeps a question for updates open.
const OPEN_SECONDS: u64 = 25;
/// How long a chat that is at work may keep new updates of others from being heard.
const PEEK: Duration = Duration::from_millis(100);
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
    let mut hands = Hands::default();
    while !desk.stop.is_cancelled() {
        // With something in hand nothing is waited for: it is to be acknowledged soon.
        let seconds = if hands.are_empty() { OPEN_SECONDS } else { 0 };
        let params = json!({
            "offset": hands.offset(), "timeout": seconds, "allowed_updates": WANTED,
        });
        let asked = tokio::select! {
            () = desk.stop.cancelled() => break,
            asked = desk.telegram.wait("getUpdates", &params, seconds) => asked,
        };
        match asked {
            Ok(Value::Array(updates)) => {
                desk.watch.heard();
                hands.take(&desk, updates);
                if !hands.are_empty() {
                    hands.wait(&desk, PEEK).await;
                }
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
    hands.rest().await;
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
