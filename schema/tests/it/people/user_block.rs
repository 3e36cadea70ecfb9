//! Blocking.

use chrono::{SubsecRound, TimeDelta, Utc};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::{count, token};
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

#[tokio::test]
async fn a_blocked_person_cannot_act_and_hears_until_when() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let end = (Utc::now() + TimeDelta::hours(1)).trunc_subsecs(0);
    let text = end.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    for (until, detail) in [(Some(end), text.as_str()), (None, "until lifted")] {
        let block = UserBlock {
            until,
            ..for_spam(admin, user)
        };
        assert_eq!(people::user_block(&*api, &block).await?.until, until);
        let refusal = people::token_create(&*api, &token(user, 1))
            .await
            .unwrap_err();
        let fault = refusal.fault().unwrap();
        assert_eq!(fault.reason, Reason::ActorBlocked);
        assert_eq!(fault.detail.as_deref(), Some(detail));
    }
    Ok(())
}

#[tokio::test]
async fn a_block_until_a_time_runs_out_by_the_clock() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let hour = UserBlock {
        until: Some(Utc::now() + TimeDelta::hours(1)),
        ..for_spam(admin, user)
    };
    people::user_block(&*api, &hour).await?;
    for (shift, blocked) in [("59 minutes", 1), ("61 minutes", 0)] {
        db.shift_clock(shift).await?;
        assert_eq!(
            count(&db, "select count(*) from people.blocked").await?,
            blocked
        );
        let answer = people::token_create(&*api, &token(user, 1)).await;
        assert_eq!(answer.is_err(), blocked == 1, "{shift}");
    }
    Ok(())
}
