//! A server that answers as a test wants it to, and a small cast.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use kardan_load::cast::{Cast, Good, Person, Stall};
use kardan_load::options::{Options, Pace};
use kardan_load::report::Report;
use kardan_load::threshold::Thresholds;
use kardan_load::{Error, Progress};
use tokio_util::sync::CancellationToken;

/// Starts a server that is ready, knows everybody, and answers all else by this; it is told which request it is, from 0.
pub async fn server<F, A>(answer: F) -> anyhow::Result<String>
where
    F: Fn(u64, Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Response> + Send,
{
    let count = Arc::new(AtomicU64::new(0));
    let routes = Router::new()
        .route("/health/ready", get(|| async { "{}" }))
        .route("/v1/me", get(|| async { "{}" }))
        .fallback(move |request: Request| {
            let (answer, number) = (answer.clone(), count.fetch_add(1, Ordering::SeqCst));
            async move { answer(number, request).await }
        });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let target = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(target)
}

/// The same, and what ends the test with this request: when enough was asked, however long that takes.
pub async fn server_until<F, A>(last: u64, answer: F) -> anyhow::Result<(String, CancellationToken)>
where
    F: Fn(u64, Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Response> + Send,
{
    let stop = CancellationToken::new();
    let enough = stop.clone();
    let target = server(move |number, request| {
        if number == last {
            enough.cancel();
        }
        answer(number, request)
    });
    Ok((target.await?, stop))
}

/// An answer with this status and body.
pub fn says(status: u16, body: &str) -> Response {
    let mut response = Response::new(body.to_owned().into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// A problem with this code.
pub fn problem(status: u16, code: &str) -> Response {
    says(status, &format!("{{\"code\": \"{code}\"}}"))
}

/// The tests end when enough was asked.
pub const LONG: Duration = Duration::from_secs(3600);

pub fn cast() -> Cast {
    let person = |user: i64| Person {
        user,
        token: format!("kdn_p_{user}").into(),
    };
    let good = |id: i64| Good {
        id,
        seller: 1,
        kind: "part".to_owned(),
        title: format!("Колодки тормозные передние Bosch {id}"),
        category: 1,
        subcategory: 2,
        brand: None,
        part_number: format!("GDB {id}"),
        condition: "new".to_owned(),
        place: 1,
        attributes: "{}".to_owned(),
        currency: "RUB".to_owned(),
        price_minor: 100_000,
        stock: 5,
    };
    Cast {
        people: (1..=20).map(person).collect(),
        moderators: vec![person(30)],
        goods: (1..=50).map(good).collect(),
        stalls: vec![Stall {
            listing: 1,
            seller: person(40),
        }],
    }
}

pub fn options(target: &str, pace: Pace, mix: &str, duration: Duration) -> Options {
    Options {
        target: target.to_owned(),
        pace,
        ramp: Duration::ZERO,
        duration,
        seed: 3,
        mix: mix.parse().unwrap(),
        think: Duration::ZERO,
        timeout: Duration::from_secs(60),
        at_once: 1000,
        run: "test".to_owned(),
    }
}

pub async fn run(options: &Options) -> Result<Report, Error> {
    run_until(options, &CancellationToken::new()).await
}

pub async fn run_until(options: &Options, stop: &CancellationToken) -> Result<Report, Error> {
    let progress = Arc::new(Progress::default());
    kardan_load::run(options, Thresholds::default(), cast(), &progress, stop).await
}
