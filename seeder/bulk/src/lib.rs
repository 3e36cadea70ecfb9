//! A believable market of any size, made by arithmetic and copied into PostgreSQL as fast as it takes it.
//!
//! Every row is a function of the seed, its table and its number alone, so that any part can be made by itself, by any number of
//! connections, today or later, with the same bytes. Nothing of this asks the database about a row.

pub mod copy;
pub mod permute;
pub mod rng;
pub mod sample;
pub mod season;
