//! The marketplace.

mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;
