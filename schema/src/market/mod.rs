//! Bindings of the domain `market`: shops, channels, chats, contacts, favourites, garages, listings, search, moderation, reservations, deals.

mod channel;
mod chat;
mod chat_moderation;
mod contact;
mod deal;
mod favourite;
mod figures;
mod flag;
mod garage;
mod hint;
mod listing;
mod moderation;
mod price_list;
mod promotion;
mod reservation;
mod review;
mod saved_search;
mod search;
mod shop;
mod shop_token;
mod stats;
mod suggestion;

use crate::Call;
use listing::{code, fitment, history, life, missing, photo, price, read, schedule, write};

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    channel::CALLS,
    chat::CALLS,
    chat_moderation::CALLS,
    contact::CALLS,
    deal::CALLS,
    favourite::CALLS,
    figures::CALLS,
    garage::CALLS,
    flag::CALLS,
    hint::CALLS,
    code::CALLS,
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
    price_list::CALLS,
    promotion::CALLS,
    reservation::CALLS,
    review::CALLS,
    saved_search::CALLS,
    search::CALLS,
    shop::CALLS,
    shop_token::CALLS,
    stats::CALLS,
    suggestion::CALLS,
];

pub use channel::*;
pub use chat::*;
pub use chat_moderation::*;
pub use contact::*;
pub use deal::*;
pub use favourite::*;
pub use figures::*;
pub use flag::*;
pub use garage::*;
pub use hint::*;
pub use listing::*;
pub use moderation::*;
pub use price_list::*;
pub use promotion::*;
pub use reservation::*;
pub use review::*;
pub use saved_search::*;
pub use search::*;
pub use shop::*;
pub use shop_token::*;
pub use stats::*;
pub use suggestion::*;
