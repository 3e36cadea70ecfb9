//! From a token to a person.

use chrono::{TimeDelta, Utc};
use kardan_schema::people::{self, UserBlock, UserRoleSet};
use kardan_schema::{Language, Role, Scope};
use kardan_testdb::Database;

use super::{hash, is_forbidden, token};

#[tokio::test]
async fn a_token_names_its_person_until_it_ends() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let made = people::token_create(&*api, &token(user, 1)).await?;
    let bearer = people::token_authenticate(&*api, &hash(1)).await?.unwrap();
    assert_eq!(
        bearer,
        people::Bearer {
            token_id: made.token_id,
            user_id: user,
            role: Role::Moderator,
            scopes: vec![Scope::Read],
            language: Language::En,
            expires_at: made.expires_at,
            is_blocked: false,
        }
    );
    assert_eq!(people::token_authenticate(&*api, &hash(2)).await?, None);
    assert_eq!(people::token_authenticate(&*api, &[]).await?, None);
    db.shift_clock("59 minutes").await?;
    assert!(people::token_authenticate(&*api, &hash(1)).await?.is_some());
    db.shift_clock("1 hour").await?;
    assert_eq!(people::token_authenticate(&*api, &hash(1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_revoked_token_ends_at_once_in_every_session() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let made = people::token_create(&*one, &token(user, 1)).await?;
    assert!(people::token_authenticate(&*two, &hash(1)).await?.is_some());
    people::token_revoke(&*one, user, made.token_id).await?;
    assert_eq!(people::token_authenticate(&*two, &hash(1)).await?, None);
    assert_eq!(people::token_authenticate(&*one, &hash(1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_token_follows_the_role_and_the_block_of_its_person() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (
        db.person(Role::Admin).await?,
        db.person(Role::Moderator).await?,
    );
    let api = db.as_role("kardan_api").await?;
    people::token_create(&*api, &token(user, 1)).await?;
    let demoted = UserRoleSet {
        actor: admin,
        user,
        role: Role::User,
        version: None,
    };
    people::user_role_set(&*api, &demoted).await?;
    let an_hour = UserBlock {
        actor: admin,
        user,
        until: Some(Utc::now() + TimeDelta::minutes(30)),
        reason: "Spam".to_owned(),
    };
    people::user_block(&*api, &an_hour).await?;
    let bearer = people::token_authenticate(&*api, &hash(1)).await?.unwrap();
    assert_eq!((bearer.role, bearer.is_blocked), (Role::User, true));
    // The block runs out by the clock alone.
    db.shift_clock("31 minutes").await?;
    let bearer = people::token_authenticate(&*api, &hash(1)).await?.unwrap();
    assert!(!bearer.is_blocked);
    Ok(())
}

#[tokio::test]
async fn only_the_api_looks_tokens_up() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_bot", "kardan_worker", "kardan_monitor"] {
        let session = db.as_role(role).await?;
        assert!(
            is_forbidden(people::token_authenticate(&*session, &hash(1)).await),
            "{role}"
        );
    }
    Ok(())
}
