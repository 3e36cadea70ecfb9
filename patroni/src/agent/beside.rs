//! The tasks beside Patroni have no end: one that ends has failed. Nobody would miss it until the day that it is needed,
//! so it is told, counted, and started again.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tracing::error;

/// Before a task starts again: one that fails at once shall not take the processor from PostgreSQL.
pub const PAUSE: Duration = Duration::from_secs(1);

/// Runs a task for ever. What it panics with has been written to the log by the hook of the standard library.
pub async fn keep<T: Future<Output = ()>>(
    name: &'static str,
    pause: Duration,
    start: impl Fn() -> T,
) {
    let failures = metrics::counter!("kardan_agent_task_failures_total", "task" => name);
    failures.absolute(0);
    loop {
        let panicked = AssertUnwindSafe(start()).catch_unwind().await.is_err();
        failures.increment(1);
        error!(
            task = name,
            panicked, "a task of the agent ended; it starts again"
        );
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use tokio::sync::Notify;

    use super::keep;

    #[tokio::test]
    async fn a_task_that_panics_or_ends_starts_again() {
        let starts = Cell::new(0);
        let third = Notify::new();
        let kept = keep("example", Duration::ZERO, async || {
            starts.set(starts.get() + 1);
            match starts.get() {
                1 => panic!("on purpose"),
                2 => {}
                _ => {
                    third.notify_one();
                    std::future::pending().await
                }
            }
        });
        tokio::select! {
            () = kept => panic!("nobody keeps it any more"),
            () = third.notified() => assert_eq!(starts.get(), 3),
        }
    }
}
