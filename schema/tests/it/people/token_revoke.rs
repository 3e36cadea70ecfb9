//! Ending a session or token.

use kardan_schema::people;
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;
use uuid::Uuid;

use super::{block, hash, sign_in, token};
use crate::support::reason;

#[tokio::test]
async fn revoking_again_tells_when_it_was_revoked() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    let made = people::token_create(&*api, &token(user, 1)).await?;
    let first = people::token_revoke(&*api, user, made.token_id).await?;
    assert_eq!(first.token_id, made.token_id);
    db.shift_clock("1 minute").await?;
    let second = people::token_revoke(&*api, user, made.token_id).await?;
    assert_eq!(first, second);
    Ok(())
}

#[tokio::test]
async fn a_session_is_signed_out_the_same_way_even_by_a_blocked_person() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let session = people::session_create_telegram(&*api, &sign_in(42, 1)).await?;
    block(&*api, admin, session.user_id).await?;
    people::token_revoke(&*api, session.user_id, session.token_id).await?;
    assert_eq!(people::token_authenticate(&*api, &hash(1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn somebody_elses_token_is_as_unknown_as_one_that_never_was() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let made = people::token_create(&*api, &token(user, 1)).await?;
    for id in [made.token_id, Uuid::nil()] {
        assert_eq!(
            reason(people::token_revoke(&*api, admin, id).await),
            Reason::TokenUnknown
        );
    }
    assert_eq!(
        reason(people::token_revoke(&*api, UserId(-1), made.token_id).await),
        Reason::ActorUnknown
    );
    assert!(people::token_authenticate(&*api, &hash(1)).await?.is_some());
    Ok(())
}
