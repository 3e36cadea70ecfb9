//! Waiting for a session to wait: two sessions meet at a lock in a known order, without any fixed pause.

use std::time::{Duration, Instant};

use kardan_testdb::{Database, Session};

/// How long a session may take to reach the lock.
const DEADLINE: Duration = Duration::from_secs(20);

/// The number of a session's server process.
pub async fn backend(session: &Session) -> anyhow::Result<i32> {
    Ok(session
        .query_one("select pg_backend_pid()", &[])
        .await?
        .get(0))
}

/// Returns when this server process waits for a lock that somebody else holds.
pub async fn until_blocked(db: &Database, backend: i32) -> anyhow::Result<()> {
    let observer = db.superuser().await?;
    let deadline = Instant::now() + DEADLINE;
    while Instant::now() < deadline {
        let row = observer
            .query_one(
                "select exists (
                     select from pg_stat_activity as a where a.pid = $1 and a.wait_event_type = 'Lock')",
                &[&backend],
            )
            .await?;
        if row.get(0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    anyhow::bail!("the session {backend} did not come to wait for a lock within {DEADLINE:?}")
}
