//! `kardan token`: tokens made by an operator. The token is random, printed once, and only its hash goes to the database.

use std::process::ExitCode;

use anyhow::Context as _;
use kardan_api::token::{self, TokenKind};
use kardan_schema::people::{self, OperatorCreate, TokenIssue};
use kardan_schema::{Db, Language, Role, Scope, UserId};

use crate::args::Token;
use crate::migrate::print_json;

pub async fn run(action: Token) -> anyhow::Result<ExitCode> {
    let Token::Create {
        database,
        user,
        role,
        scopes,
        name,
        days,
        json,
    } = action;
    let client = database.connect().await?;
    let user_id = match user.parse() {
        Ok(number) => UserId(number),
        Err(_) => operator(&client, &user, role).await?,
    };
    let (token, expires_at) = issue(&client, user_id, &name, &scopes, days).await?;
    if json {
        print_json(
            &serde_json::json!({ "user_id": user_id, "token": token, "scopes": scopes, "expires_at": expires_at }),
        )?;
    } else {
        println!("{token}");
        eprintln!("user {user_id}, good until {expires_at}; it is not shown again");
    }
    Ok(ExitCode::SUCCESS)
}

/// The person of this name at the command line; made at the first call.
pub async fn operator(db: &impl Db, name: &str, role: Role) -> anyhow::Result<UserId> {
    let create = OperatorCreate {
        subject: name.to_owned(),
        display_name: name.to_owned(),
        role,
        language: Language::Ru,
    };
    Ok(people::operator_create(db, &create)
        .await
        .context("making the person")?
        .user_id)
}

/// Makes a token for this person.
pub async fn issue(
    db: &impl Db,
    user: UserId,
    name: &str,
    scopes: &[Scope],
    days: u32,
) -> anyhow::Result<(String, chrono::DateTime<chrono::Utc>)> {
    let token = token::new(TokenKind::Personal).context("the system gave no randomness")?;
    let issue = TokenIssue {
        user,
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        token_hash: token::hash(&token),
        ttl_seconds: i32::try_from(u64::from(days) * 86_400).unwrap_or(i32::MAX),
    };
    let made = people::token_issue(db, &issue)
        .await
        .context("issuing the token")?;
    Ok((token, made.expires_at))
}
