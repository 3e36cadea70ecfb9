//! A URL with a password in it that does not show itself in logs.

use std::fmt;

/// A database URL that holds a password. `Debug` hides it; [`SecretUrl::expose`] gives it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(String);

impl SecretUrl {
    pub(crate) fn new(url: String) -> Self {
        Self(url)
    }

    /// The whole URL, password included: for a connection, or for the person who asked for it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretUrl(hidden)")
    }
}
