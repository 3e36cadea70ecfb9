//! A moment of one's choice: which backup, which WAL, and whether all of it is there; asked before anything is touched.

mod plan;
mod resolve;
mod scan;
mod target;
mod way;

pub(crate) use plan::lsn;
pub use plan::{Plan, Wish, plan_restore};
pub use target::Target;
