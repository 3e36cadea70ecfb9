//! Clients at a fixed rate: each operation begins when it is due, however slow the one before it was, as the people do whom
//! nobody tells that the database is busy.

mod api;
mod database;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use kardan_cluster::Place;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use api::Api;

use crate::Error;
use crate::check::Listings;
use crate::history::{History, Log};
use database::Database;

/// How long an idempotent client tries before it gives up.
pub const BUDGET: Duration = Duration::from_secs(30);

/// Operations a second of each kind.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Of inserts, of transfers and ticks half of it, and so many reads.
    pub database: u32,
    /// Of requests to the API.
    pub api: u32,
}

/// Clients at work.
pub struct Clients {
    stop: CancellationToken,
    kinds: JoinSet<()>,
    logs: Logs,
    api: Arc<Api>,
}

struct Logs {
    inserts: Log,
    transfers: Log,
    ticks: Log,
    reads: Log,
    requests: Log,
    ready: Log,
}

impl Clients {
    /// Lets them begin.
    pub async fn start(
        place: &Place,
        application: &Path,
        api: Api,
        rates: Rates,
        began: Instant,
    ) -> Result<Self, Error> {
        let database = Arc::new(Database::open(place, application)?);
        let api = Arc::new(api);
        let stop = CancellationToken::new();
        let mut kinds = JoinSet::new();
        let new = || Log::new(began);
        let logs = Logs {
            inserts: new(),
            transfers: new(),
            ticks: new(),
            reads: new(),
            requests: new(),
            ready: new(),
        };
        let half = (rates.database / 2).max(1);
        macro_rules! kind {
            ($rate:expr, $log:expr, $on:expr, $operation:path) => {{
                let (log, on, stop) = ($log.clone(), Arc::clone(&$on), stop.clone());
                kinds.spawn(at_rate($rate, stop, move |id| {
                    let (log, on) = (log.clone(), Arc::clone(&on));
                    async move { $operation(&on, id, &log).await }
                }));
            }};
        }
        kind!(rates.database, logs.inserts, database, Database::insert);
        kind!(half, logs.transfers, database, Database::transfer);
        kind!(half, logs.ticks, database, Database::tick);
        kind!(rates.database, logs.reads, database, Database::read);
        kind!(rates.api, logs.requests, api, Api::write);
        kind!(5, logs.ready, api, Api::ready);
        Ok(Self {
            stop,
            kinds,
            logs,
            api,
        })
    }

    /// Lets what has begun come to its end, and gives everything.
    pub async fn stop(self) -> Result<(History, Listings), Error> {
        self.stop.cancel();
        self.kinds.join_all().await;
        let history = History {
            inserts: self.logs.inserts.take(),
            transfers: self.logs.transfers.take(),
            ticks: self.logs.ticks.take(),
            reads: self.logs.reads.take(),
            requests: self.logs.requests.take(),
            ready: self.logs.ready.take(),
        };
        Ok((history, self.api.listings().await?))
    }
}

/// Begins an operation whenever one is due, until told to stop; then waits for those that have begun.
async fn at_rate<F, O>(rate: u32, stop: CancellationToken, operation: F)
where
    F: Fn(u64) -> O,
    O: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    let next = AtomicU64::new(1);
    let mut pace = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
    // After a stall of this machine itself, what is overdue is not made up for in one burst.
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = pace.tick() => {
                running.spawn(operation(next.fetch_add(1, Relaxed)));
            }
            Some(_) = running.join_next(), if !running.is_empty() => {}
        }
    }
    while running.join_next().await.is_some() {}
}
