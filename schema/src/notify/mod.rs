//! Bindings of the domain `notify`: the outbox, dead letters, events, the feed of a person, preferences, broadcasts, alerts,
//! dialogs with the bot.

mod alert;
mod broadcast;
mod dialog;
mod event;
mod feed;
mod letter;
mod outbox;
mod preference;
mod webhook;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    alert::CALLS,
    broadcast::CALLS,
    dialog::CALLS,
    event::CALLS,
    feed::CALLS,
    letter::CALLS,
    outbox::CALLS,
    preference::CALLS,
    webhook::CALLS,
];

pub use alert::*;
pub use broadcast::*;
pub use dialog::*;
pub use event::*;
pub use feed::*;
pub use letter::*;
pub use outbox::*;
pub use preference::*;
pub use webhook::*;
