//! The binary as people run it: real processes, a real PostgreSQL, exit codes and what is printed.

mod docs;
mod migrate;
mod process;
mod shell;
mod token;
mod up;
