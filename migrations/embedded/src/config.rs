//! What a caller may choose about the server. Nothing is read from the environment here; the
//! discovery of PostgreSQL in `install.rs` reads `KARDAN_PG_BIN` and `PATH`.

use std::path::PathBuf;
use std::time::Duration;

/// How to start a [`Server`](crate::Server).
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder for everything the server keeps; made when absent. A relative path is taken from
    /// the current folder.
    pub data_dir: PathBuf,
    /// TCP port on 127.0.0.1. `None`: the port of the last start if it is free, else a free one.
    pub port: Option<u16>,
    /// The folder with `postgres` and `initdb`. `None`: discovery, see
    /// [`Installation::find`](crate::Installation::find).
    pub bin_dir: Option<PathBuf>,
    /// `false` switches off everything that survives a power cut (`fsync`, `full_page_writes`,
    /// `synchronous_commit`). Only for data that may be lost, such as tests'.
    pub durable: bool,
    /// Further lines of `postgresql.conf` as name and plain value (quoted here). They win over the
    /// settings of this crate.
    pub settings: Vec<(String, String)>,
    /// Libraries for `shared_preload_libraries`. One that is not installed is left out with a
    /// warning; [`Server::preloaded`](crate::Server::preloaded) says what remained.
    pub preload: Vec<String>,
    /// How long the server may take until it answers. Recovery after a crash is part of it.
    pub start_timeout: Duration,
}

impl Config {
    /// A durable server in `data_dir` with the port of its last start, the newest PostgreSQL found,
    /// `pg_stat_statements` and `pg_cron` preloaded, and two minutes to start.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            port: None,
            bin_dir: None,
            durable: true,
            settings: Vec::new(),
            preload: vec!["pg_stat_statements".to_owned(), "pg_cron".to_owned()],
            start_timeout: Duration::from_secs(120),
        }
    }

    /// The same folder for tests: not durable, nothing preloaded.
    pub fn for_tests(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            durable: false,
            preload: Vec::new(),
            ..Self::new(data_dir)
        }
    }
}
