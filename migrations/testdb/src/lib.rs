//! A database for each test, made in milliseconds from one template, on a real PostgreSQL that starts by itself.
//!
//! The server belongs to the test process and dies with it. Its folder stays under the user's cache, so that the template
//! is made once for each version of the schema. A test connects as the role that the application has.

mod database;
mod fixtures;
mod server;

pub use database::{Database, Session};
pub use fixtures::ListingFixture;
pub use server::{Server, server};
