//! Whether the server lives, whether it can serve, and its figures.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kardan_schema::{contract, ops};
use serde::Serialize;

use crate::answer::json;
use crate::app::App;
use crate::shell::Written;

/// How the server is.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<&'static str>,
}

/// The process answers.
pub async fn live() -> Response {
    answer(StatusCode::OK, None, Vec::new())
}

/// Requests can be served: the database answers and offers every function that this binary calls. It may offer more: an
/// old binary stays ready on a newer program.
pub async fn ready(State(app): State<App>) -> Response {
    if app.is_stopping() {
        return answer(
            StatusCode::SERVICE_UNAVAILABLE,
            Some("stopping"),
            Vec::new(),
        );
    }
    let offered = match app.write().await {
        Ok(db) => ops::contract_get(&db).await,
        Err(_) => {
            return answer(
                StatusCode::SERVICE_UNAVAILABLE,
                Some("no database"),
                Vec::new(),
            );
        }
    };
    match offered {
        Ok(applied) => {
            let offered = applied.map(|one| one.functions).unwrap_or_default();
            let missing = contract::missing("kardan_api", &offered);
            if missing.is_empty() {
                answer(StatusCode::OK, None, missing)
            } else {
                tracing::warn!(functions = ?missing, "the database lacks functions: run kardan migrate up");
                answer(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Some("functions are missing"),
                    missing,
                )
            }
        }
        Err(error) => {
            tracing::warn!(error = %crate::problem::chain(&error), "the database does not answer");
            answer(
                StatusCode::SERVICE_UNAVAILABLE,
                Some("no database"),
                Vec::new(),
            )
        }
    }
}

fn answer(
    status: StatusCode,
    reason: Option<&'static str>,
    missing: Vec<&'static str>,
) -> Response {
    let word = if status == StatusCode::OK {
        "ok"
    } else {
        "unavailable"
    };
    let mut response = json(
        status,
        &Health {
            status: word,
            reason,
            missing,
        },
    );
    response.extensions_mut().insert(Written);
    response
}

/// The figures, as Prometheus reads them.
pub async fn metrics(State(app): State<App>) -> Response {
    app.measure_pools();
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], app.metrics().render()).into_response()
}
