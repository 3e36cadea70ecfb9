//! One token for each role of the demo, made once and kept beside the data, so that a second start prints the same ones.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use kardan_schema::{Role, Scope, people};
use tokio_postgres::Client;

use crate::token;

/// Role, the demo person who has it, and what their token may do.
const PEOPLE: [(&str, &str, Role, &[Scope]); 4] = [
    (
        "buyer",
        "demo-buyer",
        Role::User,
        &[Scope::Read, Scope::Write],
    ),
    (
        "seller",
        "demo-seller",
        Role::User,
        &[Scope::Read, Scope::Write],
    ),
    (
        "moderator",
        "demo-moderator",
        Role::Moderator,
        &[Scope::Read, Scope::Write, Scope::Moderate],
    ),
    (
        "administrator",
        "demo-admin",
        Role::Admin,
        &[
            Scope::Read,
            Scope::Write,
            Scope::Moderate,
            Scope::Administer,
        ],
    ),
];

/// The tokens by role. Those of the last start are used again while they are good.
pub async fn ready(client: &Client, file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let kept: BTreeMap<String, String> = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let mut tokens = BTreeMap::new();
    for (role, subject, rights, scopes) in PEOPLE {
        let good = match kept.get(role) {
            Some(token) => is_good(client, token).await?.then(|| token.clone()),
            None => None,
        };
        let token = match good {
            Some(token) => token,
            None => {
                let user = token::operator(client, subject, rights).await?;
                token::issue(client, user, "kardan up", scopes, 365)
                    .await?
                    .0
            }
        };
        tokens.insert(role.to_owned(), token);
    }
    if tokens != kept {
        keep(&tokens, file)?;
    }
    Ok(tokens)
}

async fn is_good(client: &Client, token: &str) -> anyhow::Result<bool> {
    let hash = kardan_api::token::hash(token);
    Ok(people::token_authenticate(client, &hash).await?.is_some())
}

fn keep(tokens: &BTreeMap<String, String>, file: &Path) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(tokens)?;
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut open| open.write_all(text.as_bytes()))
        .with_context(|| format!("keeping the demo tokens in {}", file.display()))
}
