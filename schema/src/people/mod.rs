//! Bindings of the domain `people`: accounts, identities, bans, tokens.

mod account;
mod admin;
mod token;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[account::CALLS, admin::CALLS, token::CALLS];

pub use account::*;
pub use admin::*;
pub use token::*;
