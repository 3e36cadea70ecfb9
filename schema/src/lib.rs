//! The program that lives in PostgreSQL, and the only Rust that calls it.
//!
//! `sql/` holds the replaceable functions, [`load`] puts them into a database, and the modules named like the domains hold
//! one typed binding for each granted function. Nothing here decides anything: a binding sends its arguments and reads rows.

#[macro_use]
mod binding;
mod db;
mod error;
mod values;

pub mod catalog;
pub mod contract;
pub mod jobs;
pub mod load;
pub mod market;
pub mod notify;
pub mod ops;
pub mod people;
pub mod pool;
pub mod reason;
mod secret;

pub use binding::{Argument, Call, Column, Row, Sql};
pub use db::{Db, Typed};
pub use error::{Error, Fault, chain, loses_connection};
pub use reason::Reason;
pub use secret::Secret;
pub use values::*;

/// Every binding of every domain, for the test that compares them with the catalogue of the database.
#[must_use]
pub fn calls() -> Vec<&'static Call> {
    [
        people::CALLS,
        catalog::CALLS,
        market::CALLS,
        notify::CALLS,
        ops::CALLS,
    ]
    .concat()
    .concat()
}
