//! The side effects that SQL cannot do. Each task takes its rows from the database, so any number of workers may run, and
//! one that is killed loses nothing: what it held comes back when its lease ends.
//!
//! [`run()`] works until it is stopped, [`once()`] until there is nothing to do. What is to be done, and whose turn it is,
//! the functions in PostgreSQL decide.

mod alerts;
mod config;
mod error;
mod health;
mod line;
mod metrics;
mod pace;
mod photos;
mod run;
mod task;
mod turn;
mod webhooks;

pub use config::Config;
pub use error::Error;
pub use run::{Done, once, run, work};
pub use task::Task;
