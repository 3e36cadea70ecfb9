//! A PostgreSQL server that starts by itself.
//!
//! [`Server::start`] finds an installed PostgreSQL (15 or newer), makes a cluster in a folder when
//! there is none, starts it as an unprivileged user and waits until it answers. What is *not* here:
//! roles, databases, migrations (crate `kardan-migrations`), and servers that somebody else runs
//! (give their URL to the programs instead).
//!
//! The folder belongs to one process at a time. It holds
//!
//! | entry      | what it is                                                             |
//! | ---------- | ---------------------------------------------------------------------- |
//! | `pg/`      | the cluster; `pg/kardan.conf` is rewritten at every start              |
//! | `run/`     | the unix socket, closed to other users                                 |
//! | `log/`     | `server.log` of this start and `server.log.old` of the one before      |
//! | `lock`     | held while the server runs; says by which process                      |
//! | `port`     | the TCP port of the last start                                         |
//! | `password` | of the superuser over TCP; mode 0600                                   |
//!
//! The unix socket trusts whoever can open it, which is the server's user and root: the folder has
//! mode 0700. TCP listens on 127.0.0.1 only and asks for the password (SCRAM).

mod account;
mod client;
mod cluster;
mod config;
mod error;
mod folder;
mod install;
mod launch;
mod lock;
mod log;
mod orphan;
mod port;
mod postmaster;
mod remove;
mod secret;
mod server;
mod settings;
mod socket;

pub use config::Config;
pub use error::Error;
pub use folder::place;
pub use install::{Installation, OLDEST_MAJOR, require_extension};
pub use remove::remove;
pub use secret::SecretUrl;
pub use server::Server;
