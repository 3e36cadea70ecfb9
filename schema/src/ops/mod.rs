//! Bindings of the domain `ops`: settings, audit, the applied contract, repeated requests, jobs, partitions.

mod audit;
mod contract;
mod idempotency;
mod job;
mod setting;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    audit::CALLS,
    contract::CALLS,
    idempotency::CALLS,
    job::CALLS,
    setting::CALLS,
];

pub use audit::*;
pub use contract::*;
pub use idempotency::*;
pub use job::*;
pub use setting::*;
