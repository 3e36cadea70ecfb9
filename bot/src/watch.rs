//! What operators see: figures for Prometheus, and whether the bot can work.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use kardan_schema::notify::{Outcome, Parcel};
use kardan_schema::{contract, ops};
use metrics::{Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::Error;
use crate::desk::Desk;

/// Upper bounds for the handling of an update, in seconds.
const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

static METADATA: Metadata<'static> = Metadata::new("kardan_bot", Level::INFO, None);

/// The figures of one bot.
pub struct Watch {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Watch {
    pub fn new() -> Result<Self, Error> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(BUCKETS)
            .map_err(Error::Metrics)?
            .build_recorder();
        for (name, about) in [
            (
                "kardan_bot_updates_total",
                "Updates, by kind, and whether they were handled or left",
            ),
            (
                "kardan_bot_sent_total",
                "What was taken from the outbox, by lane and what came of it",
            ),
            (
                "kardan_bot_postponed_seconds_total",
                "Seconds that Telegram wanted to be left alone",
            ),
        ] {
            recorder.describe_counter(name.into(), None, about.into());
        }
        recorder.describe_histogram(
            "kardan_bot_update_seconds".into(),
            None,
            "Time from an update to the end of its handling".into(),
        );
        recorder.describe_gauge(
            "kardan_bot_heard_seconds".into(),
            None,
            "When Telegram last answered a question for updates, as a Unix time".into(),
        );
        let handle = recorder.handle();
        Ok(Self { recorder, handle })
    }

    fn count(&self, name: &'static str, labels: Vec<Label>, by: u64) {
        self.recorder
            .register_counter(&Key::from_parts(name, labels), &METADATA)
            .increment(by);
    }

    /// An update has come to its end.
    pub fn handled(&self, kind: &'static str, is_done: bool, took: Duration) {
        let outcome = if is_done { "done" } else { "left" };
        let labels = vec![Label::new("kind", kind), Label::new("outcome", outcome)];
        self.count("kardan_bot_updates_total", labels, 1);
        let key = Key::from_parts("kardan_bot_update_seconds", vec![Label::new("kind", kind)]);
        self.recorder
            .register_histogram(&key, &METADATA)
            .record(took);
    }

    /// Something from the outbox has come to this.
    pub fn sent(&self, parcel: &Parcel, outcome: &Outcome) {
        let (name, seconds) = match outcome {
            Outcome::Sent { .. } => ("sent", 0),
            Outcome::Postponed { seconds } | Outcome::PostponedAll { seconds } => {
                ("postponed", *seconds)
            }
            Outcome::Failed { .. } => ("failed", 0),
            Outcome::Refused { .. } => ("refused", 0),
            Outcome::Unreachable => ("unreachable", 0),
        };
        let labels = vec![
            Label::new("lane", parcel.lane.word()),
            Label::new("outcome", name),
        ];
        self.count("kardan_bot_sent_total", labels, 1);
        self.count(
            "kardan_bot_postponed_seconds_total",
            Vec::new(),
            u64::try_from(seconds).unwrap_or_default(),
        );
    }

    /// Telegram has answered a question for updates.
    pub fn heard(&self) {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        self.recorder
            .register_gauge(&Key::from_name("kardan_bot_heard_seconds"), &METADATA)
            .set(now.as_secs_f64());
    }

    fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

/// The routes of a bot.
pub fn router(desk: Desk) -> Router {
    let watch = Arc::clone(&desk.watch);
    let render = move || async move {
        let text = "text/plain; version=0.0.4; charset=utf-8";
        ([(header::CONTENT_TYPE, text)], watch.render())
    };
    Router::new()
        .route("/health/live", get(|| async { "ok\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(render))
        .with_state(desk)
}

/// The database answers and offers every function that this binary calls.
async fn ready(State(desk): State<Desk>) -> impl IntoResponse {
    if desk.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let offered = desk.ask(async |db| ops::contract_get(db).await).await;
    let Ok(applied) = offered else {
        return (StatusCode::SERVICE_UNAVAILABLE, "no database\n");
    };
    let offered = applied.map(|one| one.functions).unwrap_or_default();
    if contract::missing("kardan_bot", &offered).is_empty() {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "functions are missing\n")
    }
}
