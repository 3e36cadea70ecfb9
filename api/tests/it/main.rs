//! The server as its callers see it: a real one on a free port, on a real PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod care;
mod connections;
mod contacts;
mod deals;
mod document;
mod fitment_file;
mod garage;
mod health;
mod idempotency;
mod limits;
mod lists;
mod notices;
mod photos;
mod problems;
mod reviews;
mod scopes;
mod search;
mod secrets;
mod shutdown;
mod sign_in;
mod story;
mod strangers;
mod support;
mod versions;
