//! Bindings of the domain `market`: shops, listings, search, moderation, reservations.

mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    listing::fitment::CALLS,
    listing::history::CALLS,
    listing::life::CALLS,
    listing::photo::CALLS,
    listing::price::CALLS,
    listing::read::CALLS,
    listing::write::CALLS,
    moderation::CALLS,
    reservation::CALLS,
    search::CALLS,
    shop::CALLS,
];

pub use listing::*;
pub use moderation::*;
pub use reservation::*;
pub use search::*;
pub use shop::*;
