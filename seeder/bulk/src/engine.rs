//! The load: chunks over several connections, each a transaction with its row in the ledger; then indexes, statistics and checks.

use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::SinkExt as _;
use tokio_postgres::{Client, Config, CopyInSink, NoTls};
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::Error;
use crate::catalogue::Catalogue;
use crate::copy::{HEADER, Rows, TRAILER};
use crate::ledger::{self, Filled, Range};
use crate::market::Market;
use crate::prepare;
use crate::tables::{DERIVED, Derived, Per, RATED_ANEW, TABLES, Table, partitioned};

/// What is sent at once.
pub(crate) const FRAME: usize = 128 * 1024;
/// Listings, people or shops of a chunk.
const CHUNK: u64 = 25_000;
/// Bytes of disk for a listing with everything that belongs to it and its indexes; measured at scale 0.1.
const BYTES_A_LISTING: u64 = 9_000;
/// One seeder a database.
const LOCK: i64 = 0x6b61_7264_616e_5eed;

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

/// How far a table is; read it while the load runs.
#[derive(Debug, Default)]
pub struct Progress {
    tables: Mutex<BTreeMap<&'static str, Arc<Counts>>>,
    stage: Mutex<String>,
}

/// The counts of one table.
#[derive(Debug, Default)]
pub struct Counts {
    /// Of what its rows are counted by: done and wanted.
    pub done: AtomicU64,
    /// Wanted.
    pub wanted: AtomicU64,
    /// Rows.
    pub rows: AtomicU64,
    /// Bytes sent.
    pub bytes: AtomicU64,
    /// Time that connections spent on it, microseconds.
    pub busy_us: AtomicU64,
}

/// How it went.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// Seconds for all of it, and for rows, indexes and the rest.
    pub seconds: f64,
    /// Seconds of each stage.
    pub stages: Vec<(String, f64)>,
    /// Every table of the ledger.
    pub tables: BTreeMap<String, Filled>,
    /// Rows, and bytes of COPY, that this run wrote.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Of each table that this run wrote: rows a second of one connection.
    pub rows_per_second: BTreeMap<String, f64>,
}

impl Progress {
    fn of(&self, table: &'static str) -> Arc<Counts> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(table).or_default())
    }

    /// Every table that this run writes.
    #[must_use]
    pub fn tables(&self) -> Vec<(&'static str, Arc<Counts>)> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables
            .iter()
            .map(|(name, counts)| (*name, Arc::clone(counts)))
            .collect()
    }

