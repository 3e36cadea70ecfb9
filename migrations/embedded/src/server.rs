//! The server as callers see it: start, addresses, stop.

use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::client::{self, Facts};
use crate::folder::Folder;
use crate::install::Installation;
use crate::lock::Lock;
use crate::postmaster::Postmaster;
use crate::socket::SocketDir;
use crate::{Config, Error, SecretUrl, cluster, launch, orphan, port, settings, socket};

/// A running PostgreSQL server of this process.
///
/// It ends with [`Server::stop`], with a drop (which waits for it), and with this process, however
/// that ends.
pub struct Server {
    // Dropped in this order: the lock must outlive the process it stands for.
    postmaster: Postmaster,
    folder: Folder,
    socket_dir: SocketDir,
    port: u16,
    facts: Facts,
    fresh: bool,
    preloaded: Vec<String>,
    installation: Installation,
    _lock: Lock,
}

impl Server {
    /// Starts the server of a data folder, making the cluster when there is none, and returns when
    /// it accepts connections. A server that a killed process left in the folder is stopped first.
    ///
    /// # Errors
    /// Every variant of [`Error`] but [`Error::ExtensionMissing`]; the folder can be used again
    /// after each of them.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let begun = Instant::now();
        let installation = Installation::find(config.bin_dir.as_deref())?;
        let folder = Folder::choose(&config.data_dir)?;
        folder.create()?;
        let lock = Lock::take(&folder)?;
        let fresh = !cluster::exists(&folder, &installation)?;
        orphan::clear(&folder.pg()).await?;
        // Known before a cluster is made for nothing.
        port::choose(config.port, &folder)?;
        folder.create_log_dir()?;
        let socket_dir = socket::create(&folder)?;
        if fresh {
            cluster::make(&folder, &installation, &config).await?;
        } else {
            folder.take_over_cluster()?;
        }
        let preloaded = settings::installed(&config.preload, &installation);
        let (postmaster, port) =
            launch::launch(&folder, &installation, &config, &preloaded).await?;
        let facts = client::settle(&folder, port).await?;
        tracing::info!(
            server.port = port, server.version = facts.version, server.fresh = fresh,
            start.ms = begun.elapsed().as_millis(), folder = %folder.root.display(),
            "PostgreSQL is ready"
        );
        Ok(Self {
            postmaster,
            folder,
            socket_dir,
            port,
            facts,
            fresh,
            preloaded,
            installation,
            _lock: lock,
        })
    }

    /// Address of a database over the unix socket as the superuser `postgres`.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_as("postgres", database)
    }

    /// Address of a database over the unix socket as any role that may log in; no password asked.
    #[must_use]
    pub fn url_as(&self, role: &str, database: &str) -> String {
        let (role, database) = (encode(role), encode(database));
        let host = encode(&self.socket_dir.path.to_string_lossy());
        format!("postgresql://{role}@{host}:{}/{database}", self.port)
    }

    /// Address of a database on 127.0.0.1 as the superuser, with its password: for people's tools.
    #[must_use]
    pub fn tcp_url(&self, database: &str) -> SecretUrl {
        let (password, port) = (&self.facts.password, self.port);
        let database = encode(database);
        SecretUrl::new(format!(
            "postgresql://postgres:{password}@127.0.0.1:{port}/{database}"
        ))
    }

    /// `server_version_num`, such as 150018.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.facts.version
    }

    /// The TCP port, which is also part of the socket's name.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the unix socket, closed to other users.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir.path
    }

    /// The folder in use: the one asked for, or for root the one that stands for it under
    /// `/var/lib/kardan` because the server's user could not enter it.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.folder.root
    }

    /// The log of this start.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.folder.log_file()
    }

    /// Whether this start made the cluster.
    #[must_use]
    pub fn fresh(&self) -> bool {
        self.fresh
    }

    /// The libraries that were preloaded, of those asked for.
    #[must_use]
    pub fn preloaded(&self) -> &[String] {
        &self.preloaded
    }

    /// The programs in use, for `pg_dump` and the like, and for asking about extensions.
    #[must_use]
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Number of the server's main process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.postmaster.pid()
    }

    /// Stops the server: running transactions are rolled back, sessions closed, data written.
    ///
    /// # Errors
    /// [`Error::DoesNotStop`].
    pub async fn stop(mut self) -> Result<(), Error> {
        self.postmaster.stop().await
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("data_dir", &self.folder.root)
            .field("port", &self.port)
            .field("version", &self.facts.version)
            .field("pid", &self.postmaster.pid())
            .finish_non_exhaustive()
    }
}

/// Percent-encodes everything but letters and digits that may stand anywhere in a URL.
fn encode(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            // Writing into a String cannot fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}
