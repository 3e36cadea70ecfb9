//! Bindings of the domain `ops`: settings, audit, the applied contract, repeated requests, jobs, partitions, the log.

mod audit;
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
    contract::CALLS,
    idempotency::CALLS,
    job::CALLS,
    log::CALLS,
    query::CALLS,
    setting::CALLS,
];

pub use audit::*;
pub use contract::*;
pub use idempotency::*;
pub use job::*;
pub use log::*;
pub use query::*;
pub use setting::*;
