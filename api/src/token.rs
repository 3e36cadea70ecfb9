//! Bearer tokens: how they look and what of them is kept. Only the hash ever reaches the database.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What a token is for; its first letters tell it to people and to scanners for leaked secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A sign-in.
    Session,
    /// Made by a person for a program.
    Personal,
    /// An invitation to a shop; it opens nothing else.
    Invitation,
}

/// A new token of 256 random bits: `kdn_s_…`, `kdn_p_…` or `kdn_i_…` with 43 characters of base64url.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn new(kind: TokenKind) -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let prefix = match kind {
        TokenKind::Session => "kdn_s_",
        TokenKind::Personal => "kdn_p_",
        TokenKind::Invitation => "kdn_i_",
    };
    let mut token = String::with_capacity(49);
    token.push_str(prefix);
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, &mut token);
    Ok(token)
}

/// What the database keeps of a token: SHA-256 of the whole text, prefix included.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
