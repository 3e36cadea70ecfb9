//! Bindings of the domain `market`: shops, garages, listings, search, moderation, reservations.

mod garage;
mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;

use crate::Call;
use listing::{fitment, history, life, photo, price, read, write};

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    garage::CALLS,
    fitment::CALLS,
    history::CALLS,
    life::CALLS,
    photo::CALLS,
    price::CALLS,
    read::CALLS,
    write::CALLS,
    moderation::CALLS,
    reservation::CALLS,
    search::CALLS,
    shop::CALLS,
];

pub use garage::*;
pub use listing::*;
pub use moderation::*;
pub use reservation::*;
pub use search::*;
pub use shop::*;
