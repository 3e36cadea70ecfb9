//! Lifting a block.

use chrono::{TimeDelta, Utc};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::{behind, block, count, token};
use crate::support::reason;

#[tokio::test]
async fn an_unblocked_person_may_act_again_and_the_history_stays() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, user).await?;
    assert_eq!(
        reason(people::token_create(&*api, &token(user, 1)).await),
        Reason::ActorBlocked
    );
    for _ in 0..2 {
        let answer = people::user_unblock(&*api, admin, user, Some("A mistake")).await?;
        assert_eq!(answer.user_id, user);
    }
    people::token_create(&*api, &token(user, 1)).await?;
    assert_eq!(count(&db, "select count(*) from people.blocked").await?, 0);
    let kept = "select count(*) from people_data.bans as b
        where b.lift_note = 'A mistake' and b.lifted_by = b.created_by and b.reason = 'Spam'";
    assert_eq!(count(&db, kept).await?, 1);
    // The repeat lifted nothing, so it is not an act.
    let audited = "select count(*) from ops_data.audit as a where a.action = 'user.unblock'";
    assert_eq!(count(&db, audited).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_block_that_ran_out_by_the_clock_is_not_lifted_again() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let hour = |user| UserBlock {
        actor: admin,
        user,
        until: Some(Utc::now() + TimeDelta::hours(1)),
        reason: "Spam".to_owned(),
    };
    people::user_block(&*api, &hour(user)).await?;
    db.shift_clock("61 minutes").await?;
    people::token_create(&*api, &token(user, 1)).await?;
    people::user_unblock(&*api, admin, user, None).await?;
    let lifted = "select count(*) from people_data.bans as b where b.lifted_at is not null";
    assert_eq!(count(&db, lifted).await?, 0);
    // A new block closes the former one as of its own end, by nobody.
    block(&*api, admin, user).await?;
    let closed = "select count(*) from people_data.bans as b
        where b.lifted_at = b.until and b.lifted_by is null";
    assert_eq!(count(&db, closed).await?, 1);
    assert_eq!(count(&db, "select count(*) from people.blocked").await?, 1);
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_unblocks_and_the_note_is_short() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, moderator).await?;
    let long = "x".repeat(501);
    #[rustfmt::skip]
    let cases = [
        (user, moderator, None, Reason::RoleRequired),
        (moderator, moderator, None, Reason::ActorBlocked),
        (UserId(-1), moderator, None, Reason::ActorUnknown),
        (admin, UserId(-1), None, Reason::UserUnknown),
        (admin, moderator, Some(long.as_str()), Reason::BanLiftNoteLength),
    ];
    for (actor, whom, note, expected) in cases {
        assert_eq!(
            reason(people::user_unblock(&*api, actor, whom, note).await),
            expected
        );
    }
    people::user_unblock(&*api, admin, moderator, Some(&long[..500])).await?;
    Ok(())
}

#[tokio::test]
async fn a_block_and_an_unblock_at_once_take_turns() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    one.batch_execute("begin").await?;
    block(&*one, admin, user).await?;
    behind(&db, &one, people::user_unblock(&*two, admin, user, None)).await??;
    assert_eq!(count(&db, "select count(*) from people.blocked").await?, 0);
    one.batch_execute("begin").await?;
    block(&*one, admin, user).await?;
    behind(&db, &one, block(&*two, admin, user)).await??;
    assert_eq!(count(&db, "select count(*) from people.blocked").await?, 1);
    Ok(())
}
