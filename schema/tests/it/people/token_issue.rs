//! Tokens from the command line.

use kardan_schema::people::{self, TokenIssue};
use kardan_schema::{Reason, Role, Scope, UserId};
use kardan_testdb::Database;

use super::{count, hash, is_forbidden};
use crate::support::reason;

fn issue(user: UserId, number: u16) -> TokenIssue {
    TokenIssue {
        user,
        name: "Demonstration".to_owned(),
        scopes: vec![Scope::Read, Scope::Administer],
        token_hash: hash(number),
        ttl_seconds: 3600,
    }
}

#[tokio::test]
async fn an_operator_issues_tokens_without_a_ceiling_and_each_is_audited() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::Admin).await?;
    let admin = db.as_role("kardan_admin").await?;
    for number in 1..=21 {
        people::token_issue(&*admin, &issue(user, number)).await?;
    }
    let api = db.as_role("kardan_api").await?;
    let bearer = people::token_authenticate(&*api, &hash(21)).await?.unwrap();
    assert_eq!((bearer.user_id, bearer.role), (user, Role::Admin));
    assert_eq!(bearer.scopes, [Scope::Administer, Scope::Read]);
    let audited = "select count(*) from ops_data.audit as a
        where a.action = 'token.issue' and a.actor_id is null
            and a.details::text not like '%hash%'";
    assert_eq!(count(&db, audited).await?, 21);
    Ok(())
}

#[tokio::test]
async fn a_token_is_for_somebody_who_is_there_and_only_an_operator_issues_it() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let admin = db.as_role("kardan_admin").await?;
    assert_eq!(
        reason(people::token_issue(&*admin, &issue(UserId(-1), 1)).await),
        Reason::UserUnknown
    );
    #[rustfmt::skip]
    let cases = [
        (TokenIssue { name: String::new(), ..issue(user, 1) }, Reason::TokenNameLength),
        (TokenIssue { scopes: vec![], ..issue(user, 1) }, Reason::TokenScopesKnown),
        (TokenIssue { token_hash: vec![], ..issue(user, 1) }, Reason::TokenHashSize),
        (TokenIssue { ttl_seconds: 0, ..issue(user, 1) }, Reason::TokenLifetimeLimits),
    ];
    for (wrong, expected) in cases {
        assert_eq!(reason(people::token_issue(&*admin, &wrong).await), expected);
    }
    people::token_issue(&*admin, &issue(user, 1)).await?;
    assert_eq!(
        reason(people::token_issue(&*admin, &issue(user, 1)).await),
        Reason::TokenHashUnique
    );
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        assert!(
            is_forbidden(people::token_issue(&*session, &issue(user, 2)).await),
            "{role}"
        );
    }
    Ok(())
}
