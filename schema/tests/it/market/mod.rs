//! The marketplace.

mod channel;
mod chat;
mod deal;
mod figures;
mod garage;
mod garage_fit;
mod growing_plans;
mod interest;
mod listing;
mod moderation;
mod price_list;
mod promotion;
mod promotion_course;
mod reservation;
mod review;
mod search;
mod shop;
mod star_payment;
mod stats;
