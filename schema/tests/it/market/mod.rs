//! The marketplace.

mod garage;
mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;
mod stats;