    /// What is being done.
    #[must_use]
    pub fn stage(&self) -> String {
        self.stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn enter(&self, stage: &str) {
        stage.clone_into(&mut self.stage.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Bytes of disk that a market of so many listings takes, about.
#[must_use]
pub const fn bytes_wanted(listings: u64) -> u64 {
    listings * BYTES_A_LISTING + (64 << 20)
}

/// What a run would do: each table, what its rows are counted by, and how many of those.
#[must_use]
pub fn planned(listings: u64) -> Vec<(&'static str, Per, u64)> {
    TABLES
        .iter()
        .map(|table| (table.name, table.per, table.per.count(listings)))
        .collect()
}

/// Says that a database may be filled with made-up data.
///
/// # Errors
/// When the database refuses.
pub async fn mark(config: &Config) -> Result<(), Error> {
    let client = connect(config).await?;
    client
        .execute(
            "insert into ops_data.settings (key, value, description, updated_at)
             values ('seeder.allowed', 'true', 'Whether `kardan seed` may fill this database with made-up data.',
                 transaction_timestamp())
             on conflict (key) do update set value = 'true', updated_at = excluded.updated_at",
            &[],
        )
        .await?;
    Ok(())
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
    let begun = Instant::now();
    let mut client = connect(config).await?;
    let tables = chosen(&options.only)?;
    guard(&client, options).await?;
    let (market, listings, is_first) = open(&client, options).await?;
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
    progress.enter("partitions");
    for (table, from) in partitioned(&run.market) {
        prepare::partitions(&client, table, from).await?;
    }
    if is_first {
        let tx = client.transaction().await?;
        prepare::take_away(&tx, &all).await?;
        tx.commit().await?;
    }
    run.rows(&client, &tables, listings).await?;
    let is_derived = |table: &str| DERIVED.iter().any(|derived| derived.name == table);
    run.rebuild(&client, |table| !is_derived(table)).await?;
    run.analyze(&names).await?;
    run.derive(&client, derived, listings).await?;
    run.rebuild(&client, is_derived).await?;
    run.finish(&client, &all, is_first).await?;
    run.report(&client, begun).await
}

/// Everything that would have to be undone is asked before anything is done.
async fn guard(client: &Client, options: &Options) -> Result<(), Error> {
    if options.time.1 < options.time.0 + 30 * crate::season::DAY {
        return Err(Error::Time);
    }
    let marked = client
        .query_opt(
            "select from ops_data.settings as s where s.key = 'seeder.allowed' and s.value = 'true'",
            &[],
        )
        .await?;
    if marked.is_none() {
        return Err(Error::NotMarked);
    }
    let contract = client
        .query_opt(
            "select c.hash from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await?
        .map(|row| row.get::<_, String>(0));
    if options.contract.is_some() && options.contract != contract {
        return Err(Error::WrongContract);
    }
    let is_ours: bool = client
        .query_one("select pg_try_advisory_lock($1)", &[&LOCK])
        .await?
        .get(0);
    if is_ours { Ok(()) } else { Err(Error::Busy) }
}

/// The market of the ledger, or a new one in an empty database; how many listings it is to have; and whether it is new.
async fn open(client: &Client, options: &Options) -> Result<(Market, u64, bool), Error> {
    let catalogue = Catalogue::read(client).await?;
    let former = client
        .query_opt(
            "select m.seed, m.catalogue, m.listings, m.is_adversarial,
                 (extract(epoch from m.opened_at - timestamptz '2000-01-01 00:00+00') * 1000000)::bigint,
                 (extract(epoch from m.shown_at - timestamptz '2000-01-01 00:00+00') * 1000000)::bigint
             from ops_data.seed_markets as m",
            &[],
        )
        .await?;
    let (from, to, listings) = match (&former, options.mode) {
        (Some(_), Mode::New) => return Err(Error::AlreadySeeded),
        (None, Mode::Resume) => return Err(Error::NothingThere("resume")),
        (None, Mode::Append) => return Err(Error::NothingThere("append to")),
        (None, Mode::New) => (options.time.0, options.time.1, options.listings),
        (Some(row), mode) => {
            if mode == Mode::Append && row.get::<_, i64>(0).cast_unsigned() != options.seed {
                return Err(Error::AnotherMarket("seed"));
            }
            if row.get::<_, i64>(1).cast_unsigned() != catalogue.fingerprint {
                return Err(Error::AnotherMarket("catalogue"));
            }
            let there = row.get::<_, i64>(2).unsigned_abs();
            let wanted = if mode == Mode::Append {
                options.listings
            } else {
                0
            };
            (row.get(4), row.get(5), there.max(wanted))
        }
    };
    let seed = former
        .as_ref()
        .map_or(options.seed, |row| row.get::<_, i64>(0).cast_unsigned());
    let fingerprint = catalogue.fingerprint;
    let mut market = Market::new(seed, from, to, catalogue);
    market.adversarial = former
        .as_ref()
        .map_or(options.adversarial, |row| row.get(3));
    match &former {
        None => {
            nothing_there(client, listings).await?;
            note_market(client, &market, listings, fingerprint).await?;
        }
        Some(_) => {
            nobody_else(client).await?;
            client
                .execute(
                    "update ops_data.seed_markets set listings = $1",
                    &[&listings.cast_signed()],
                )
                .await?;
        }
    }
    Ok((market, listings, former.is_none()))
}

async fn note_market(
    client: &Client,
    market: &Market,
    listings: u64,
    fingerprint: u64,
) -> Result<(), Error> {
    client
        .execute(
            "insert into ops_data.seed_markets (
                 seed, opened_at, shown_at, is_adversarial, catalogue, listings, begun_at)
             values ($1, timestamptz '2000-01-01 00:00+00' + $2 * interval '1 microsecond',
                 timestamptz '2000-01-01 00:00+00' + $3 * interval '1 microsecond', $4, $5, $6,
                 clock_timestamp())",
            &[
                &market.seed.cast_signed(),
                &(market.from as f64),
                &(market.to as f64),
                &market.adversarial,
                &fingerprint.cast_signed(),
                &listings.cast_signed(),
            ],
        )
        .await?;
    Ok(())
}

/// Refuses a database in which there is anything, or whose disk is too small when that can be seen from here.
async fn nothing_there(client: &Client, listings: u64) -> Result<(), Error> {
    for table in TABLES {
        let found = client
            .query_opt(&format!("select from {} limit 1", table.relation()), &[])
            .await?;
        if found.is_some() {
            return Err(Error::NotEmpty(table.relation().to_owned()));
        }
    }
    let folder: String = client
        .query_one("select current_setting('data_directory')", &[])
        .await?
        .get(0);
    // A server elsewhere has another disk, or none that can be seen.
    if let Ok(disk) = rustix::fs::statvfs(folder.as_str()) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let wanted = bytes_wanted(listings);
        if free < wanted {
            return Err(Error::Disk {
                wanted_mb: wanted >> 20,
                free_mb: free >> 20,
            });
        }
    }
    Ok(())
}

/// Refuses a database to which others have added people or listings: the numbers that growth would take are taken.
async fn nobody_else(client: &Client) -> Result<(), Error> {
    let parents = [
        "people_data.users",
        "market_data.shops",
        "market_data.listings",
    ];
    for table in TABLES.iter().filter(|table| parents.contains(&table.name)) {
        let there = ledger::there(client, table.name, table.version).await?;
        let end = there.iter().map(|range| range.end).max().unwrap_or(0);
        let found = client
            .query_opt(
                &format!("select from {} as t where t.id > $1 limit 1", table.name),
                &[&end.cast_signed()],
            )
            .await?;
        if found.is_some() {
            return Err(Error::NotEmpty(table.name.to_owned()));
        }
    }
    Ok(())
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
        let is_parent = [
            "people_data.users",
            "market_data.shops",
            "market_data.listings",
        ];
        only.is_empty()
            || only.iter().any(|name| name == table.name)
            || is_parent.contains(&table.name)
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

/// A part of the work.
#[derive(Debug, Clone, Copy)]
enum Task {
    Rows(&'static Table, Range),
    Derive(Derived, Range),
    Rebuild(usize),
    Analyze(&'static str),
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
            let counts = self.progress.of(table.name);
            let wanted = missing.iter().map(|range| range.end - range.first).sum();
            counts.wanted.store(wanted, Ordering::Relaxed);
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
            let counts = self.progress.of(table.name);
            let wanted = missing.iter().map(|range| range.end - range.first).sum();
            counts.wanted.store(wanted, Ordering::Relaxed);
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
        let tasks = (0..indexes.len()).map(Task::Rebuild).collect();
        self.work(tasks, indexes).await?;
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
        is_first: bool,
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
    async fn work(&self, tasks: Vec<Task>, rebuilds: Vec<prepare::Rebuild>) -> Result<(), Error> {
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

struct Worker {
    client: Client,
    market: Arc<Market>,
    progress: Arc<Progress>,
    stop: CancellationToken,
    rebuilds: Arc<Vec<prepare::Rebuild>>,
}

impl Worker {
    async fn run(&mut self, task: Task) -> Result<(), Error> {
        if self.stop.is_cancelled() {
            return Err(Error::Stopped);
        }
        match task {
            Task::Rows(table, range) => self.rows(table, range).await,
            Task::Derive(derived, range) => self.derive(derived, range).await,
            Task::Rebuild(at) => match Arc::clone(&self.rebuilds).get(at) {
                Some(rebuild) => prepare::make(&mut self.client, rebuild).await,
                None => Ok(()),
            },
            Task::Analyze(table) => {
                self.client
                    .batch_execute(&format!("analyze {table}"))
                    .await?;
                Ok(())
            }
        }
    }

    async fn rows(&mut self, table: &'static Table, range: Range) -> Result<(), Error> {
        let since = Instant::now();
        let counts = self.progress.of(table.name);
        let columns = table.columns.join(", ");
        let statement = format!(
            "copy {} ({columns}) from stdin (format binary)",
            table.relation()
        );
        let tx = self.client.transaction().await?;
        let sink: CopyInSink<Bytes> = tx.copy_in(&statement).await?;
        let mut sink = pin!(sink);
        sink.send(Bytes::from_static(&HEADER)).await?;
        let mut rows = Rows::with_capacity(FRAME + FRAME / 4);
        let mut told = 0;
        for number in range.first..range.end {
            (table.write)(&self.market, number, &mut rows);
            if rows.len() >= FRAME {
                if self.stop.is_cancelled() {
                    // Dropped: the server rolls the chunk back.
                    return Err(Error::Stopped);
                }
                let frame = rows.take();
                counts
                    .bytes
                    .fetch_add(frame.len() as u64, Ordering::Relaxed);
                counts
                    .done
                    .fetch_add(number + 1 - range.first - told, Ordering::Relaxed);
                told = number + 1 - range.first;
                sink.send(Bytes::from(frame)).await?;
            }
        }
        let frame = rows.take();
        counts
            .bytes
            .fetch_add(frame.len() as u64, Ordering::Relaxed);
        sink.send(Bytes::from(frame)).await?;
        sink.send(Bytes::from_static(&TRAILER)).await?;
        sink.finish().await?;
        ledger::note(&tx, table.name, table.version, range, rows.counted()).await?;
        tx.commit().await?;
        counts
            .done
            .fetch_add(range.end - range.first - told, Ordering::Relaxed);
        counts.rows.fetch_add(rows.counted().0, Ordering::Relaxed);
        counts
            .busy_us
            .fetch_add(since.elapsed().as_micros() as u64, Ordering::Relaxed);
        Ok(())
    }

    async fn derive(&mut self, derived: Derived, range: Range) -> Result<(), Error> {
        let since = Instant::now();
        let counts = self.progress.of(derived.name);
        let tx = self.client.transaction().await?;
        // Numbers of rows begin with 1.
        let (first, last) = (range.first.cast_signed() + 1, range.end.cast_signed());
        tx.execute(derived.statement, &[&first, &last]).await?;
        ledger::note(&tx, derived.name, 1, range, (0, 0)).await?;
        tx.commit().await?;
        counts
            .done
            .fetch_add(range.end - range.first, Ordering::Relaxed);
        counts
            .busy_us
            .fetch_add(since.elapsed().as_micros() as u64, Ordering::Relaxed);
        Ok(())
    }
}
