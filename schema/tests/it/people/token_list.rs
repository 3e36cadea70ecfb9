//! A person's sessions and tokens.

use kardan_schema::people::{self, TokenCreate};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::{block, token};
use crate::support::reason;

#[tokio::test]
async fn a_person_sees_the_own_live_tokens_newest_first_page_by_page() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (user, stranger) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let mut made = Vec::new();
    // An id carries milliseconds: the clock goes on between two of them.
    for number in 1..=5 {
        db.shift_clock(&format!("{number} seconds")).await?;
        let one = people::token_create(&*api, &token(user, number)).await?;
        made.insert(0, one.token_id);
    }
    people::token_create(&*api, &token(stranger, 6)).await?;
    let short = TokenCreate {
        ttl_seconds: 1,
        ..token(user, 7)
    };
    people::token_create(&*api, &short).await?;
    people::token_revoke(&*api, user, made.remove(2)).await?;
    db.shift_clock("10 seconds").await?;

    let mut seen = Vec::new();
    loop {
        let page = people::token_list(&*api, user, Some(3), seen.last().copied()).await?;
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|one| one.token_id));
    }
    assert_eq!(seen, made);
    Ok(())
}

#[tokio::test]
async fn a_page_has_a_floor_and_a_ceiling() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let fill = format!(
        "insert into people_data.tokens (
             id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
         select gen_random_uuid(), 'session', {user}, 'x', sha256(n::text::bytea), '{{read}}',
             ops.clock_now(), ops.clock_now() + interval '1 hour'
         from generate_series(1, 150) as n"
    );
    db.superuser().await?.batch_execute(&fill).await?;
    let api = db.as_role("kardan_api").await?;
    for (limit, expected) in [(None, 20), (Some(0), 1), (Some(-5), 1), (Some(1000), 100)] {
        let page = people::token_list(&*api, user, limit, None).await?;
        assert_eq!(page.len(), expected, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_may_look_and_a_stranger_is_unknown() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    people::token_create(&*api, &token(user, 1)).await?;
    block(&*api, admin, user).await?;
    assert_eq!(people::token_list(&*api, user, None, None).await?.len(), 1);
    assert_eq!(
        reason(people::token_list(&*api, UserId(-1), None, None).await),
        Reason::ActorUnknown
    );
    Ok(())
}
