//! What an issuer says of a person, once its signature is found good.

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// What the proof must be made of: an issuer's own key. A signature with a shared secret proves nothing to others.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// A person whom the issuer vouches for.
#[derive(Debug)]
pub struct Identity {
    /// The person's number at the issuer.
    pub subject: String,
    /// What the person is called.
    pub name: Option<String>,
    /// The person's username.
    pub username: Option<String>,
    /// Where the person's photo is.
    pub picture: Option<String>,
    /// The person's language, an IETF tag.
    pub locale: Option<String>,
    /// When the issuer signed.
    pub issued_at: DateTime<Utc>,
    /// The person's number in Telegram, where the issuer is Telegram's.
    pub telegram_id: Option<i64>,
    /// SHA-256 of the proof: the same proof twice is the same value.
    pub hash: Vec<u8>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    nonce: Option<String>,
    azp: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    picture: Option<String>,
    locale: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What a proof is compared with.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub telegram_claim: Option<&'a str>,
}

/// Why a proof is none.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    #[error("it names a key that the issuer does not have")]
    Key,
    #[error("its signature, its issuer, its audience or its time does not fit: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    #[error("it was made for another sign-in")]
    Nonce,
    #[error("it was made for another client")]
    Party,
    #[error("a claim cannot be understood")]
    Claim,
}

/// Checks the signature of a proof and reads it.
pub fn read(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<Identity, NoProof> {
    let header = decode_header(token)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(NoProof::Key);
    }
    let key = DecodingKey::from_jwk(key(keys, header.kid.as_deref()).ok_or(NoProof::Key)?)?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    let claims: Claims = decode(token, &key, &validation)?.claims;
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(NoProof::Nonce);
    }
    if claims.azp.is_some_and(|party| party != expected.client_id) {
        return Err(NoProof::Party);
    }
    let telegram_id = match expected.telegram_claim {
        Some(claim) => Some(number(claims.rest.get(claim)).ok_or(NoProof::Claim)?),
        None => None,
    };
    Ok(Identity {
        subject: claims.sub,
        name: claims.name,
        username: claims.preferred_username,
        picture: claims.picture,
        locale: claims.locale,
        issued_at: DateTime::from_timestamp(claims.iat, 0).ok_or(NoProof::Claim)?,
        telegram_id,
        hash: Sha256::digest(token.as_bytes()).to_vec(),
    })
}

/// The key of this name; without a name, the only one there is for signatures.
fn key<'a>(keys: &'a JwkSet, name: Option<&str>) -> Option<&'a Jwk> {
    if let Some(name) = name {
        return keys.find(name);
    }
    let is_for_signing = |key: &&Jwk| {
        key.common
            .public_key_use
            .as_ref()
            .is_none_or(|what| *what == PublicKeyUse::Signature)
    };
    let mut found = keys.keys.iter().filter(is_for_signing);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

fn number(claim: Option<&Value>) -> Option<i64> {
    match claim? {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}
