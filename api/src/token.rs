//! Bearer tokens: how they look and what of them is kept. Only the hash ever reaches the database.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
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
    /// A ticket for one stream of events.
    Ticket,
    /// Made by a member for a program of a shop; it opens the shop's goods.
    Shop,
    /// What is sent to a program of a shop is signed with it; it opens nothing.
    Webhook,
}

/// How a token of a shop begins.
const SHOP: &str = "kdn_g_";

/// Whether this looks like a token of a shop.
#[must_use]
pub fn is_of_shop(token: &str) -> bool {
    token.starts_with(SHOP)
}

/// A new token of 256 random bits: `kdn_s_…`, `kdn_p_…`, `kdn_i_…` or `kdn_g_…` with 43 characters of base64url.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn new(kind: TokenKind) -> Result<String, getrandom::Error> {
    Ok(written(kind, random()?))
}

/// 256 random bits.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The token that belongs to a seed and to a request: it cannot be told from a random one, and is made again from what
/// the caller knows (the token that they act with, and the key of their request) and what is kept (the seed). None of
/// the three gives it alone.
#[must_use]
pub fn derived(kind: TokenKind, bearer: &str, key: &str, seed: &[u8]) -> String {
    // HMAC takes a key of any length, so the error cannot come; a token of nothing would open nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(bearer.as_bytes()) else {
        return String::new();
    };
    mac.update(b"kardan secret 1\0");
    mac.update(seed);
    mac.update(key.as_bytes());
    written(kind, mac.finalize().into_bytes().into())
}

fn written(kind: TokenKind, bytes: [u8; 32]) -> String {
    let prefix = match kind {
        TokenKind::Session => "kdn_s_",
        TokenKind::Personal => "kdn_p_",
        TokenKind::Invitation => "kdn_i_",
        TokenKind::Ticket => "kdn_t_",
        TokenKind::Shop => SHOP,
        // As Standard Webhooks has it.
        TokenKind::Webhook => return format!("whsec_{}", BASE64_STANDARD.encode(bytes)),
    };
    let mut token = String::with_capacity(49);
    token.push_str(prefix);
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, &mut token);
    token
}

/// What the database keeps of a token: SHA-256 of the whole text, prefix included.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
