//! What belongs to one sign-in, all of it made of one secret that the page keeps: the secret itself is the verifier of
//! PKCE, and the state and the nonce come of it. So the server can tell that the page which comes back is the one that
//! went, that the code was made for it and that the proof was too, and has nothing to remember.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::token;

/// The secret of one sign-in.
#[derive(Debug, Clone)]
pub struct Verifier(String);

impl Verifier {
    /// A new one: 256 random bits as 43 characters of base64url, which is what PKCE asks of it.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new() -> Result<Self, getrandom::Error> {
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(token::random()?)))
    }

    /// The one that a page kept; none when it is none of ours.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The secret, for its page and for the issuer's answer.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the issuer compares the verifier with.
    pub fn challenge(&self) -> String {
        digest(&[self.0.as_bytes()])
    }

    /// What the issuer gives back to the page, so that it knows its own visit.
    pub fn state(&self) -> String {
        digest(&[b"kardan state 1\0", self.0.as_bytes()])
    }

    /// What the issuer writes into the proof.
    pub fn nonce(&self) -> String {
        digest(&[b"kardan nonce 1\0", self.0.as_bytes()])
    }
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_the_standards_example() {
        // RFC 7636, appendix B.
        let verifier = Verifier::read("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(
            verifier.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_ne!(verifier.state(), verifier.nonce());
    }

    #[test]
    fn a_verifier_that_is_short_or_has_other_characters_is_none() {
        let good = Verifier::new().unwrap();
        assert!(Verifier::read(good.expose()).is_some());
        assert!(Verifier::read(&good.expose()[1..]).is_none());
        assert!(Verifier::read(&good.expose().replace(|_| true, "=")).is_none());
    }
}
