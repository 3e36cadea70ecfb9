//! Writes a problem as `application/problem+json`.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use kardan_schema::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Own, Problem};

/// Problem details as of RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails<'a> {
    /// The kind of problem: a URN that ends with the code.
    r#type: String,
    /// The sentence for people, in their language.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// What is to be said of this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The path that was asked for.
    instance: &'a str,
    /// The stable code of the rule that refused.
    code: &'a str,
    /// The parts of the request that are at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem<'a>>,
    /// The request's own number, for asking about it.
    request_id: &'a str,
}

/// One part of a request that is at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem<'a> {
    /// JSON pointer to the field of the body, or the parameter's name after a slash.
    pointer: &'a str,
    /// The stable code of the rule.
    code: &'a str,
    /// What is wrong with it.
    message: &'a str,
}

/// The answer with its problem written out; an answer without one gets the problem that fits its status.
pub fn rendered(response: Response, language: Language, path: &str, request_id: &str) -> Response {
    let (parts, _) = response.into_parts();
    let problem = match parts.extensions.get::<Problem>() {
        Some(problem) => problem.clone(),
        None => Problem::from(Own::of_status(parts.status.as_u16())),
    };
    let rule = problem.0.rule;
    let title = rule.sentence(language);
    let details = ProblemDetails {
        r#type: format!("urn:kardan:problem:{}", rule.code()),
        title,
        status: parts.status.as_u16(),
        detail: problem.0.detail.as_deref(),
        instance: path,
        code: rule.code(),
        errors: problem
            .0
            .faults
            .iter()
            .map(|fault| FieldProblem {
                pointer: &fault.pointer,
                code: rule.code(),
                message: fault.message.as_deref().unwrap_or(title),
            })
            .collect(),
        request_id,
    };
    let body = serde_json::to_vec(&details).unwrap_or_default();
    let mut response = (parts.status, Body::from(body)).into_response();
    let headers = response.headers_mut();
    // What the router says of a wrong method stays.
    if let Some(allow) = parts.headers.get(header::ALLOW) {
        headers.insert(header::ALLOW, allow.clone());
    }
    for (name, value) in &problem.0.headers {
        headers.insert(name.clone(), value.clone());
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}
