//! What comes out of pictures that people and attackers send, and a store on a real folder and a real S3 server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod damage;
mod garage;
mod kinds;
mod looks;
mod metadata;
mod pictures;
mod size;
mod store;
mod sweep;
