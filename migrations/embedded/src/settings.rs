//! The settings of the server: what is written into `pg/kardan.conf` at each start, so that they
//! can change over time without touching `postgresql.conf` beyond one `include` line.
//! `alter system` still wins over everything here.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::folder::{self, Folder};
use crate::install::Installation;
use crate::{Config, Error, socket};

const FILE: &str = "kardan.conf";
const INCLUDE: &str = "include = 'kardan.conf'";

/// For a machine of two cores and a few gigabytes. Everything else is PostgreSQL's own default.
const BASE: [(&str, &str); 24] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_permissions", "0700"),
    ("shared_buffers", "256MB"),
    ("effective_cache_size", "1GB"),
    ("work_mem", "16MB"),
    ("maintenance_work_mem", "128MB"),
    ("max_wal_size", "2GB"),
    // Dozens of partitions in one transaction, and a pg_dump of all of them.
    ("max_locks_per_transaction", "256"),
    ("max_worker_processes", "16"),
    // Copies of the running server are taken through the replication protocol.
    ("wal_level", "replica"),
    ("wal_compression", "on"),
    ("random_page_cost", "1.1"),
    // Short statements of functions: compiling them costs more than it saves.
    ("jit", "off"),
    ("track_io_timing", "on"),
    ("track_functions", "pl"),
    ("password_encryption", "scram-sha-256"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    // English, because a failed start is recognised by its text.
    ("lc_messages", "C"),
    ("log_destination", "stderr"),
    // The caller keeps standard error in log/server.log.
    ("logging_collector", "off"),
    ("log_line_prefix", "%m [%p] %q%u@%d "),
    ("log_min_duration_statement", "1s"),
    ("log_lock_waits", "on"),
];

/// For data that may be lost.
const FLEETING: [(&str, &str); 3] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
];

/// The libraries of the wish list that are installed; each absent one is warned of.
pub(crate) fn installed(wanted: &[String], install: &Installation) -> Vec<String> {
    let (found, absent): (Vec<_>, Vec<_>) = wanted
        .iter()
        .cloned()
        .partition(|name| install.has_library(name));
    for name in absent {
        tracing::warn!(
            library = name,
            postgres.major = install.major(),
            "a library to preload is not installed, the server starts without it"
        );
    }
    found
}

/// Writes the settings of this start and makes sure that the server reads them.
pub(crate) fn write(
    folder: &Folder,
    config: &Config,
    port: u16,
    preload: &[String],
) -> Result<(), Error> {
    let text = render(config, port, &socket::place(folder), preload);
    folder::replace(&folder.pg().join(FILE), &text, 0o600, Some(folder.account))?;
    let main = folder.pg().join("postgresql.conf");
    let mut text = fs::read_to_string(&main).map_err(|e| Error::file("read", &main, e))?;
    if text.lines().any(|line| line.trim() == INCLUDE) {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(INCLUDE);
    text.push('\n');
    folder::replace(&main, &text, 0o600, Some(folder.account))
}

fn render(config: &Config, port: u16, socket_dir: &Path, preload: &[String]) -> String {
    let mut text = String::from(
        "# Written by Kardan at every start: changes here are lost. Use `alter system`.\n",
    );
    // The list of folders is split at commas unless a name is in double quotes.
    let socket_dir = format!("\"{}\"", socket_dir.display());
    line(&mut text, "port", &port.to_string());
    line(&mut text, "unix_socket_directories", &socket_dir);
    for (name, value) in BASE {
        line(&mut text, name, value);
    }
    if !config.durable {
        for (name, value) in FLEETING {
            line(&mut text, name, value);
        }
    }
    line(&mut text, "shared_preload_libraries", &preload.join(","));
    if preload.iter().any(|name| name == "pg_cron") {
        line(&mut text, "cron.database_name", "kardan");
        // Through the socket its jobs need no password.
        line(&mut text, "cron.host", socket_dir.trim_matches('"'));
    }
    if preload.iter().any(|name| name == "pg_stat_statements") {
        // The work is done inside functions.
        line(&mut text, "pg_stat_statements.track", "all");
    }
    for (name, value) in &config.settings {
        line(&mut text, name, value);
    }
    text
}

fn line(text: &mut String, name: &str, value: &str) {
    let value = value
        .replace('\\', "\\\\")
        .replace('\'', "''")
        .replace('\n', "\\n");
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{name} = '{value}'");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_so_that_it_stays_one_value() {
        let mut text = String::new();
        line(&mut text, "search_path", "it's a \\ and\na line");
        assert_eq!(text, "search_path = 'it''s a \\\\ and\\na line'\n");
    }

    #[test]
    fn the_callers_settings_come_last_and_cron_only_with_its_library() {
        let mut config = Config::new("x");
        config.settings = vec![("jit".to_owned(), "on".to_owned())];
        let with = render(
            &config,
            5433,
            Path::new("/run/a, b"),
            &["pg_cron".to_owned()],
        );
        assert!(
            with.contains("unix_socket_directories = '\"/run/a, b\"'"),
            "{with}"
        );
        assert!(with.contains("cron.database_name = 'kardan'"), "{with}");
        assert!(
            with.rfind("jit = 'on'") > with.rfind("jit = 'off'"),
            "{with}"
        );
        assert!(!with.contains("fsync"), "{with}");
        config.durable = false;
        let without = render(&config, 5433, Path::new("/run"), &[]);
        assert!(!without.contains("cron."), "{without}");
        assert!(without.contains("fsync = 'off'"), "{without}");
    }
}
