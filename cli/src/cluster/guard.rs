//! The guard of a switchover: it waits for a word of the one who holds clients, and lets them go on if none comes.

use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use kardan_cluster::Place;

/// The word.
pub const DONE: u8 = b'.';
/// How long a switchover that was left alone may take to end.
const PATIENCE: Duration = Duration::from_secs(25);
/// How often it tries; the pooler may be the very thing that is in trouble.
const TRIES: u32 = 60;

pub async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    let word = tokio::task::spawn_blocking(|| {
        let mut word = Vec::new();
        std::io::stdin().read_to_end(&mut word).map(|_| word)
    });
    if word.await?? == [DONE] {
        return Ok(ExitCode::SUCCESS);
    }
    let mut last = None;
    for _ in 0..TRIES {
        match place.release_clients(PATIENCE).await {
            Ok(()) => {
                eprintln!("kardan: the switchover did not finish; clients go on");
                return Ok(ExitCode::SUCCESS);
            }
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(last.map_or_else(|| anyhow::anyhow!("never tried"), Into::into))
}
