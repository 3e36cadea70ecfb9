//! Whether the worker lives, whether it can work, and its figures.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use kardan_schema::{contract, notify, ops};

use crate::line::Line;
use crate::metrics::Metrics;

/// The routes of a worker.
pub fn router(line: Line, metrics: Arc<Metrics>) -> Router {
    let render = move |State(line): State<Line>| async move {
        // When the database does not answer, the figures of the last time stay.
        let open = line.ask(async |db| notify::webhooks_stats(db).await).await;
        metrics.webhooks(&open.unwrap_or_default());
        let text = "text/plain; version=0.0.4; charset=utf-8";
        ([(header::CONTENT_TYPE, text)], metrics.render())
    };
    Router::new()
        .route("/health/live", get(|| async { "ok\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(render))
        .with_state(line)
}

/// The database answers and offers every function that this binary calls.
async fn ready(State(line): State<Line>) -> impl IntoResponse {
    if line.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let offered = line.ask(async |db| ops::contract_get(db).await).await;
    let Ok(applied) = offered else {
        return (StatusCode::SERVICE_UNAVAILABLE, "no database\n");
    };
    let offered = applied.map(|one| one.functions).unwrap_or_default();
    if contract::missing("kardan_worker", &offered).is_empty() {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "functions are missing\n")
    }
}
