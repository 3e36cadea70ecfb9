//! Backups of a real PostgreSQL, restored by the real programs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod archive;
mod damage;
mod drill;
mod encryption;
mod logical;
mod pitr;
mod refusals;
mod support;
