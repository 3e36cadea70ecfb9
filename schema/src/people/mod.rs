//! Bindings of the domain `people`: accounts, identities, bans, tokens, exports.

mod account;
mod admin;
mod erasure;
mod export;
mod sign_in;
mod token;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    account::CALLS,
    admin::CALLS,
    erasure::CALLS,
    export::CALLS,
    sign_in::CALLS,
    token::CALLS,
];

pub use account::*;
pub use admin::*;
pub use erasure::*;
pub use export::*;
pub use sign_in::*;
pub use token::*;
