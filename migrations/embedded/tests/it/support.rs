//! Folders, connections and processes for the tests. No assertions here.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kardan_embedded::{Config, Error, Server};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A folder that the server's user can enter, also when root runs the tests.
pub fn open_folder() -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix("kardan-it-")
        .tempdir()
        .unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says why a part is left out; for tests that need root.
pub fn needs_root(what: &str) -> bool {
    if !is_root() {
        eprintln!("left out: only root can {what}");
    }
    is_root()
}

pub async fn start(data_dir: impl Into<PathBuf>) -> Server {
    Server::start(Config::for_tests(data_dir))
        .await
        .expect("the server starts")
}

/// The error of a start that must fail.
pub async fn refused(config: Config) -> Error {
    Server::start(config)
        .await
        .expect_err("the start must fail")
}

pub async fn connect(url: &str) -> Client {
    try_connect(url).await.expect("the server accepts the URL")
}

pub async fn try_connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// One value as text.
pub async fn value(client: &Client, sql: &str) -> String {
    client.query_one(sql, &[]).await.expect(sql).get(0)
}

/// Looks every few milliseconds until the condition holds, at most 20 seconds.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not happen in 20 s");
        std::thread::yield_now();
    }
}

pub fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state follows the name in parentheses; a zombie has ended.
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

pub fn kill(pid: u32, signal: &str) {
    // The shell's own: a minimal system has no program of this name.
    let status = Command::new("sh")
        .args(["-c", &format!("kill {signal} {pid}")])
        .status()
        .unwrap();
    assert!(status.success(), "kill {signal} {pid}");
}

/// Starts a bare `postgres` on a cluster, as its owner and without this crate: what is left when
/// nobody holds the lock any more.
pub fn bare_postgres(pg: &Path, bin_dir: &Path) -> Child {
    let owner = std::fs::metadata(pg).unwrap();
    let mut command = Command::new(bin_dir.join("postgres"));
    command
        .arg("-D")
        .arg(pg)
        .current_dir("/")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    let child = command.spawn().unwrap();
    let file = pg.join("postmaster.pid");
    let ready = format!("{}\n", child.id());
    eventually("the bare server's start", || {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        text.starts_with(&ready) && text.contains("ready")
    });
    child
}

/// A small file system of its own, unmounted on drop. Root only.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    pub fn mount(options: &str) -> Self {
        let folder = open_folder();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "kardan-test"])
            .arg(folder.path())
            .status()
            .unwrap();
        assert!(status.success(), "mount -t tmpfs");
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn remount(&self, options: &str) {
        let option = format!("remount,{options}");
        let status = Command::new("mount")
            .args(["-o", &option])
            .arg(self.path())
            .status()
            .unwrap();
        assert!(status.success(), "mount -o {option}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
