//! The binary as people run it: real processes, a real PostgreSQL, exit codes and what is printed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod archive;
mod backup;
mod docs;
mod exporter;
mod load;
mod migrate;
mod person;
mod photos;
mod process;
mod runbooks;
mod seed;
mod shell;
mod token;
mod up;
mod watch;
mod worker;
