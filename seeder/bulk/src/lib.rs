//! A believable market of any size, made by arithmetic and copied into PostgreSQL as fast as it takes it.
//!
//! Every row is a function of the seed, its table and its number alone, so that any part can be made by itself, by any number of
//! connections, today or later, with the same bytes. Nothing of this asks the database about a row.

mod calibrate;
pub mod catalogue;
pub mod copy;
mod engine;
mod error;
mod fields;
pub mod ledger;
pub mod life;
pub mod market;
mod odd;
pub mod permute;
mod photos;
mod prepare;
pub mod rng;
pub mod sample;
pub mod season;
pub mod tables;
mod text;
pub mod ware;
pub mod words;

pub use calibrate::{Made, calibrate};
pub use engine::{Counts, Mode, Options, Progress, Report, bytes_wanted, mark, planned, seed};
pub use error::Error;
