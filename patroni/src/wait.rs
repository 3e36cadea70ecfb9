//! Waiting for something to become true, with an end.

use std::time::{Duration, Instant};

use crate::Error;

/// Asks until the answer is something, every `pause`, and gives up after `patience`.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    pause: Duration,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> Result<T, Error> {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return Ok(found);
        }
        if begun.elapsed() >= patience {
            return Err(Error::Late {
                what: what.to_owned(),
                seconds: patience.as_secs(),
            });
        }
        tokio::time::sleep(pause).await;
    }
}
