//! The ground on a real PostgreSQL: what makes a database and what keeps it right.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod bootstrap;
mod cluster;
mod doctor;
mod doctor_deep;
mod history;
mod jobs;
mod load;
mod online;
mod partitions;
mod privileges;
mod released;
mod snapshot;
mod support;
mod swap;
mod together;
