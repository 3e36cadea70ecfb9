//! What Prometheus reads. Handles are looked up once for each route and function and kept, for the hot path must not
//! build label sets.

use std::collections::HashMap;
use std::sync::RwLock;
use std::time::Duration;

use kardan_schema::Call;
use metrics::{Histogram, Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::Error;
use crate::events::Figures;

/// Upper bounds in seconds: from a cached row to the request timeout.
const BUCKETS: &[f64] = &[
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

static METADATA: Metadata<'static> = Metadata::new("kardan_api", Level::INFO, None);

/// The recorder of one server.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    functions: RwLock<HashMap<usize, Histogram>>,
}

impl Metrics {
    /// A recorder with the histograms' bounds set.
    pub fn new() -> Result<Self, Error> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(BUCKETS)
            .map_err(Error::Metrics)?
            .build_recorder();
        recorder.describe_histogram(
            "kardan_api_request_seconds".into(),
            None,
            "Time to answer by route, method and status".into(),
        );
        recorder.describe_histogram(
            "kardan_api_function_seconds".into(),
            None,
            "Time of a call by function".into(),
        );
        recorder.describe_gauge(
            "kardan_api_pool_connections".into(),
            None,
            "Connections of a pool by state: open, idle, waited_for, most".into(),
        );
        for (name, about) in [
            (
                "kardan_api_event_streams",
                "Streams of events that are open",
            ),
            (
                "kardan_api_event_read_age_seconds",
                "Since the log of events was read; streams hear nothing newer",
            ),
        ] {
            recorder.describe_gauge(name.into(), None, about.into());
        }
        for (name, about) in [
            ("kardan_api_events_sent_total", "Events handed to streams"),
            (
                "kardan_api_event_streams_slow_total",
                "Streams ended because they took events too slowly",
            ),
        ] {
            recorder.describe_counter(name.into(), None, about.into());
        }
        let handle = recorder.handle();
        Ok(Self {
            recorder,
            handle,
            functions: RwLock::default(),
        })
    }

    /// A histogram of answers on a route.
    pub fn answers(&self, route: &str, method: &str, status: u16) -> Histogram {
        self.histogram(
            "kardan_api_request_seconds",
            vec![
                Label::new("route", route.to_owned()),
                Label::new("method", method.to_owned()),
                Label::new("status", status.to_string()),
            ],
        )
    }

    /// Counts a call of a function.
    pub fn called(&self, call: &'static Call, took: Duration) {
        let key = std::ptr::from_ref(call).addr();
        if let Ok(functions) = self.functions.read()
            && let Some(histogram) = functions.get(&key)
        {
            return histogram.record(took);
        }
        let name = format!("{}.{}", call.schema, call.name);
        let histogram = self.histogram(
            "kardan_api_function_seconds",
            vec![Label::new("function", name)],
        );
        histogram.record(took);
        if let Ok(mut functions) = self.functions.write() {
            functions.insert(key, histogram);
        }
    }

    /// Sets a pool's figures.
    pub fn pool(&self, pool: &str, status: &deadpool_postgres::Status) {
        for (state, value) in [
            ("most", status.max_size),
            ("open", status.size),
            ("idle", status.available),
            ("waited_for", status.waiting),
        ] {
            let labels = vec![
                Label::new("pool", pool.to_owned()),
                Label::new("state", state),
            ];
            let key = Key::from_parts("kardan_api_pool_connections", labels);
            // A pool has far fewer connections than a float has exact integers.
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            self.recorder
                .register_gauge(&key, &METADATA)
                .set(f64::from(value));
        }
    }

    /// Sets the figures of streams of events.
    pub fn events(&self, figures: &Figures) {
        let streams = Key::from_name("kardan_api_event_streams");
        let open = u32::try_from(figures.streams).unwrap_or(u32::MAX);
        let gauge = self.recorder.register_gauge(&streams, &METADATA);
        gauge.set(f64::from(open));
        for (name, count) in [
            ("kardan_api_events_sent_total", figures.heard),
            ("kardan_api_event_streams_slow_total", figures.slow),
        ] {
            let counter = self
                .recorder
                .register_counter(&Key::from_name(name), &METADATA);
            counter.absolute(count);
        }
        if let Some(at) = figures.read_at {
            let age = (chrono::Utc::now() - at).as_seconds_f64();
            let key = Key::from_name("kardan_api_event_read_age_seconds");
            self.recorder.register_gauge(&key, &METADATA).set(age);
        }
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Moves what was recorded out of the buffers; to be called every few seconds.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    fn histogram(&self, name: &'static str, labels: Vec<Label>) -> Histogram {
        self.recorder
            .register_histogram(&Key::from_parts(name, labels), &METADATA)
    }
}
