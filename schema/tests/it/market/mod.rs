//! The marketplace.

mod garage;
mod garage_fit;
mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;
mod stats;
