//! When a token was used last.

use chrono::{DateTime, Utc};
use kardan_schema::people;
use kardan_schema::{Role, UserId};
use kardan_testdb::{Database, Session};
use uuid::Uuid;

use super::token;

async fn last_use(api: &Session, user: UserId) -> anyhow::Result<Option<DateTime<Utc>>> {
    Ok(people::token_list(&**api, user, None, None).await?[0].last_used_at)
}

#[tokio::test]
async fn the_last_use_is_recorded_once_a_minute_at_most() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    let made = people::token_create(&*api, &token(user, 1)).await?;
    assert_eq!(last_use(&api, user).await?, None);
    people::token_used(&*api, made.token_id).await?;
    let first = last_use(&api, user).await?;
    assert!(first.is_some());
    db.shift_clock("30 seconds").await?;
    people::token_used(&*api, made.token_id).await?;
    assert_eq!(last_use(&api, user).await?, first);
    db.shift_clock("61 seconds").await?;
    people::token_used(&*api, made.token_id).await?;
    assert!(last_use(&api, user).await? > first);
    Ok(())
}

#[tokio::test]
async fn recording_a_use_never_waits_for_another_and_passes_over_the_unknown() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let made = people::token_create(&*one, &token(user, 1)).await?;
    one.batch_execute("begin").await?;
    people::token_used(&*one, made.token_id).await?;
    // It would wait here until the statement's time is over.
    two.batch_execute("set lock_timeout = '1ms'").await?;
    people::token_used(&*two, made.token_id).await?;
    people::token_used(&*two, Uuid::nil()).await?;
    one.batch_execute("commit").await?;
    assert!(last_use(&two, user).await?.is_some());
    Ok(())
}
