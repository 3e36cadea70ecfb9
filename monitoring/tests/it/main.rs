//! The exporter as Prometheus sees it: over HTTP, on a real PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod compat;
mod contract;
mod custom;
mod faults;
mod kardan;
mod support;
mod tables;
mod watch;
mod web;
