//! The HTTP API: requests in, one call of a function each, answers out. Nothing is decided here; what may be done and
//! what comes of it is decided by the functions in PostgreSQL.
//!
//! [`run()`] starts the server from a [`Config`]; `routes` holds the one table of routes that makes the router, the
//! OpenAPI document and the test of both.

mod answer;
mod app;
pub mod archive;
mod auth;
mod cell;
mod config;
mod context;
mod cursor;
mod error;
mod events;
mod extract;
mod fitment_file;
mod freshness;
mod goods_file;
mod health;
mod limits;
mod lines;
mod metrics;
mod money;
mod oidc;
mod pictures;
mod pool;
mod problem;
mod routes;
mod run;
mod shell;
mod table;
mod telegram;
pub mod token;
mod views;

pub use config::{Config, Pooler};
pub use error::Error;
pub use kardan_schema::Secret;
pub use run::{run, serve};

/// One line of the table of routes, for tests and documentation.
pub use table::Facts;

/// The OpenAPI document of this version.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    routes::table().document()
}

/// Every route with what it needs and which functions it calls.
#[must_use]
pub fn facts() -> Vec<Facts> {
    routes::table().facts()
}
