//! Problem details: each kind of refusal, in the caller's language, with what is at fault.

use kardan_schema::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, problem};

#[tokio::test]
async fn what_is_not_there_and_a_wrong_method_are_problems() -> anyhow::Result<()> {
    let server = Server::start().await?;
    problem(server.get("/nowhere").await?, 404, "route_unknown").await?;
    problem(server.get("/v1/listings/999").await?, 404, "thing_unknown").await?;
    let wrong = server.ask(Method::PUT, "/v1/me").send().await?;
    let allowed = wrong.headers()["allow"].to_str()?.to_owned();
    assert!(
        allowed.contains("GET") && allowed.contains("PATCH"),
        "{allowed}"
    );
    problem(wrong, 405, "method_not_allowed").await?;
    Ok(())
}

#[tokio::test]
async fn a_body_is_refused_for_its_size_its_type_its_syntax_and_its_fields() -> anyhow::Result<()> {
    let server = Server::with(&["--body-limit", "1000"]).await?;
    let anna = server.person(Role::User).await?;
    let post = || anna.ask(Method::POST, "/v1/shops");
    let json = |text: String| {
        post()
            .header("content-type", "application/json; charset=utf-8")
            .body(text)
    };
    let large = json(format!("{{\"name\": \"{}\"}}", "x".repeat(1000)))
        .send()
        .await?;
    problem(large, 413, "body_too_large").await?;
    problem(
        post().body("{}").send().await?,
        415,
        "media_type_unsupported",
    )
    .await?;
    problem(json("{".to_owned()).send().await?, 400, "body_malformed").await?;
    let wrong = json(r#"{"name": 5}"#.to_owned()).send().await?;
    let body = problem(wrong, 422, "body_invalid").await?;
    assert_eq!(body["errors"][0]["pointer"], "/name");
    let more = json(r#"{"name": "Shop", "nmae": ""}"#.to_owned())
        .send()
        .await?;
    let body = problem(more, 422, "body_invalid").await?;
    assert_eq!(body["errors"][0]["pointer"], "/nmae");
    Ok(())
}

#[tokio::test]
async fn parameters_of_path_and_query_are_refused_by_name() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let path = problem(
        server.get("/v1/listings/abc").await?,
        422,
        "parameter_invalid",
    )
    .await?;
    assert_eq!(path["errors"][0]["pointer"], "/listing_id");
    for (query, pointer) in [
        ("kind=boat", "/kind"),
        ("kind=part&category_id=x", "/category_id"),
        ("kind=part&colour=red", "/colour"),
    ] {
        let answer = server
            .get(&format!("/v1/catalog/attributes?{query}"))
            .await?;
        let body = problem(answer, 422, "parameter_invalid").await?;
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    let limit = server.get("/v1/catalog/brands?limit=101").await?;
    let body = problem(limit, 422, "parameter_invalid").await?;
    assert_eq!(body["errors"][0]["pointer"], "/limit");
    Ok(())
}

#[tokio::test]
async fn a_rule_of_the_program_names_the_field_of_the_body() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let admin = server.person(Role::Admin).await?;
    let user = server.db.person(Role::User).await?;
    let path = format!("/v1/users/{user}/block");
    let answer = admin
        .ask(Method::PUT, &path)
        .json(&json!({ "reason": "" }))
        .send()
        .await?;
    let body = problem(answer, 422, "ban_reason_length").await?;
    assert_eq!(body["errors"][0]["pointer"], "/reason");
    assert_eq!(body["errors"][0]["code"], "ban_reason_length");
    Ok(())
}

#[tokio::test]
async fn the_sentence_is_in_the_language_of_the_request_or_else_of_the_person() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let russian = server
        .ask(Method::GET, "/nowhere")
        .header("accept-language", "ru-RU,en;q=0.5")
        .send()
        .await?;
    let body = problem(russian, 404, "route_unknown").await?;
    assert_eq!(body["title"], "По этому адресу ничего нет.");
    let anna = server.person(Role::User).await?;
    let me = anna.get("/v1/me").await?;
    let version = me.headers()["etag"].to_str()?.to_owned();
    let speak = anna
        .ask(Method::PATCH, "/v1/me")
        .header("if-match", version)
        .json(&json!({ "language": "ru" }));
    assert_eq!(speak.send().await?.status(), 200);
    let body = problem(anna.get("/v1/settings").await?, 403, "role_required").await?;
    assert_eq!(body["title"], "Для этого нужна более высокая роль.");
    let english = anna
        .ask(Method::GET, "/v1/settings")
        .header("accept-language", "en")
        .send()
        .await?;
    let body = problem(english, 403, "role_required").await?;
    assert_eq!(body["title"], "This needs a higher role.");
    Ok(())
}

#[tokio::test]
async fn a_sane_request_number_is_echoed_and_another_is_replaced() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let asked = |id: &'static str| {
        server
            .ask(Method::GET, "/health/live")
            .header("x-request-id", id)
            .send()
    };
    assert_eq!(asked("trace-1").await?.headers()["x-request-id"], "trace-1");
    let replaced = asked("a b").await?;
    assert!(uuid::Uuid::parse_str(replaced.headers()["x-request-id"].to_str()?).is_ok());
    Ok(())
}

#[tokio::test]
async fn a_failure_of_ours_says_nothing_of_its_cause() -> anyhow::Result<()> {
    let server = Server::start().await?;
    server
        .superuser()
        .await?
        .batch_execute(
            "create or replace function catalog.make_list()
             returns table (make_id bigint, slug text, name text, name_ru text, country text)
             language plpgsql stable security definer
             as $$ begin raise exception 'the secret cause'; end $$",
        )
        .await?;
    let body = problem(server.get("/v1/catalog/makes").await?, 500, "internal").await?;
    assert!(!body.to_string().contains("secret"), "{body}");
    Ok(())
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_cut_off_and_its_connection_with_it() -> anyhow::Result<()>
{
    let server = Server::with(&["--request-timeout", "0.3"]).await?;
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table catalog_data.makes in access exclusive mode")
        .await?;
    problem(server.get("/v1/catalog/makes").await?, 504, "timed_out").await?;
    admin.batch_execute("rollback").await?;
    assert_eq!(server.get("/v1/catalog/makes").await?.status(), 200);
    Ok(())
}
