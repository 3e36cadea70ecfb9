//! How far a server is ahead of its archive.

use serde::Serialize;
use tokio_postgres::types::PgLsn;

use super::{Archive, SLOT};
use crate::{Error, Source};

/// What a running server says of its WAL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerWal {
    /// Its number for itself.
    pub system_identifier: String,
    /// The timeline that it is on.
    pub timeline: u32,
    /// Up to where it has written.
    pub lsn: String,
    /// The segment in which that is.
    pub segment: String,
    /// `archive_mode`.
    pub archive_mode: String,
    /// `archive_timeout`, in seconds.
    pub archive_timeout: u32,
    /// What is kept for an archiver that works from outside, in bytes; `None` without one.
    pub kept_bytes: Option<u64>,
    /// Whether that archiver is connected.
    pub is_connected: bool,
    /// How often `archive_command` has failed, and with which segment at last.
    pub failures: u64,
    /// The segment that failed last.
    pub last_failed: Option<String>,
    segment_bytes: u64,
}

impl ServerWal {
    /// Bytes of a segment.
    #[must_use]
    pub const fn segment_bytes(&self) -> u64 {
        self.segment_bytes
    }
}

impl Archive {
    /// What a server has written and the archive does not have, in bytes; `None` when it has nothing of that timeline.
    #[must_use]
    pub fn lag_bytes(&self, server: &ServerWal) -> Option<u64> {
        let end = self.last_of(server.timeline)?.end(self.segment_bytes);
        let at: PgLsn = server.lsn.parse().ok()?;
        Some(u64::from(at).saturating_sub(end.into()))
    }
}

/// Asks a server.
///
/// # Errors
/// What the server says.
pub async fn server_wal(source: &Source) -> Result<ServerWal, Error> {
    let row = source
        .connect()
        .await?
        .query_one(
            "select (select c.system_identifier::text from pg_control_system() as c), w.lsn::text, pg_walfile_name(w.lsn),
                 current_setting('archive_mode'),
                 (select s.setting::int from pg_settings as s where s.name = 'archive_timeout'),
                 (select (w.lsn - r.restart_lsn)::bigint from pg_replication_slots as r where r.slot_name = $1),
                 coalesce((select r.active from pg_replication_slots as r where r.slot_name = $1), false),
                 a.failed_count, a.last_failed_wal,
                 (select s.setting::bigint from pg_settings as s where s.name = 'wal_segment_size')
             from (select pg_current_wal_insert_lsn() as lsn) as w, pg_stat_archiver as a",
            &[&SLOT],
        )
        .await
        .map_err(Error::sql("say what it has written"))?;
    let segment: String = row.get(2);
    let digits = segment.get(..8).unwrap_or_default();
    Ok(ServerWal {
        system_identifier: row.get(0),
        timeline: u32::from_str_radix(digits, 16).unwrap_or_default(),
        lsn: row.get(1),
        archive_mode: row.get(3),
        archive_timeout: row.get::<_, i32>(4).unsigned_abs(),
        kept_bytes: row.get::<_, Option<i64>>(5).map(i64::unsigned_abs),
        is_connected: row.get(6),
        failures: row.get::<_, i64>(7).unsigned_abs(),
        last_failed: row.get(8),
        segment_bytes: row.get::<_, i64>(9).unsigned_abs(),
        segment,
    })
}

/// How long a segment stays open where little is written, in seconds; `None`: as the server's own settings have it.
///
/// # Errors
/// What the server says.
pub async fn set_archive_timeout(source: &Source, seconds: Option<u32>) -> Result<(), Error> {
    let client = source.connect().await?;
    let sql = match seconds {
        Some(seconds) => format!("alter system set archive_timeout = {seconds}"),
        None => "alter system reset archive_timeout".to_owned(),
    };
    for sql in [sql.as_str(), "select pg_reload_conf()"] {
        client
            .batch_execute(sql)
            .await
            .map_err(Error::sql("take a setting"))?;
    }
    Ok(())
}
