//! The embedded server on a real PostgreSQL, as root and as an ordinary user.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod errors;
mod folders;
mod processes;
mod start;
mod support;
