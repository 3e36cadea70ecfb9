//! Bindings of the domain `market`: shops, listings, search, moderation, reservations.

mod listing;
mod moderation;
mod reservation;
mod saved_search;
mod search;
mod shop;
mod suggestion;

use crate::Call;
use listing::{fitment, history, life, photo, price, read, write};

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    fitment::CALLS,
    history::CALLS,
    life::CALLS,
    photo::CALLS,
    price::CALLS,
    read::CALLS,
    write::CALLS,
    moderation::CALLS,
    reservation::CALLS,
    saved_search::CALLS,
    search::CALLS,
    shop::CALLS,
    suggestion::CALLS,
];

pub use listing::*;
pub use moderation::*;
pub use reservation::*;
pub use saved_search::*;
pub use search::*;
pub use shop::*;
pub use suggestion::*;
