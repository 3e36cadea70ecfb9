//! The table of routes. Handlers extract, call one function and answer.

mod alert;
mod broadcast;
mod catalog;
mod catalog_edit;
mod channel;
mod chat;
mod chat_moderation;
mod contact;
mod dead_letter;
mod deal;
mod deal_list;
mod erasure;
mod event;
mod export;
mod favourite;
mod figures;
mod fitment_file;
mod fitting;
mod flag;
mod garage;
mod goods_file;
mod hint;
mod listing;
mod listing_code;
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
mod promotion;
mod promotion_desk;
mod reservation;
mod review;
mod saved_search;
mod search;
mod session;
mod shop;
mod shop_token;
mod sign_in;
mod user;
mod webhook;

use crate::table::Table;

/// Every route of the API.
pub fn table() -> Table {
    let mut table = Table::new();
    for add in [
        session::add,
        sign_in::add,
        me::add,
        export::add,
        user::add,
        webhook::add,
        shop::add,
        shop_token::add,
        goods_file::add,
        member::add,
        catalog::add,
        catalog_edit::add,
        fitment_file::add,
        channel::add,
        chat::add,
        chat_moderation::add,
        contact::add,
        favourite::add,
        figures::add,
        fitting::add,
        garage::add,
        listing::add,
        listing_code::add,
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
        erasure::add,
        event::add,
        preference::add,
        promotion::add,
        promotion_desk::add,
        broadcast::add,
        alert::add,
        dead_letter::add,
        ops::add,
    ] {
        add(&mut table);
    }
    table
}
