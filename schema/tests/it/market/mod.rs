//! The marketplace.

mod garage;
mod interest;
mod listing;
mod moderation;
mod reservation;
mod search;
mod shop;
mod stats;
