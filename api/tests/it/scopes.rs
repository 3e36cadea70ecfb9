//! What each route asks of a token: the table says it, and the server does it.

use kardan_schema::{Role, Scope};
use reqwest::Method;

use crate::support::{Server, problem};

fn filled(path: &str) -> String {
    let part = |part: &str| match part.trim_matches(['{', '}']) {
        name if name == part => part.to_owned(),
        "token_id" | "reservation_id" | "deal_id" | "invitation_id" | "photo_id" => {
            uuid::Uuid::nil().to_string()
        }
        _ => "1".to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_that_needs_a_scope_refuses_no_token_and_a_token_without_it()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let admin = server.db.person(Role::Admin).await?;
    let mut checked = 0;
    for fact in kardan_api::facts() {
        let Some(scope) = fact.scope else { continue };
        let others: Vec<_> = Scope::ALL
            .iter()
            .copied()
            .filter(|one| *one != scope)
            .collect();
        let token = server.token(admin, &others).await?;
        let method = Method::from_bytes(fact.method.as_bytes())?;
        let path = filled(&fact.path);
        let bare = server.ask(method.clone(), &path).send().await?;
        assert_eq!(bare.headers()["www-authenticate"], "Bearer");
        problem(bare, 401, "credentials_required").await?;
        let wrong = server.ask(method, &path).bearer_auth(&token).send().await?;
        let body = problem(wrong, 403, "scope_required").await?;
        assert_eq!(body["detail"], format!("scope: {scope}"));
        checked += 1;
        server
            .superuser()
            .await?
            .execute("delete from people_data.tokens", &[])
            .await?;
    }
    assert!(checked > 40, "{checked}");
    Ok(())
}

#[tokio::test]
async fn the_scope_is_not_enough_without_the_role() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    problem(anna.get("/v1/settings").await?, 403, "role_required").await?;
    problem(
        anna.get("/v1/moderation/queue").await?,
        403,
        "role_required",
    )
    .await?;
    Ok(())
}
