//! What Prometheus reads.

use std::time::{Duration, SystemTime};

use kardan_schema::notify::WebhooksOpen;
use metrics::{Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::error::Failure;
use crate::turn::Turn;
use crate::{Error, Task};

/// Upper bounds of a turn in seconds: from an empty look to a sweep of hours.
const BUCKETS: &[f64] = &[0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0, 600.0, 3600.0];

static METADATA: Metadata<'static> = Metadata::new("kardan_worker", Level::INFO, None);

/// The recorder of one worker.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Metrics {
    /// A recorder that knows what its figures mean.
    pub fn new() -> Result<Self, Error> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(BUCKETS)
            .map_err(Error::Metrics)?
            .build_recorder();
        for (name, about) in [
            ("kardan_worker_claimed_total", "Things that a task took"),
            ("kardan_worker_done_total", "Things that a task did"),
            (
                "kardan_worker_failed_total",
                "Things that failed and are tried again",
            ),
            (
                "kardan_worker_turns_failed_total",
                "Turns of a task that ended early",
            ),
        ] {
            recorder.describe_counter(name.into(), None, about.into());
        }
        recorder.describe_gauge(
            "kardan_worker_turn_end_seconds".into(),
            None,
            "When a task last came to the end of a turn, as a Unix time".into(),
        );
        for (name, about) in [
            (
                "kardan_worker_webhooks_open",
                "Deliveries to programs of shops that are behind an earlier one, waiting or leased",
            ),
            (
                "kardan_worker_webhooks_oldest_seconds",
                "Since the oldest event of these happened; 0: there is none",
            ),
        ] {
            recorder.describe_gauge(name.into(), None, about.into());
        }
        recorder.describe_histogram(
            "kardan_worker_turn_seconds".into(),
            None,
            "Time of a turn of a task".into(),
        );
        let handle = recorder.handle();
        Ok(Self { recorder, handle })
    }

    /// Counts a turn.
    pub fn turned(&self, task: Task, outcome: &Result<Turn, Failure>, took: Duration) {
        let key = |name: &'static str| Key::from_parts(name, vec![Label::new("task", task.name())]);
        let count = |name, by| {
            self.recorder
                .register_counter(&key(name), &METADATA)
                .increment(by);
        };
        let turn = outcome.as_ref().copied().unwrap_or_default();
        count("kardan_worker_claimed_total", turn.claimed);
        count("kardan_worker_done_total", turn.done);
        count("kardan_worker_failed_total", turn.failed);
        count(
            "kardan_worker_turns_failed_total",
            u64::from(outcome.is_err()),
        );
        self.recorder
            .register_histogram(&key("kardan_worker_turn_seconds"), &METADATA)
            .record(took);
        if outcome.is_ok() {
            let now = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            self.recorder
                .register_gauge(&key("kardan_worker_turn_end_seconds"), &METADATA)
                .set(now.as_secs_f64());
        }
    }

    /// Tells what waits for programs of shops.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a double, and this is a count"
    )]
    pub fn webhooks(&self, open: &[WebhooksOpen]) {
        for row in open {
            let key = |name: &'static str| {
                Key::from_parts(name, vec![Label::new("state", row.state.clone())])
            };
            let set = |name, value| {
                self.recorder
                    .register_gauge(&key(name), &METADATA)
                    .set(value);
            };
            set("kardan_worker_webhooks_open", row.delivery_count as f64);
            set("kardan_worker_webhooks_oldest_seconds", row.oldest_seconds);
        }
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}
