//! Bindings of the domain `notify`: the outbox, dead letters, the feed of a person, preferences, broadcasts.

mod broadcast;
mod feed;
mod letter;
mod outbox;
mod preference;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    broadcast::CALLS,
    feed::CALLS,
    letter::CALLS,
    outbox::CALLS,
    preference::CALLS,
];

pub use broadcast::*;
pub use feed::*;
pub use letter::*;
pub use outbox::*;
pub use preference::*;
