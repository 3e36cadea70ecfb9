//! The servers of one exporter: those of the data sources, and those that probes asked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::config_file::ConfigFile;
use crate::options::Options;
use crate::scrape::{Outcome, Target};
use crate::source::{Dsn, configure_target, from_environment};
use crate::text::{Kind, Labels, Page};
use crate::{Config, Error, config_file, process};

/// So many servers of probes are remembered, each with its session.
const MOST_PROBES: usize = 64;
/// A probe's server is forgotten when nobody has asked for it for so long.
const FORGOTTEN: Duration = Duration::from_secs(600);

/// Servers by the digest of their data source, with when they were asked last.
type Probes = HashMap<[u8; 32], (Instant, Arc<Target>)>;

pub(crate) struct Exporter {
    options: Arc<Options>,
    targets: Vec<Arc<Target>>,
    probes: Mutex<Probes>,
    modules: ConfigFile,
    modules_read: Option<f64>,
    scrapes: AtomicU32,
    /// Answers that are being made.
    pub in_flight: AtomicU32,
    /// Answers by status: 200, 500, 503.
    pub answers: [AtomicU32; 3],
}

/// The statuses that are counted.
pub(crate) const STATUSES: [&str; 3] = ["200", "500", "503"];

impl Exporter {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let options = Arc::new(Options::of(config)?);
        let targets: Vec<_> = from_environment(&config.source)?
            .into_iter()
            .map(|dsn| Arc::new(Target::new(dsn, options.clone())))
            .collect();
        if targets.is_empty() {
            info!("no data source is given: only /probe answers with a server's metrics");
        }
        let (modules, modules_read) = match config_file::read(&config.config_file) {
            Ok(modules) => (modules, Some(now())),
            // Without the file there are no modules; with a broken one the operator must know.
            Err(Error::File { .. }) => {
                info!(path = %config.config_file.display(), "no configuration file: /probe knows no auth_module");
                (ConfigFile::default(), None)
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            options,
            targets,
            probes: Mutex::default(),
            modules,
            modules_read,
            scrapes: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            answers: Default::default(),
        })
    }

    /// When an answer must be ready: what Prometheus allows, less what it takes to send it, and never more than the budget.
    pub(crate) fn deadline(&self, allowed: Option<f64>) -> Instant {
        let allowed = allowed
            .and_then(|seconds| Duration::try_from_secs_f64(seconds - 0.5).ok())
            .filter(|time| !time.is_zero())
            .unwrap_or(self.options.budget);
        Instant::now() + allowed.min(self.options.budget)
    }

    /// Everything about the data sources and this process.
    pub(crate) async fn metrics(&self, deadline: Instant) -> Page {
        let scrapes = self
            .scrapes
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        let mut page = self.ask(&self.targets, scrapes, deadline).await;
        process::tell(&mut page);
        self.about(&mut page);
        page
    }

    /// Everything about the server that a probe asks for.
    pub(crate) async fn probe(
        &self,
        target: &str,
        module: Option<&str>,
        deadline: Instant,
    ) -> Result<Page, String> {
        let module = match module {
            None => None,
            Some(name) => {
                let module = self
                    .modules
                    .auth_modules
                    .get(name)
                    .ok_or_else(|| format!("auth_module {name} not found"))?;
                let has_login = module
                    .userpass
                    .as_ref()
                    .is_some_and(|login| !login.username.is_empty() && !login.password.is_empty());
                if !has_login {
                    return Err(format!("auth_module {name} has no username or password"));
                }
                Some(module)
            }
        };
        let dsn = configure_target(target, module)
            .map_err(|e| format!("could not configure dsn for target: {e}"))?;
        let target = self.remembered(dsn);
        let scrapes = target.count_scrape();
        Ok(self.ask(&[target], scrapes, deadline).await)
    }

    fn remembered(&self, dsn: Dsn) -> Arc<Target> {
        let mut probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
        probes.retain(|_, (at, _)| at.elapsed() < FORGOTTEN);
        let key = dsn.key;
        if probes.len() >= MOST_PROBES && !probes.contains_key(&key) {
            let oldest = probes
                .iter()
                .min_by_key(|(_, (at, _))| *at)
                .map(|(key, _)| *key);
            oldest.and_then(|key| probes.remove(&key));
        }
        let entry = probes.entry(key).or_insert_with(|| {
            (
                Instant::now(),
                Arc::new(Target::new(dsn, self.options.clone())),
            )
        });
        entry.0 = Instant::now();
        entry.1.clone()
    }

    async fn ask(&self, targets: &[Arc<Target>], scrapes: u32, deadline: Instant) -> Page {
        let began = Instant::now();
        let asked = join_all(targets.iter().enumerate().map(|(n, target)| async move {
            let mut page = Page::default();
            let outcome = target.scrape(&mut page, n == 0, deadline).await;
            (page, outcome)
        }))
        .await;
        let mut page = Page::default();
        let mut outcomes = Vec::new();
        for (part, outcome) in asked {
            page.merge(part);
            outcomes.push(outcome);
        }
        let is_up = outcomes.iter().any(|outcome| *outcome != Outcome::Down);
        let is_good = outcomes.iter().all(|outcome| *outcome == Outcome::Good);
        let labels = &self.options.constant_labels;
        let flag = |is: bool| f64::from(u8::from(is));
        use Kind::{Counter, Gauge};
        for (name, kind, help, value) in [
            (
                "pg_exporter_last_scrape_duration_seconds",
                Gauge,
                "Duration of the last scrape of metrics from PostgreSQL.",
                began.elapsed().as_secs_f64(),
            ),
            (
                "pg_exporter_scrapes_total",
                Counter,
                "Total number of times PostgreSQL was scraped for metrics.",
                f64::from(scrapes),
            ),
            (
                "pg_exporter_last_scrape_error",
                Gauge,
                "Whether the last scrape of metrics from PostgreSQL resulted in an error (1 for error, 0 for success).",
                flag(!is_good),
            ),
            (
                "pg_up",
                Gauge,
                "Whether the last scrape of metrics from PostgreSQL was able to connect to the server (1 for yes, 0 for no).",
                flag(is_up),
            ),
        ] {
            page.push(name, kind, help, labels, value);
        }
        page
    }

    /// What upstream tells of itself beside its metrics.
    fn about(&self, page: &mut Page) {
        let none = Labels::none();
        let build = [
            ("branch", ""),
            (
                "goarch",
                if cfg!(target_arch = "x86_64") {
                    "amd64"
                } else {
                    std::env::consts::ARCH
                },
            ),
            ("goos", std::env::consts::OS),
            ("goversion", "none"),
            ("revision", "kardan"),
            ("tags", "unknown"),
            ("version", env!("CARGO_PKG_VERSION")),
        ]
        .into_iter()
        .fold(Labels::none(), |labels, (name, value)| {
            labels.with(name, value)
        });
        page.push(
            "postgres_exporter_build_info",
            Kind::Gauge,
            "A metric with a constant '1' value labeled by version, revision, branch, goversion from which postgres_exporter was built, and the goos and goarch for the build.",
            &build,
            1.0,
        );
        page.push(
            "postgres_exporter_config_last_reload_successful",
            Kind::Gauge,
            "Postgres exporter config loaded successfully.",
            &none,
            f64::from(u8::from(self.modules_read.is_some())),
        );
        page.push(
            "postgres_exporter_config_last_reload_success_timestamp_seconds",
            Kind::Gauge,
            "Timestamp of the last successful configuration reload.",
            &none,
            self.modules_read.unwrap_or_default(),
        );
        page.push(
            "promhttp_metric_handler_requests_in_flight",
            Kind::Gauge,
            "Current number of scrapes being served.",
            &none,
            f64::from(self.in_flight.load(Ordering::Relaxed)),
        );
        for (status, count) in STATUSES.iter().zip(&self.answers) {
            page.push(
                "promhttp_metric_handler_requests_total",
                Kind::Counter,
                "Total number of scrapes by HTTP status code.",
                &none.clone().with("code", status),
                f64::from(count.load(Ordering::Relaxed)),
            );
        }
    }

    /// Takes samples of waits until the program ends.
    pub(crate) async fn sample(&self) {
        let every = self.options.wait_sample;
        if every.is_zero() || !self.options.groups.iter().any(|g| g.name == "kardan_waits") {
            return;
        }
        let mut clock = tokio::time::interval(every.max(Duration::from_millis(100)));
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            clock.tick().await;
            if let Some(target) = self.targets.first() {
                target.sample(every).await;
            }
        }
    }

    /// Says at the start whether the servers can be reached; the exporter serves in any case.
    pub(crate) async fn greet(&self) {
        for target in &self.targets {
            if let Err(error) = target.greet().await {
                warn!(source = target.dsn().shown, %error, "the server cannot be asked yet; every scrape tries again");
            }
        }
    }
}

fn now() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map(|time| time.as_secs_f64())
        .unwrap_or_default()
}
