//! Bindings of the domain `market`: shops, contacts, favourites, garages, listings, search, moderation, reservations, deals.

mod contact;
mod deal;
mod favourite;
mod flag;
mod garage;
mod hint;
mod listing;
mod moderation;
mod reservation;
mod review;
mod saved_search;
mod search;
mod shop;
mod stats;
mod suggestion;

use crate::Call;
use listing::{fitment, history, life, missing, photo, price, read, schedule, write};

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    contact::CALLS,
    deal::CALLS,
    favourite::CALLS,
    garage::CALLS,
    flag::CALLS,
    hint::CALLS,
    fitment::CALLS,
    history::CALLS,
    life::CALLS,
    missing::CALLS,
    photo::CALLS,
    price::CALLS,
    read::CALLS,
    schedule::CALLS,
    write::CALLS,
    moderation::CALLS,
    reservation::CALLS,
    review::CALLS,
    saved_search::CALLS,
    search::CALLS,
    shop::CALLS,
    stats::CALLS,
    suggestion::CALLS,
];

pub use contact::*;
pub use deal::*;
pub use favourite::*;
pub use flag::*;
pub use garage::*;
pub use hint::*;
pub use listing::*;
pub use moderation::*;
pub use reservation::*;
pub use review::*;
pub use saved_search::*;
pub use search::*;
pub use shop::*;
pub use stats::*;
pub use suggestion::*;
