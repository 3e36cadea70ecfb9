//! What a server that stalls is charged with: everybody who had to wait, and not only those who had asked already.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kardan_load::options::Pace;
use kardan_load::timetable::Timetable;
use tokio::sync::Barrier;
use tokio_util::sync::CancellationToken;

use crate::fake::{LONG, options, run_until, says, server, server_until};

const PER_SECOND: f64 = 200.0;
/// A histogram of three figures says a value to a thousandth.
const FIGURES: f64 = 0.998;

/// When the first of them come, counted from the beginning.
fn times(count: usize) -> Vec<Duration> {
    let all = Timetable::new(3, PER_SECOND, Duration::ZERO);
    all.take(count).collect()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A server that answers the first request after so long and all others at once, and what ends the test with this request.
async fn stalling(hold: Duration, last: u64) -> anyhow::Result<(String, CancellationToken)> {
    server_until(last, move |number, _| async move {
        if number == 0 {
            let slow = Instant::now() + hold;
            drop(tokio::time::timeout_at(slow.into(), std::future::pending::<()>()).await);
        }
        says(200, "{}")
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_come_at_their_time_though_nobody_before_them_was_answered() -> anyhow::Result<()> {
    // Nobody is answered before fifty have asked: whoever waits for an answer before the next one comes waits for ever.
    let (gate, stop) = (Arc::new(Barrier::new(50)), CancellationToken::new());
    let enough = stop.clone();
    let target = server(move |number, _| {
        let (gate, enough) = (Arc::clone(&gate), enough.clone());
        async move {
            if number < 50 {
                gate.wait().await;
                enough.cancel();
            }
            says(200, "{}")
        }
    })
    .await?;
    let times = times(50);
    let pace = Pace::Rate {
        per_second: PER_SECOND,
    };
    let report = run_until(&options(&target, pace, "browse=1", LONG), &stop).await?;
    assert!(report.total.requests >= 50);
    assert_eq!(report.total.failed, 0, "{:?}", report.reasons);
    // The first one waited until the fiftieth came.
    let waited = ms(times[49] - times[0]);
    assert!(report.total.latency.max >= waited * FIGURES);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_could_not_ask_because_of_a_stall_is_measured_from_when_they_came() -> anyhow::Result<()>
{
    let times = times(41);
    let hold = times[40] - times[0];
    let (target, stop) = stalling(hold, 12).await?;
    let pace = Pace::Rate {
        per_second: PER_SECOND,
    };
    let mut alone = options(&target, pace, "browse=1", LONG);
    alone.at_once = 1;
    let report = run_until(&alone, &stop).await?;
    let requests = report.total.requests as f64;
    let unsent = (report.total.latency.mean - report.total.service.mean) * requests;
    // A visit is two requests here, so twelve more are six visits. At least the next five had to wait for the first one; with service times alone nobody but the first would have.
    let waited: f64 = times[1..6].iter().map(|time| ms(times[40] - *time)).sum();
    assert!(unsent >= waited * FIGURES, "{unsent} {waited}");
    assert!(report.late.max >= ms(times[40] - times[1]) * FIGURES);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_people_who_are_there_all_the_time_the_requests_that_a_stall_kept_back_are_charged_too()
-> anyhow::Result<()> {
    let hold = Duration::from_millis(600);
    let (target, stop) = stalling(hold, 6).await?;
    let pace = Pace::Users { users: 1 };
    let mut one = options(&target, pace, "browse=1", LONG);
    one.think = Duration::from_millis(20);
    let report = run_until(&one, &stop).await?;
    let requests = report.total.requests as f64;
    let unsent = (report.total.latency.mean - report.total.service.mean) * requests;
    // One after the other was meant for every 20 ms, 30 at most: the first five were meant for long before the stall ended.
    let waited: f64 = (1..=5).map(|n| ms(hold) - 30.0 * f64::from(n)).sum();
    assert!(unsent >= waited * FIGURES, "{unsent} {waited}");
    Ok(())
}
