//! Checks what a Telegram Mini App says of its user: `initData`, signed by Telegram with the bot's token.
//! <https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app>
//!
//! Whether it is fresh and used for the first time is for the database to say.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::Secret;

/// A user whom Telegram vouches for.
#[derive(Debug)]
pub struct Proof {
    /// Who.
    pub user: TelegramUser,
    /// When Telegram signed.
    pub auth_at: DateTime<Utc>,
    /// SHA-256 of what was signed: the same proof twice is the same value.
    pub hash: Vec<u8>,
}

/// A user as Telegram describes one.
#[derive(Debug, Deserialize)]
pub struct TelegramUser {
    pub id: i64,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
    pub photo_url: Option<String>,
}

/// Why a proof is none. The caller hears only that it is not Telegram's.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoProof {
    #[error("a field is missing or twice there")]
    Fields,
    #[error("the signature does not fit")]
    Signature,
    #[error("a field cannot be understood")]
    Content,
}

/// Checks the signature and reads the user.
pub fn verify(init_data: &str, bot_token: &Secret) -> Result<Proof, NoProof> {
    let mut fields: Vec<(String, String)> =
        serde_urlencoded::from_str(init_data).map_err(|_| NoProof::Fields)?;
    fields.sort();
    if fields
        .windows(2)
        .any(|pair| matches!(pair, [(a, _), (b, _)] if a == b))
    {
        return Err(NoProof::Fields);
    }
    let signed: Vec<_> = fields
        .iter()
        .filter(|(key, _)| key != "hash")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let signed = signed.join("\n");
    let given = unhex(field(&fields, "hash")?).ok_or(NoProof::Signature)?;
    let secret = keyed(b"WebAppData", bot_token.expose().as_bytes())?
        .finalize()
        .into_bytes();
    keyed(&secret, signed.as_bytes())?
        .verify_slice(&given)
        .map_err(|_| NoProof::Signature)?;
    let seconds = field(&fields, "auth_date")?
        .parse()
        .map_err(|_| NoProof::Content)?;
    Ok(Proof {
        user: serde_json::from_str(field(&fields, "user")?).map_err(|_| NoProof::Content)?,
        auth_at: DateTime::from_timestamp(seconds, 0).ok_or(NoProof::Content)?,
        hash: Sha256::digest(signed.as_bytes()).to_vec(),
    })
}

fn field<'a>(fields: &'a [(String, String)], key: &str) -> Result<&'a str, NoProof> {
    let found = fields.iter().find(|(one, _)| one == key);
    found
        .map(|(_, value)| value.as_str())
        .ok_or(NoProof::Fields)
}

fn keyed(key: &[u8], message: &[u8]) -> Result<Hmac<Sha256>, NoProof> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| NoProof::Signature)?;
    mac.update(message);
    Ok(mac)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    Some(
        digits?
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(fields: &[(&str, &str)], bot_token: &str) -> String {
        let mut lines: Vec<_> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
        lines.sort();
        let secret = keyed(b"WebAppData", bot_token.as_bytes())
            .unwrap()
            .finalize()
            .into_bytes();
        let hash = keyed(&secret, lines.join("\n").as_bytes())
            .unwrap()
            .finalize()
            .into_bytes();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut all = fields.to_vec();
        all.push(("hash", &hash));
        serde_urlencoded::to_string(all).unwrap()
    }

    const USER: &str = r#"{"id":7,"first_name":"Анна & Co"}"#;

    #[test]
    fn what_telegram_signed_is_taken_with_the_field_signature_in_it() {
        let data = signed(
            &[
                ("user", USER),
                ("auth_date", "1700000000"),
                ("signature", "x"),
            ],
            "1:a",
        );
        let proof = verify(&data, &Secret::new("1:a".to_owned())).unwrap();
        assert_eq!(
            (proof.user.id, proof.user.first_name.as_str()),
            (7, "Анна & Co")
        );
        assert_eq!(proof.auth_at.timestamp(), 1_700_000_000);
        assert_eq!(proof.hash.len(), 32);
    }

    #[test]
    fn another_bots_signature_a_changed_field_and_a_doubled_field_are_refused() {
        let token = Secret::new("1:a".to_owned());
        let data = signed(&[("user", USER), ("auth_date", "1700000000")], "1:b");
        assert_eq!(verify(&data, &token).unwrap_err(), NoProof::Signature);
        let data = signed(&[("user", USER), ("auth_date", "1700000000")], "1:a");
        let later = data.replace("1700000000", "1800000000");
        assert_eq!(verify(&later, &token).unwrap_err(), NoProof::Signature);
        let doubled = format!("{data}&auth_date=1800000000");
        assert_eq!(verify(&doubled, &token).unwrap_err(), NoProof::Fields);
        assert_eq!(verify("hash=zz", &token).unwrap_err(), NoProof::Signature);
        assert_eq!(verify("", &token).unwrap_err(), NoProof::Fields);
    }
}
