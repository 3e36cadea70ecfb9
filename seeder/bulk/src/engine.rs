//! The load: chunks over several connections, each a transaction with its row in the ledger; then indexes, statistics and checks.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Config, NoTls};
use tokio_util::sync::CancellationToken;

use crate::Error;
use crate::admit::{guard, open, release};
use crate::catalogue::Catalogue;
use crate::ledger::{self, Range};
use crate::market::Market;
use crate::prepare;
use crate::progress::{Counts, Progress, Report};
use crate::season::DAY;
use crate::tables::{
    DERIVED, Derived, PARENTS, Per, RATED_ANEW, TABLES, TERMS, Table, partitioned,
};
use crate::worker::{Task, Worker};

/// What is sent at once.
pub(crate) const FRAME: usize = 128 * 1024;
/// Listings, people or shops of a chunk.
const CHUNK: u64 = 25_000;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// Listings; everything else follows from them.
    pub listings: u64,
    /// Connections at once.
    pub jobs: usize,
    /// When the market opened and the moment that it is shown at, in microseconds since 2000-01-01 UTC.
    pub time: (i64, i64),
    /// Days before that end for which looking at listings and asking for contacts are counted, each a partition.
    pub counted_days: u32,
    /// What to do with a database that is seeded.
    pub mode: Mode,
    /// These tables and those that they refer to only; all when empty.
    pub only: Vec<String>,
    /// Whether the values are as bad as they may be.
    pub adversarial: bool,
    /// The hash of the program that the database must have.
    pub contract: Option<String>,
    /// Rows of a chunk; smaller ones for tests.
    pub chunk: Option<u64>,
}

impl Options {
    /// The market that is wanted, over this catalogue.
    pub(crate) fn market(&self, catalogue: Catalogue) -> Market {
        let mut market = Market::new(self.seed, self.time.0, self.time.1, catalogue);
        market.adversarial = self.adversarial;
        market.counted = i64::from(self.counted_days) * DAY;
        market
    }
}

/// What to do with a database that is seeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Refuse it.
    New,
    /// Make it larger.
    Append,
    /// Finish what was stopped.
    Resume,
}

/// What a run would do: each table, what its rows are counted by, and how many of those.
#[must_use]
pub fn planned(listings: u64) -> Vec<(&'static str, Per, u64)> {
    TABLES
        .iter()
        .map(|table| (table.name, table.per, table.per.count(listings)))
        .collect()
}

/// Seeds a database.
///
/// # Errors
/// See [`Error`]; what was done stays and is in the ledger.
pub async fn seed(
    config: &Config,
    options: &Options,
    progress: &Arc<Progress>,
    stop: &CancellationToken,
) -> Result<Report, Error> {
    let mut client = connect(config).await?;
    let tables = chosen(&options.only)?;
    guard(&client, options).await?;
    let ended = load(&mut client, config, options, &tables, progress, stop).await;
    // The server would do it when it notices that the connection is gone, and the next run may be sooner.
    release(&client).await;
    ended
}

/// All of it, in a database that was asked whether it may be.
async fn load(
    client: &mut Client,
    config: &Config,
    options: &Options,
    tables: &[&'static Table],
    progress: &Arc<Progress>,
    stop: &CancellationToken,
) -> Result<Report, Error> {
    let begun = Instant::now();
    let (market, listings, is_first) = open(client, options).await?;
    let names: Vec<&str> = tables.iter().map(|table| table.relation()).collect();
    let derived: &[Derived] = if options.only.is_empty() {
        DERIVED
    } else {
        &[]
    };
    let all: Vec<&str> = names
        .iter()
        .copied()
        .chain(derived.iter().map(|d| d.name))
        .collect();

    let mut run = Run {
        config,
        options,
        progress,
        stop,
        market: Arc::new(market),
        stages: Vec::new(),
    };
    let since = Instant::now();
    progress.enter("partitions");
    for (table, from) in partitioned(&run.market) {
        client
            .batch_execute(&prepare::partitions(table, from))
            .await?;
    }
    run.stage("partitions", since);
    if is_first {
        let tx = client.transaction().await?;
        prepare::take_away(&tx, &all).await?;
        tx.commit().await?;
    }
    run.rows(client, tables, listings).await?;
    let is_derived = |table: &str| DERIVED.iter().any(|derived| derived.name == table);
    run.rebuild(client, |table| !is_derived(table)).await?;
    run.analyze(&names).await?;
    run.derive(client, derived, listings).await?;
    run.rebuild(client, is_derived).await?;
    run.finish(client, &all, (listings, is_first)).await?;
    run.report(client, begun).await
}

/// The tables that were asked for with those that they refer to.
pub(crate) fn chosen(only: &[String]) -> Result<Vec<&'static Table>, Error> {
    if let Some(unknown) = only
        .iter()
        .find(|name| TABLES.iter().all(|table| table.name != *name))
    {
        return Err(Error::UnknownTable(unknown.clone()));
    }
    let is_wanted = |table: &&Table| {
        only.is_empty()
            || only.iter().any(|name| name == table.name)
            || PARENTS.contains(&table.name)
    };
    Ok(TABLES.iter().filter(is_wanted).collect())
}

