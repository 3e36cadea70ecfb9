//! Starting and stopping.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse as _;
use axum::routing::{MethodRouter, get};
use axum::serve::ListenerExt as _;
use axum::{Router, http::header};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::app::App;
use crate::problem::{Own, Problem};
use crate::shell::{Place, ShellLayer};
use crate::{Config, Error, events, health, routes, views};

/// Listens on the configured address and serves until `shutdown` is cancelled.
///
/// # Errors
/// See [`Error`]. A database that does not answer is none: the server then says that it is not ready.
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    let address = config.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| Error::Listen { address, source })?;
    serve(config, listener, shutdown).await
}

/// Serves on a listener until `shutdown` is cancelled. Requests that run then get the configured grace.
///
/// # Errors
/// See [`Error`].
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), Error> {
    let app = App::new(&config, shutdown.clone())?;
    let router = router(&app, config.body_limit)?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, connections = config.connections(), "listening");
    }
    let viewing = tokio::spawn(views::run(app.clone()));
    let telling = tokio::spawn(events::run(app.clone()));
    let tidying = tokio::spawn(tidy(app.clone()));
    // An answer is one write: waiting for more to send would only delay it.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the socket does not take TCP_NODELAY");
        }
        if let Err(error) = set_tcp_user_timeout(&*stream, STALLED) {
            tracing::debug!(%error, "the socket does not take TCP_USER_TIMEOUT");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server =
        axum::serve(listener, service).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let grace = config.shutdown_grace;
    let outcome = tokio::select! {
        outcome = server => outcome.map_err(Error::Serve),
        () = async { shutdown.cancelled().await; tokio::time::sleep(grace).await } => {
            tracing::warn!(grace_s = grace.as_secs(), "requests are still running and are cut off");
            Ok(())
        }
    };
    // The server does not count them any more.
    let _ = tokio::time::timeout(grace, app.events().ended()).await;
    telling.abort();
    tidying.abort();
    viewing.abort();
    views::bring(&app).await;
    outcome
}

/// Milliseconds after which a connection is given up whose other end takes nothing of what was sent: nobody else would
/// notice that of a stream of events.
const STALLED: u32 = 30_000;

async fn tidy(app: App) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    loop {
        every.tick().await;
        app.tidy();
    }
}

fn router(app: &App, body_limit: usize) -> Result<Router, Error> {
    let (router, document) = routes::table().router(app);
    let document = axum::body::Bytes::from(serde_json::to_vec(&document).map_err(Error::Document)?);
    let openapi = move || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    let swagger = SwaggerUi::new("/docs").config(SwaggerConfig::from("/openapi.json"));
    let shell = |route: &str| ShellLayer {
        app: app.clone(),
        place: Arc::new(Place::new(route, "any", false)),
    };
    let own = |route: &str, method: MethodRouter<App>| method.layer::<_, Infallible>(shell(route));
    let unknown = || async { Problem::from(Own::RouteUnknown).into_response() };
    Ok(router
        .route("/health/live", own("/health/live", get(health::live)))
        .route("/health/ready", own("/health/ready", get(health::ready)))
        .route("/metrics", own("/metrics", get(health::metrics)))
        .route("/openapi.json", own("/openapi.json", get(openapi)))
        .merge(Router::from(swagger).layer(shell("/docs")))
        .fallback_service(
            own("unknown", MethodRouter::new().fallback(unknown)).with_state(app.clone()),
        )
        .layer(DefaultBodyLimit::max(body_limit))
        .with_state(app.clone()))
}
