//! A drill: clients work at a fixed rate on the cluster of `compose.yml` while its nodes are killed, frozen, cut off and
//! filled up, and afterwards every answer that a client got is held against what the database kept.
//!
//! [`scenario`] says what will be broken and when, `inject` breaks it, `clients` work meanwhile and write a [`history`],
//! [`check`] compares, and [`report`] tells. Nothing here knows how the cluster mends itself.

pub mod check;
mod clients;
mod containers;
mod error;
mod fault;
pub mod history;
mod inject;
mod measure;
pub mod report;
mod run;
pub mod scenario;
mod stage;

pub use error::Error;
pub use fault::{Class, Fault, Side};
pub use run::{Drill, run};
