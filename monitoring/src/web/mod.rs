//! The HTTP server: `/metrics`, `/probe` and a page that leads to them, over TLS and behind passwords where the web
//! configuration says so.

mod answer;
mod auth;
mod config;
mod listen;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use self::config::WebConfig;
use self::listen::Door;
use crate::exporter::Exporter;
use crate::{Config, Error};

/// An exporter that listens already.
pub struct Bound {
    door: Door,
    router: Router,
    exporter: Arc<Exporter>,
    /// Where it listens.
    pub addresses: Vec<SocketAddr>,
}

/// What handlers need.
#[derive(Clone)]
struct Served {
    exporter: Arc<Exporter>,
    path: Arc<str>,
}

/// Reads the configuration and listens; nothing is answered before [`Bound::serve`].
///
/// # Errors
/// When a file or flag has a mistake, or an address is taken.
pub async fn bind(config: &Config) -> Result<Bound, Error> {
    let exporter = Arc::new(Exporter::new(config)?);
    let web = Arc::new(WebConfig::read(&config.web_config_file)?);
    let (door, addresses) = Door::open(&config.listen, web.clone()).await?;
    let path = config.telemetry_path.clone();
    if !path.starts_with('/') {
        return Err(Error::Flag {
            flag: "--web.telemetry-path",
            reason: format!("{path:?} does not begin with /"),
        });
    }
    let served = Served {
        exporter: exporter.clone(),
        path: path.as_str().into(),
    };
    let mut router = Router::new()
        .route(&path, get(metrics))
        .route("/probe", get(probe));
    if path != "/" {
        router = router.route("/", get(landing));
    }
    let router = router
        .with_state(served)
        .layer(from_fn_with_state(web, auth::guard));
    Ok(Bound {
        door,
        router,
        exporter,
        addresses,
    })
}

impl Bound {
    /// Serves until `shutdown` is cancelled.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn serve(self, shutdown: CancellationToken) -> Result<(), Error> {
        for address in &self.addresses {
            tracing::info!(%address, "listening");
        }
        let exporter = self.exporter.clone();
        let background = tokio::spawn(async move {
            exporter.greet().await;
            exporter.sample().await;
        });
        let outcome = axum::serve(self.door, self.router)
            .with_graceful_shutdown(shutdown.cancelled_owned())
            .await
            .map_err(Error::Serve);
        background.abort();
        outcome
    }
}

/// Listens and serves until `shutdown` is cancelled.
///
/// # Errors
/// See [`Error`]. A server that cannot be reached is none: `pg_up` says so.
pub async fn run(config: &Config, shutdown: CancellationToken) -> Result<(), Error> {
    bind(config).await?.serve(shutdown).await
}

/// What Prometheus says it will wait, in seconds.
fn allowed(headers: &HeaderMap) -> Option<f64> {
    headers
        .get("x-prometheus-scrape-timeout-seconds")?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn metrics(State(served): State<Served>, headers: HeaderMap) -> Response {
    let exporter = &served.exporter;
    exporter.in_flight.fetch_add(1, Ordering::Relaxed);
    let mut page = exporter.metrics(exporter.deadline(allowed(&headers))).await;
    exporter.in_flight.fetch_sub(1, Ordering::Relaxed);
    if let Some(count) = exporter.answers.first() {
        count.fetch_add(1, Ordering::Relaxed);
    }
    answer::text(page.text(), &headers)
}

async fn probe(
    State(served): State<Served>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let parameter = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(have, value)| have == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    };
    let Some(target) = parameter("target") else {
        return (StatusCode::BAD_REQUEST, "target is required\n").into_response();
    };
    let exporter = &served.exporter;
    let deadline = exporter.deadline(allowed(&headers));
    match exporter
        .probe(&target, parameter("auth_module").as_deref(), deadline)
        .await
    {
        Ok(mut page) => answer::text(page.text(), &headers),
        Err(reason) => (StatusCode::BAD_REQUEST, format!("{reason}\n")).into_response(),
    }
}

async fn landing(State(served): State<Served>) -> impl IntoResponse {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Postgres Exporter</title></head><body>\
         <h1>Postgres Exporter</h1><p>Prometheus PostgreSQL server Exporter, Kardan {}</p>\
         <ul><li><a href=\"{path}\">Metrics</a></li><li><code>/probe?target=host:5432/postgres&amp;auth_module=name</code></li></ul>\
         </body></html>",
        env!("CARGO_PKG_VERSION"),
        path = served.path
    );
    (
        [(header::CACHE_CONTROL, "no-store")],
        Html(Bytes::from(page)),
    )
}
