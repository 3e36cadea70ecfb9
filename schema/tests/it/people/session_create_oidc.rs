//! Signing in with a proof of OpenID Connect.

use kardan_schema::people::{self, SessionCreateOidc};
use kardan_schema::{Language, Reason, Scope};
use kardan_testdb::Database;

use super::{behind, count, hash};
use crate::support::reason;

fn proof(issuer: &str, number: u16) -> SessionCreateOidc {
    SessionCreateOidc {
        issuer: issuer.to_owned(),
        subject: "248289761001".to_owned(),
        name: Some("Anna Petrova".to_owned()),
        language_code: Some("en-GB".to_owned()),
        proof_hash: hash(number),
        token_hash: hash(number),
        scopes: vec![Scope::Read],
        ttl_seconds: 3600,
        device: None,
    }
}

#[tokio::test]
async fn the_first_proof_makes_an_account_and_the_next_finds_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let first = people::session_create_oidc(&*api, &proof("https://id.example", 1)).await?;
    let renamed = SessionCreateOidc {
        name: Some("Somebody".to_owned()),
        ..proof("https://id.example", 2)
    };
    let second = people::session_create_oidc(&*api, &renamed).await?;
    assert!(first.is_new && !second.is_new);
    assert_eq!(first.user_id, second.user_id);
    let account = people::user_get(&*api, first.user_id).await?;
    assert_eq!(account.display_name, "Anna Petrova");
    assert_eq!(account.language, Language::En);
    let listed = people::token_list(&*api, first.user_id, None, None).await?;
    assert_eq!(listed[0].name, "Browser");
    Ok(())
}

#[tokio::test]
async fn the_same_number_at_another_issuer_is_another_person() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let one = people::session_create_oidc(&*api, &proof("https://id.example", 1)).await?;
    let nameless = SessionCreateOidc {
        name: Some(" \u{200b}".to_owned()),
        ..proof("https://id.example.org", 2)
    };
    let two = people::session_create_oidc(&*api, &nameless).await?;
    assert_ne!(one.user_id, two.user_id);
    let account = people::user_get(&*api, two.user_id).await?;
    assert_eq!(account.display_name, "248289761001");
    Ok(())
}

#[tokio::test]
async fn a_proof_is_used_once_and_a_bad_issuer_is_none() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let twin = SessionCreateOidc {
        token_hash: hash(2),
        ..proof("https://id.example", 1)
    };
    one.batch_execute("begin").await?;
    people::session_create_oidc(&*one, &proof("https://id.example", 1)).await?;
    let second = behind(&db, &one, people::session_create_oidc(&*two, &twin)).await?;
    assert_eq!(reason(second), Reason::SignInReplayed);
    let bad = people::session_create_oidc(&*one, &proof("id example", 3)).await;
    assert_eq!(reason(bad), Reason::IdentityOidcSubjectHasIssuer);
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        1
    );
    Ok(())
}
