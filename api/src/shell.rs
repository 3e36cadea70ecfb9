//! The outermost layer of every route: number, span, time limit, panics, problem details, measuring. One layer, for each
//! one costs an allocation and a clone on every request.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, RwLock};
use std::task::{Context as Poller, Poll};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use metrics::Histogram;
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::app::App;
use crate::context::Context;
use crate::freshness;
use crate::problem::{Own, Problem, rendered};

/// What the layer knows of its route.
pub struct Place {
    /// The template of its path.
    pub route: String,
    /// Its method, or `any`.
    pub method: String,
    /// Whether the caller's address counts, because no token does.
    pub is_anonymous: bool,
    /// Whether a body comes that takes its time.
    pub is_upload: bool,
    /// Whether a file is given, of which a page needs many: they are counted apart.
    pub is_file: bool,
    histograms: RwLock<Vec<(u16, Histogram)>>,
}

impl Place {
    /// A route.
    pub fn new(route: &str, method: &str, is_anonymous: bool) -> Self {
        Self {
            route: route.to_owned(),
            method: method.to_owned(),
            is_anonymous,
            is_upload: false,
            is_file: false,
            histograms: RwLock::default(),
        }
    }

    fn answered(&self, app: &App, status: u16, took: Duration) {
        if let Ok(known) = self.histograms.read()
            && let Some((_, histogram)) = known.iter().find(|(one, _)| *one == status)
        {
            return histogram.record(took);
        }
        let histogram = app.metrics().answers(&self.route, &self.method, status);
        histogram.record(took);
        if let Ok(mut known) = self.histograms.write() {
            known.push((status, histogram));
        }
    }
}

/// Marks an answer with a status of trouble whose body is written already.
#[derive(Clone, Copy)]
pub struct Written;

/// Puts a [`Shell`] around a route.
#[derive(Clone)]
pub struct ShellLayer {
    pub app: App,
    pub place: Arc<Place>,
}

/// The layer's service.
#[derive(Clone)]
pub struct Shell<S> {
    inner: S,
    app: App,
    place: Arc<Place>,
}

impl<S> Layer<S> for ShellLayer {
    type Service = Shell<S>;

    fn layer(&self, inner: S) -> Shell<S> {
        Shell {
            inner,
            app: self.app.clone(),
            place: self.place.clone(),
        }
    }
}

impl<S> Service<Request> for Shell<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, poller: &mut Poller<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(poller)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let context = Context::of(request.headers());
        let span = tracing::info_span!(
            "request",
            "request.id" = context.id_text(),
            "http.method" = self.place.method,
            "http.route" = self.place.route,
        );
        let limits = self.app.limits();
        let limited = match (self.place.is_file, self.place.is_anonymous) {
            (true, _) => limits.file(request.headers(), request.extensions()),
            (false, true) => limits.address(request.headers(), request.extensions()),
            (false, false) => Ok(()),
        };
        let uri = request.uri().clone();
        let (method, position) = (request.method().clone(), freshness::named(&request));
        request.extensions_mut().insert(context.clone());
        let (app, place) = (self.app.clone(), self.place.clone());
        let answer = limited.map(|()| self.inner.call(request));
        let work = async move {
            let mut response = match answer {
                Ok(answer) => {
                    let answer = freshness::seeing(position, answer);
                    bounded(answer, app.time_for(place.is_upload)).await
                }
                Err(problem) => problem.into_response(),
            };
            if is_refusal(&response) {
                response = rendered(response, context.language(), uri.path(), context.id_text());
            }
            freshness::tell(&app, &method, &mut response).await;
            response
                .headers_mut()
                .insert("x-request-id", context.id().clone());
            let took = started.elapsed();
            place.answered(&app, response.status().as_u16(), took);
            tracing::debug!(
                "http.status" = response.status().as_u16(),
                "http.took_us" = took.as_micros(),
                "answered"
            );
            Ok(response)
        };
        work.instrument(span).boxed()
    }
}

/// What the health pages say of trouble is written already.
fn is_refusal(response: &Response) -> bool {
    response.status().as_u16() >= 400 && response.extensions().get::<Written>().is_none()
}

/// The answer within its time, and an answer after a panic too.
async fn bounded(
    answer: impl Future<Output = Result<Response, Infallible>>,
    limit: Duration,
) -> Response {
    match tokio::time::timeout(limit, AssertUnwindSafe(answer).catch_unwind()).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            tracing::error!(panic = text.unwrap_or("unknown"), "a handler panicked");
            Problem::from(Own::Internal).into_response()
        }
        Err(_) => {
            tracing::warn!("the request took too long");
            Problem::from(Own::TimedOut).into_response()
        }
    }
}
