//! A database for each test, made in milliseconds from one template, on a real PostgreSQL that starts by itself.
//!
//! The server belongs to the test process and dies with it. Its folder stays, in memory or under the user's cache (`place.rs`), so
//! that the template is made once for each version of the schema and day. A test connects as the role that the application has.

mod database;
mod fixtures;
mod place;
mod server;

pub use database::{Database, Session};
pub use fixtures::ListingFixture;
pub use server::{Server, server};

/// A query or pattern about every domain: `DOMAINS` in it stands for their names with `|` between them.
#[must_use]
pub fn of_domains(text: &str) -> String {
    text.replace("DOMAINS", &kardan_schema::load::DOMAINS.join("|"))
}
