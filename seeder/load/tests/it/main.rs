//! The load test against servers that behave as a test wants them to: slow, refusing, silent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fake;
mod omission;
mod page;
mod verdicts;
