//! A cluster of three PostgreSQL nodes under Patroni, seen and changed as one thing.
//!
//! Here lives what `kardan cluster` does: it asks etcd who belongs to the cluster, Patroni what each node is, PostgreSQL how
//! far it is, and PgBouncer to hold its clients while a leader changes. Who leads is decided by Patroni alone; nothing
//! here promotes or demotes.

pub mod agent;
pub mod change;
pub mod doctor;
mod error;
mod etcd;
mod keys;
mod node;
mod patroni;
mod place;
mod pooler;
pub mod status;
pub mod switchover;
mod wait;

pub use error::Error;
pub use place::{Place, PlaceConfig};
