//! Personal tokens.

use chrono::TimeDelta;
use kardan_schema::people::{self, TokenCreate};
use kardan_schema::{Reason, Role, Scope, UserId};
use kardan_testdb::Database;

use super::{behind, block, count, token};
use crate::support::reason;

#[tokio::test]
async fn a_person_makes_a_token_with_a_name_scopes_and_an_end() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    let asked = TokenCreate {
        name: "  Price   list ".to_owned(),
        scopes: vec![Scope::Write, Scope::Read, Scope::Write],
        ..token(user, 1)
    };
    let made = people::token_create(&*api, &asked).await?;
    assert_eq!(made.name, "Price list");
    assert_eq!(made.scopes, [Scope::Read, Scope::Write]);
    assert_eq!(made.expires_at - made.created_at, TimeDelta::hours(1));
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_named() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let blocked = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, blocked).await?;
    people::token_create(&*api, &token(admin, 7)).await?;
    let year = 366 * 24 * 3600;
    #[rustfmt::skip]
    let cases = [
        (TokenCreate { name: " \u{200b}".to_owned(), ..token(user, 1) }, Reason::TokenNameLength),
        (TokenCreate { name: "x".repeat(101), ..token(user, 1) }, Reason::TokenNameLength),
        (TokenCreate { scopes: vec![], ..token(user, 1) }, Reason::TokenScopesKnown),
        (TokenCreate { token_hash: vec![], ..token(user, 1) }, Reason::TokenHashSize),
        (TokenCreate { ttl_seconds: 0, ..token(user, 1) }, Reason::TokenLifetimeLimits),
        (TokenCreate { ttl_seconds: -1, ..token(user, 1) }, Reason::TokenLifetimeLimits),
        (TokenCreate { ttl_seconds: year + 1, ..token(user, 1) }, Reason::TokenLifetimeLimits),
        (TokenCreate { ttl_seconds: i32::MAX, ..token(user, 1) }, Reason::TokenLifetimeLimits),
        (token(user, 7), Reason::TokenHashUnique),
        (token(UserId(-1), 1), Reason::ActorUnknown),
        (token(blocked, 1), Reason::ActorBlocked),
    ];
    for (wrong, expected) in cases {
        assert_eq!(reason(people::token_create(&*api, &wrong).await), expected);
    }
    let longest = TokenCreate {
        name: "x".repeat(100),
        ttl_seconds: year,
        ..token(user, 1)
    };
    people::token_create(&*api, &longest).await?;
    Ok(())
}

#[tokio::test]
async fn a_person_has_at_most_20_live_tokens_even_when_two_are_asked_for_at_once()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    for number in 1..20 {
        people::token_create(&*one, &token(user, number)).await?;
    }
    one.batch_execute("begin").await?;
    let twentieth = people::token_create(&*one, &token(user, 20)).await?;
    let at_once = token(user, 21);
    let second = behind(&db, &one, people::token_create(&*two, &at_once)).await?;
    assert_eq!(reason(second), Reason::TokenCountLimit);
    // A revoked one makes room, and so does one that is over.
    people::token_revoke(&*one, user, twentieth.token_id).await?;
    people::token_create(&*two, &at_once).await?;
    db.shift_clock("2 hours").await?;
    people::token_create(&*two, &token(user, 22)).await?;
    assert_eq!(
        count(&db, "select count(*) from people_data.tokens").await?,
        22
    );
    Ok(())
}

#[tokio::test]
async fn a_token_makes_none_that_may_do_more_than_itself() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (user, stranger) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let narrow = people::token_create(&*api, &token(user, 1)).await?;
    let through = |actor, number, scopes| TokenCreate {
        bearer: Some(narrow.token_id),
        scopes,
        ..token(actor, number)
    };
    people::token_create(&*api, &through(user, 2, vec![Scope::Read])).await?;
    let wider = through(user, 3, vec![Scope::Read, Scope::Administer]);
    assert_eq!(
        reason(people::token_create(&*api, &wider).await),
        Reason::TokenScopesExceeded
    );
    // A token that was taken back makes nothing any more.
    people::token_revoke(&*api, user, narrow.token_id).await?;
    assert_eq!(
        reason(people::token_create(&*api, &through(user, 5, vec![Scope::Read])).await),
        Reason::TokenScopesExceeded
    );
    // Somebody else's token lends nothing.
    let foreign = through(stranger, 4, vec![Scope::Read]);
    assert_eq!(
        reason(people::token_create(&*api, &foreign).await),
        Reason::TokenScopesExceeded
    );
    Ok(())
}
