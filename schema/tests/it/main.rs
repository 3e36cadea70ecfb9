//! The program as its callers see it: on a real PostgreSQL, as the role that the application has.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod catalog;
mod drift;
mod indexes;
mod lints;
mod locks;
mod market;
mod notify;
mod ops;
mod people;
mod permissions;
mod plans;
mod reasons;
mod support;
mod tidy;
