//! A node that stood still: paused, suspended, or starved of its processor.
//!
//! Meanwhile its lease ran out and another node leads, of which it knows nothing: when it goes on, it believes for a moment
//! that it still leads, and may take the lease back with data that others have long left behind. So it stops at once, and
//! comes back as whatever the cluster says it is.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::sync::mpsc::Sender;
use tracing::{info, warn};

use super::child::Child;
use super::local::Local;
use crate::Error;

const TICK: Duration = Duration::from_millis(100);

/// Reports every gap of more than `most` between two ticks. A thread of its own, which nothing else can hold up.
pub fn watch_clock(most: Duration, froze: Sender<Duration>) {
    std::thread::spawn(move || {
        let mut before = since_boot();
        loop {
            std::thread::sleep(TICK);
            let now = since_boot();
            let gap = now.saturating_sub(before);
            before = now;
            // A second one while the first is dealt with changes nothing.
            if gap > most && froze.try_send(gap).is_err() && froze.is_closed() {
                return;
            }
        }
    });
}

/// Time since the machine was started, the time that it was suspended included.
fn since_boot() -> Duration {
    let now = clock_gettime(ClockId::Boottime);
    Duration::new(
        now.tv_sec.try_into().unwrap_or_default(),
        now.tv_nsec.try_into().unwrap_or_default(),
    )
}

/// Stops Patroni, then PostgreSQL, if this node led before it froze. Says whether it did.
///
/// Patroni first: it is the one who would take the lease. A standby that froze is only behind, and catches up.
pub async fn end_leadership(
    local: &Local,
    patroni: &mut Child,
    gap: Duration,
) -> Result<bool, Error> {
    metrics::counter!("kardan_agent_freezes_total").increment(1);
    if !local.is_primary() {
        info!(gap.seconds = gap.as_secs_f64(), "this standby was frozen");
        return Ok(false);
    }
    patroni.kill().await?;
    let stopped = local.stop_at_once().await;
    warn!(
        gap.seconds = gap.as_secs_f64(),
        postgres.stopped = stopped,
        "this primary was frozen; it starts again as what the cluster says"
    );
    Ok(true)
}
