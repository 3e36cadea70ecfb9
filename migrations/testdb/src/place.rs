//! Where the test servers keep their clusters.

use std::env;
use std::path::{Path, PathBuf};

/// Memory, on Linux. A test makes and drops some 650 files; on ext4 the numbers of deleted files are kept back for a while and
/// passed over one by one, so that under many tests the making of a database takes seconds instead of milliseconds.
const MEMORY: &str = "/dev/shm";
/// So much must be free there; containers often have 64 MB.
const WANTED_BYTES: u64 = 3 << 30;

/// `KARDAN_TESTDB_DIR`, else a folder in memory when there is room, else one under the user's cache.
pub(crate) fn base() -> PathBuf {
    if let Some(chosen) = env::var_os("KARDAN_TESTDB_DIR").filter(|v| !v.is_empty()) {
        return PathBuf::from(chosen);
    }
    let folder = Path::new(MEMORY).join(format!(
        "kardan-testdb-{}",
        rustix::process::geteuid().as_raw()
    ));
    // What lies there already was made when there was room.
    if folder.is_dir() || free_bytes(Path::new(MEMORY)) >= WANTED_BYTES {
        return folder;
    }
    cache().join("kardan/testdb")
}

fn free_bytes(folder: &Path) -> u64 {
    rustix::fs::statvfs(folder).map_or(0, |s| s.f_bavail.saturating_mul(s.f_frsize))
}

fn cache() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .unwrap_or_else(env::temp_dir)
}
