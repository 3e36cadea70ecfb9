//! Starting and stopping: a loop for each task, none of which can stop another one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kardan_schema::chain;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::Failure;
use crate::line::Line;
use crate::metrics::Metrics;
use crate::turn::Turn;
use crate::{Config, Error, Task, health, pace};

/// Works until `shutdown` is cancelled. Turns that run then get the configured grace; what is cut off comes back when its
/// lease ends.
///
/// # Errors
/// See [`Error`]. A database that does not answer is none: tasks try again.
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    let Some(address) = config.listen else {
        return work(config, None, shutdown).await;
    };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| Error::Listen { address, source })?;
    work(config, Some(listener), shutdown).await
}

/// Works like [`run()`], and serves health and metrics on this listener, if there is one.
///
/// # Errors
/// See [`Error`].
pub async fn work(
    config: Config,
    listener: Option<TcpListener>,
    shutdown: CancellationToken,
) -> Result<(), Error> {
    let line = Line::open(&config, shutdown.clone())?;
    let metrics = Arc::new(Metrics::new()?);
    if let Some(listener) = listener {
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "listening");
        }
        let router = health::router(line.clone(), Arc::clone(&metrics));
        tokio::spawn(axum::serve(listener, router).into_future());
    }
    let tracker = TaskTracker::new();
    for task in config.tasks() {
        let (line, metrics) = (line.clone(), Arc::clone(&metrics));
        tracker.spawn(turns(task, line, metrics, task.rest(config.poll)));
    }
    tracker.close();
    shutdown.cancelled().await;
    if tokio::time::timeout(config.shutdown_grace, tracker.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            grace_s = config.shutdown_grace.as_secs(),
            "work is still running and is cut off"
        );
    }
    Ok(())
}

/// One turn after another until the worker stops.
async fn turns(task: Task, line: Line, metrics: Arc<Metrics>, rest: Duration) {
    let mut failures = 0_u32;
    while !line.stop.is_cancelled() {
        let wait = match turn(task, &line, &metrics).await {
            Ok(turn) if turn.is_more => {
                failures = 0;
                continue;
            }
            Ok(_) => {
                failures = 0;
                pace::jitter(rest)
            }
            Err(failure) => {
                failures = failures.saturating_add(1);
                tracing::warn!(task = task.name(), failures, error = %chain(&failure), "a turn ended early");
                pace::after_failures(failures)
            }
        };
        tokio::select! {
            () = line.stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    let begun = Instant::now();
    metrics.turned(task, &task.end(&line).await, begun.elapsed());
}

/// One turn, on a task of its own: a panic is a failure like another.
async fn turn(task: Task, line: &Line, metrics: &Metrics) -> Result<Turn, Failure> {
    let begun = Instant::now();
    let own = line.clone();
    let outcome = match tokio::spawn(async move { task.turn(&own).await }).await {
        Ok(outcome) => outcome,
        Err(broken) => Err(broken.into()),
    };
    metrics.turned(task, &outcome, begun.elapsed());
    outcome
}

/// What a task did when it was asked for once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Done {
    /// The task.
    pub task: &'static str,
    /// Things taken.
    pub claimed: u64,
    /// Of these, done.
    pub done: u64,
    /// Of these, failed; they are tried again.
    pub failed: u64,
}

/// Does what there is to do now, one task after another, and tells what that was.
///
/// # Errors
/// See [`Error`]; the first task that fails ends it.
pub async fn once(config: &Config, stop: CancellationToken) -> Result<Vec<Done>, Error> {
    let line = Line::open(config, stop)?;
    let metrics = Metrics::new()?;
    let mut all = Vec::new();
    for task in config.tasks() {
        let mut done = Done {
            task: task.name(),
            claimed: 0,
            done: 0,
            failed: 0,
        };
        loop {
            let turn = turn(task, &line, &metrics)
                .await
                .map_err(|source| Error::Task {
                    task: task.name(),
                    source,
                })?;
            done.claimed += turn.claimed;
            done.done += turn.done;
            done.failed += turn.failed;
            if !turn.is_more || line.stop.is_cancelled() {
                break;
            }
        }
        all.push(done);
    }
    Ok(all)
}
