//! Bindings of the domain `people`: accounts, identities, bans, tokens.

mod admin;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[admin::CALLS];

pub use admin::*;
