//! Blocking.

use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use crate::support::reason;

fn for_spam(actor: UserId, user: UserId) -> UserBlock {
    UserBlock {
        actor,
        user,
        until: None,
        reason: "Spam".to_owned(),
    }
}

#[tokio::test]
async fn an_administrator_blocks_a_person_until_it_is_lifted() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let block = people::user_block(&*api, &for_spam(admin, user)).await?;
    assert_eq!(
        (block.user_id, block.until, block.reason.as_str()),
        (user, None, "Spam")
    );
    // A second block takes the place of the first.
    people::user_block(&*api, &for_spam(admin, user)).await?;
    let bans: i64 = db
        .superuser()
        .await?
        .query_one(
            "select count(*) from people_data.bans as b where b.lifted_at is null",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(bans, 1);
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_may_block_and_never_another_administrator() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, other) = (db.person(Role::Admin).await?, db.person(Role::Admin).await?);
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(people::user_block(&*api, &for_spam(moderator, other)).await),
        Reason::RoleRequired
    );
    assert_eq!(
        reason(people::user_block(&*api, &for_spam(admin, other)).await),
        Reason::AdminNotBlockable
    );
    assert_eq!(
        reason(people::user_block(&*api, &for_spam(admin, UserId(-1))).await),
        Reason::UserUnknown
    );
    assert_eq!(
        reason(people::user_block(&*api, &for_spam(UserId(-1), moderator)).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_block_needs_a_reason_and_an_end_in_the_future() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let silent = UserBlock {
        reason: String::new(),
        ..for_spam(admin, user)
    };
    assert_eq!(
        reason(people::user_block(&*api, &silent).await),
        Reason::BanReasonLength
    );
    let past = UserBlock {
        until: Some(chrono::DateTime::UNIX_EPOCH),
        ..for_spam(admin, user)
    };
    assert_eq!(
        reason(people::user_block(&*api, &past).await),
        Reason::BanUntilIsLater
    );
    Ok(())
}
