//! People: accounts, identities, bans, tokens, exports.

mod erasure;
mod export;
mod export_plans;
mod operator_create;
mod register;
mod session_create_oidc;
mod session_create_telegram;
mod sign_in_link;
mod sign_ins_purge;
mod telegram_user_get;
mod ticket;
mod token_authenticate;
mod token_create;
mod token_issue;
mod token_list;
mod token_revoke;
mod token_used;
mod tokens_purge;
mod user_block;
mod user_card;
mod user_get;
mod user_list;
mod user_role_set;
mod user_start;
mod user_unblock;
mod user_update;

use std::future::Future;
use std::time::Duration;

use anyhow::Context as _;
use chrono::Utc;
use kardan_schema::people::{self, SessionCreateTelegram, TokenCreate, UserBlock, UserStart};
use kardan_schema::{Db, Error, Scope, UserId};
use kardan_testdb::{Database, Session};

/// Stands for SHA-256 of something; equal numbers, equal things.
fn hash(of: u16) -> Vec<u8> {
    of.to_be_bytes().repeat(16)
}

/// A start of the bot by Anna Petrova.
fn start(telegram_id: i64) -> UserStart {
    UserStart {
        telegram_id,
        username: Some("anna_p".to_owned()),
        first_name: "Anna".to_owned(),
        last_name: Some("Petrova".to_owned()),
        photo_url: None,
        language_code: Some("en".to_owned()),
    }
}

/// A sign-in by Anna Petrova a moment ago; the number tells proofs and tokens apart.
fn sign_in(telegram_id: i64, number: u16) -> SessionCreateTelegram {
    SessionCreateTelegram {
        telegram_id,
        username: Some("anna_p".to_owned()),
        first_name: "Anna".to_owned(),
        last_name: Some("Petrova".to_owned()),
        photo_url: None,
        language_code: Some("en".to_owned()),
        auth_at: Utc::now(),
        proof_hash: hash(number),
        token_hash: hash(number),
        scopes: vec![Scope::Read, Scope::Write],
        ttl_seconds: 3600,
        device: Some("Telegram on Android".to_owned()),
    }
}

/// A personal token for an hour.
fn token(actor: UserId, number: u16) -> TokenCreate {
    TokenCreate {
        actor,
        bearer: None,
        name: "Price list".to_owned(),
        scopes: vec![Scope::Read],
        token_hash: hash(number),
        ttl_seconds: 3600,
    }
}

async fn block(db: &impl Db, actor: UserId, user: UserId) -> Result<people::Block, Error> {
    let until_lifted = UserBlock {
        actor,
        user,
        until: None,
        reason: "Spam".to_owned(),
    };
    people::user_block(db, &until_lifted).await
}

/// Gives `second` its run while the transaction of `first` is open; commits that one as soon as
/// somebody waits for it.
async fn behind<T>(
    db: &Database,
    first: &Session,
    second: impl Future<Output = T>,
) -> anyhow::Result<T> {
    let watcher = db.superuser().await?;
    let waiting = "select from pg_stat_activity as a
        where a.datname = current_database() and a.wait_event_type = 'Lock'";
    let commit = async {
        tokio::time::timeout(Duration::from_secs(20), async {
            while watcher.query(waiting, &[]).await?.is_empty() {}
            Ok::<_, tokio_postgres::Error>(())
        })
        .await
        .context("nobody ever waited for the first transaction")??;
        first.batch_execute("commit").await?;
        anyhow::Ok(())
    };
    let (answer, committed) = tokio::join!(second, commit);
    committed?;
    Ok(answer)
}

/// Whether the database itself refused the role.
fn is_forbidden<T>(answer: Result<T, Error>) -> bool {
    answer
        .err()
        .and_then(|error| Some(error.database()?.code().code() == "42501"))
        .unwrap_or_default()
}

/// One number out of the tables.
async fn count(db: &Database, sql: &str) -> anyhow::Result<i64> {
    Ok(db.superuser().await?.query_one(sql, &[]).await?.get(0))
}
