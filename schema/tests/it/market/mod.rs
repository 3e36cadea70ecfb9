//! The marketplace.

mod deal;
mod garage;
mod garage_fit;
mod growing_plans;
mod interest;
mod listing;
mod moderation;
mod reservation;
mod review;
mod search;
mod shop;
mod stats;
