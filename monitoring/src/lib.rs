//! What Prometheus reads about PostgreSQL: a drop-in for postgres_exporter 0.17.1, and families of our own beside it. Knows
//! nothing of the other crates; what it asks of the program are granted functions, and it is silent where they are not.
//!
//! `source` says which servers, [`session`] keeps a connection, [`collect`] and [`kardan`] are the questions, `scrape` asks
//! them in the time that there is, [`text`] writes the answer, `web` serves it. [`top`] shows some of it in a terminal.

pub mod collect;
pub mod config;
mod config_file;
mod custom;
mod error;
mod exporter;
pub mod kardan;
mod maps;
mod options;
mod process;
mod scrape;
pub mod session;
mod source;
pub mod text;
pub mod top;
mod web;

pub use config::{Config, LogFormat, LogLevel};
pub use error::Error;
pub use maps::dump as dump_maps;
pub use web::{Bound, bind, run};
