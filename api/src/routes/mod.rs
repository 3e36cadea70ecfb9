//! The table of routes. Handlers extract, call one function and answer.

mod broadcast;
mod catalog;
mod catalog_edit;
mod contact;
mod dead_letter;
mod deal;
mod deal_list;
mod favourite;
mod fitment_file;
mod fitting;
mod flag;
mod garage;
mod hint;
mod listing;
mod listing_life;
mod listing_parts;
mod listing_schedule;
mod me;
mod member;
mod moderation;
mod moderation_edit;
mod notice;
mod ops;
mod photo;
mod platform_review;
mod preference;
mod reservation;
mod review;
mod saved_search;
mod search;
mod session;
mod shop;
mod user;

use crate::table::Table;

/// Every route of the API.
pub fn table() -> Table {
    let mut table = Table::new();
    for add in [
        session::add,
        me::add,
        user::add,
        shop::add,
        member::add,
        catalog::add,
        catalog_edit::add,
        fitment_file::add,
        contact::add,
        favourite::add,
        fitting::add,
        garage::add,
        listing::add,
        listing_life::add,
        listing_parts::add,
        photo::add,
        listing_schedule::add,
        search::add,
        saved_search::add,
        reservation::add,
        deal::add,
        deal_list::add,
        review::add,
        platform_review::add,
        moderation::add,
        moderation_edit::add,
        hint::add,
        flag::add,
        notice::add,
        preference::add,
        broadcast::add,
        dead_letter::add,
        ops::add,
    ] {
        add(&mut table);
    }
    table
}
