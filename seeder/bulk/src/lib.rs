//! A believable market of any size, made by arithmetic and copied into PostgreSQL as fast as it takes it.
//!
//! Every row is a function of the seed, its table and its number alone, so that any part can be made by itself, by any number of
//! connections, today or later, with the same bytes. Nothing of this asks the database about a row.

mod admit;
mod calibrate;
pub mod catalogue;
pub mod copy;
pub mod draw;
mod engine;
mod error;
mod export;
mod fields;
pub mod ledger;
pub mod life;
pub mod market;
mod odd;
pub mod permute;
mod photos;
mod prepare;
mod progress;
pub mod rng;
pub mod sample;
pub mod season;
pub mod tables;
mod text;
pub mod ware;
pub mod words;
mod worker;

pub use admit::{bytes_wanted, mark};
pub use calibrate::{Made, calibrate};
pub use engine::{Mode, Options, planned, seed};
pub use error::Error;
pub use export::{Exported, Format, export};
pub use market::COUNTED_DAYS;
pub use progress::{Counts, Progress, Report};
