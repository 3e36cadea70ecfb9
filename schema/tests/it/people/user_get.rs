//! The own account.

use chrono::{SubsecRound, TimeDelta, Utc};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Language, Reason, Role, UserId};
use kardan_testdb::Database;

use super::block;
use crate::support::reason;

#[tokio::test]
async fn a_person_sees_the_own_account() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let account = people::user_get(&*api, user).await?;
    assert_eq!(
        account,
        people::Account {
            user_id: user,
            role: Role::Moderator,
            display_name: "Moderator of the test".to_owned(),
            language: Language::En,
            created_at: account.created_at,
            version: 1,
            is_blocked: false,
            blocked_until: None,
            blocked_reason: None,
            telegram_username: None,
        }
    );
    assert_eq!(
        reason(people::user_get(&*api, UserId(-1)).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_sees_until_when_and_why() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, user).await?;
    let account = people::user_get(&*api, user).await?;
    assert_eq!((account.is_blocked, account.blocked_until), (true, None));
    assert_eq!(account.blocked_reason.as_deref(), Some("Spam"));

    let until = (Utc::now() + TimeDelta::hours(2)).trunc_subsecs(0);
    let shorter = UserBlock {
        actor: admin,
        user,
        until: Some(until),
        reason: "Rude".to_owned(),
    };
    people::user_block(&*api, &shorter).await?;
    let account = people::user_get(&*api, user).await?;
    assert_eq!(account.blocked_until, Some(until));
    assert_eq!(account.blocked_reason.as_deref(), Some("Rude"));

    db.shift_clock("2 hours").await?;
    let account = people::user_get(&*api, user).await?;
    assert_eq!(
        (
            account.is_blocked,
            account.blocked_until,
            account.blocked_reason
        ),
        (false, None, None)
    );
    Ok(())
}