/// A connection whose triggers and foreign keys rest.
pub(crate) async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    client
        .batch_execute(
            "set synchronous_commit = off; set statement_timeout = 0; set lock_timeout = 0;
             set idle_in_transaction_session_timeout = 0; set timezone = 'UTC'; set client_min_messages = warning;
             set maintenance_work_mem = '256MB'; set jit = off",
        )
        .await?;
    let rest = client
        .batch_execute("set session_replication_role = replica")
        .await;
    match rest {
        Err(error) if error.code().is_some_and(|code| code.code() == "42501") => Err(Error::Rights),
        other => other.map(|()| client).map_err(Error::from),
    }
}

/// What connections can make beside each other: each index by itself, but those of a table with partitions one after the other.
/// PostgreSQL names an index of a partition after its columns, and two that have the same would take the same name.
fn apart(market: &Market, indexes: Vec<prepare::Rebuild>) -> Vec<Vec<prepare::Rebuild>> {
    let tables = partitioned(market).map(|(table, _)| table);
    let mut groups: Vec<Vec<prepare::Rebuild>> = Vec::new();
    for index in indexes {
        let is_shared = tables.contains(&index.table.as_str());
        let same = groups
            .iter_mut()
            .find(|group| is_shared && group.iter().any(|one| one.table == index.table));
        match same {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

struct Run<'a> {
    config: &'a Config,
    options: &'a Options,
    progress: &'a Arc<Progress>,
    stop: &'a CancellationToken,
    market: Arc<Market>,
    stages: Vec<(String, f64)>,
}

impl Run<'_> {
    /// Ends a stage that began then.
    fn stage(&mut self, name: &str, since: Instant) {
        self.stages
            .push((name.to_owned(), since.elapsed().as_secs_f64()));
    }

    fn chunk(&self) -> u64 {
        self.options.chunk.unwrap_or(CHUNK).max(1)
    }

    /// Tells the progress what is still to be done of a table.
    fn want(&self, table: &'static str, missing: &[Range]) {
        let wanted = missing.iter().map(|range| range.end - range.first).sum();
        let counts = self.progress.of(table);
        counts.wanted.store(wanted, Ordering::Relaxed);
    }

    async fn rows(
        &mut self,
        client: &Client,
        tables: &[&'static Table],
        listings: u64,
    ) -> Result<(), Error> {
        let since = Instant::now();
        self.progress.enter("rows");
        let mut tasks = Vec::new();
        for table in tables {
            let there = ledger::there(client, table.name, table.version).await?;
            let missing = ledger::missing(&there, table.per.count(listings), self.chunk());
            self.want(table.name, &missing);
            tasks.extend(missing.into_iter().map(|range| Task::Rows(table, range)));
        }
        self.work(tasks, Vec::new()).await?;
        self.stage("rows", since);
        Ok(())
    }

    async fn derive(
        &mut self,
        client: &Client,
        derived: &[Derived],
        listings: u64,
    ) -> Result<(), Error> {
        let since = Instant::now();
        self.progress.enter("search");
        for table in derived {
            let there = ledger::there(client, table.name, 1).await?;
            let missing = ledger::missing(&there, listings, self.chunk().min(10_000));
            self.want(table.name, &missing);
            let tasks = missing.into_iter().map(|range| Task::Derive(*table, range));
            self.work(tasks.collect(), Vec::new()).await?;
        }
        self.stage("search", since);
        Ok(())
    }

    async fn rebuild(&mut self, client: &Client, of: impl Fn(&str) -> bool) -> Result<(), Error> {
        let since = Instant::now();
        self.progress.enter("indexes");
        let rebuilds = prepare::rebuilds(client, of).await?;
        let is_key = |rebuild: &prepare::Rebuild| rebuild.definition.starts_with("alter table");
        // Foreign keys after indexes, and one after the other: each locks both of its tables.
        let (keys, indexes): (Vec<_>, Vec<_>) = rebuilds.into_iter().partition(is_key);
        let groups = apart(&self.market, indexes);
        let tasks = (0..groups.len()).map(Task::Rebuild).collect();
        self.work(tasks, groups).await?;
        let mut client = connect(self.config).await?;
        for key in &keys {
            self.go_on()?;
            prepare::make(&mut client, key).await?;
        }
        self.stage("indexes", since);
        Ok(())
    }

    async fn analyze(&mut self, tables: &[&'static str]) -> Result<(), Error> {
        let since = Instant::now();
        self.progress.enter("statistics");
        self.work(
            tables.iter().copied().map(Task::Analyze).collect(),
            Vec::new(),
        )
        .await?;
        self.stage("statistics", since);
        Ok(())
    }

    /// Sequences, what jobs of the program compute, and the check of what rested.
    async fn finish(
        &mut self,
        client: &Client,
        tables: &[&'static str],
        (listings, is_first): (u64, bool),
    ) -> Result<(), Error> {
        let since = Instant::now();
        self.progress.enter("checks");
        prepare::sequences(client, tables).await?;
        if self.options.only.is_empty() {
            if !is_first {
                client.batch_execute(RATED_ANEW).await?;
            }
            client
                .batch_execute(
                    "analyze market_data.search_entries; analyze market_data.search_words;
                     select market.search_counts_refresh(); select market.price_ranges_refresh();
                     analyze market_data.search_words; analyze market_data.search_lexemes",
                )
                .await?;
            let all = ledger::missing(&[], listings, self.chunk().min(10_000));
            let tasks = all.into_iter().map(|range| Task::Anew(TERMS, range));
            self.work(tasks.collect(), Vec::new()).await?;
        }
        if !is_first {
            prepare::verify(client, tables).await?;
        }
        self.stage("checks", since);
        Ok(())
    }

    fn go_on(&self) -> Result<(), Error> {
        match self.stop.is_cancelled() {
            true => Err(Error::Stopped),
            false => Ok(()),
        }
    }

    /// Does all of this over as many connections as were asked for.
    async fn work(
        &self,
        tasks: Vec<Task>,
        rebuilds: Vec<Vec<prepare::Rebuild>>,
    ) -> Result<(), Error> {
        self.go_on()?;
        let jobs = self.options.jobs.max(1).min(tasks.len());
        let queue = Arc::new(Mutex::new(VecDeque::from(tasks)));
        let rebuilds = Arc::new(rebuilds);
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..jobs {
            let mut worker = Worker {
                client: connect(self.config).await?,
                market: Arc::clone(&self.market),
                progress: Arc::clone(self.progress),
                stop: self.stop.clone(),
                rebuilds: Arc::clone(&rebuilds),
            };
            let queue = Arc::clone(&queue);
            workers.spawn(async move {
                loop {
                    let task = queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .pop_front();
                    match task {
                        Some(task) => worker.run(task).await?,
                        None => return Ok::<(), Error>(()),
                    }
                }
            });
        }
        // The first failure ends the others with their connections, which rolls back what they were at.
        while let Some(done) = workers.join_next().await {
            done??;
        }
        Ok(())
    }

    async fn report(self, client: &Client, begun: Instant) -> Result<Report, Error> {
        let counts = self.progress.tables();
        let sum = |of: fn(&Counts) -> &AtomicU64| {
            counts
                .iter()
                .map(|(_, c)| of(c).load(Ordering::Relaxed))
                .sum()
        };
        let speed = |c: &Counts| {
            let busy = Duration::from_micros(c.busy_us.load(Ordering::Relaxed)).as_secs_f64();
            c.rows.load(Ordering::Relaxed) as f64 / busy.max(1e-6)
        };
        Ok(Report {
            seconds: begun.elapsed().as_secs_f64(),
            stages: self.stages,
            tables: ledger::filled(client).await?,
            rows: sum(|c| &c.rows),
            bytes: sum(|c| &c.bytes),
            rows_per_second: counts
                .iter()
                .filter(|(_, c)| c.rows.load(Ordering::Relaxed) > 0)
                .map(|(name, c)| ((*name).to_owned(), speed(c)))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::Rebuild;

    #[test]
    fn indexes_of_one_table_with_partitions_are_made_one_after_the_other() {
        let index = |table: &str, id| Rebuild {
            id,
            table: table.to_owned(),
            definition: String::new(),
        };
        let (plain, shared) = ("market_data.listings", "market_data.chat_messages");
        let indexes = vec![
            index(plain, 1),
            index(shared, 2),
            index(plain, 3),
            index(shared, 4),
        ];
        let groups = apart(&Market::new(1, 0, 1, Catalogue::default()), indexes);
        let ids: Vec<Vec<i64>> = groups
            .iter()
            .map(|group| group.iter().map(|one| one.id).collect())
            .collect();
        assert_eq!(ids, [vec![1], vec![2, 4], vec![3]]);
    }
}
