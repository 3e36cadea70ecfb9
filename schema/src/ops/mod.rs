//! Bindings of the domain `ops`: settings, audit, drills of backups, the applied contract, repeated requests, jobs, partitions, the log.

mod audit;
mod backup;
mod contract;
mod idempotency;
mod job;
mod log;
mod query;
mod setting;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    audit::CALLS,
    backup::CALLS,
    contract::CALLS,
    idempotency::CALLS,
    job::CALLS,
    log::CALLS,
    query::CALLS,
    setting::CALLS,
];

pub use audit::*;
pub use backup::*;
pub use contract::*;
pub use idempotency::*;
pub use job::*;
pub use log::*;
pub use query::*;
pub use setting::*;
