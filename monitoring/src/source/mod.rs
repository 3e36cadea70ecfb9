//! Data sources: which servers are asked, from the variables `DATA_SOURCE_*` and from `/probe`, and how they are reached.

mod key_value;
mod target;
mod tls;
mod variables;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub use target::configure as configure_target;
pub use tls::connector;
pub(crate) use tls::{certificates, private_key};
pub use variables::{Source, from_environment};

use crate::Error;

/// How a connection is secured, as libpq names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Never.
    Disable,
    /// When the server offers it; the certificate is not looked at.
    Prefer,
    /// Always; the certificate is looked at when a root certificate is named.
    #[default]
    Require,
    /// Always, and the certificate is signed by a known authority.
    VerifyCa,
    /// Always, and the certificate is this host's.
    VerifyFull,
}

/// One server with a database, parsed.
#[derive(Clone)]
pub struct Dsn {
    /// What tokio-postgres needs.
    pub config: tokio_postgres::Config,
    /// How the connection is secured.
    pub ssl: SslMode,
    /// Certificates of authorities; the system's when it is not named.
    pub root_certificate: Option<PathBuf>,
    /// A certificate of ours with its key.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// `host:port`, the value of the label `server`.
    pub server: String,
    /// The text without a password: what may be logged, and what one data source is told apart by.
    pub shown: String,
    /// A digest of the whole text, password included: what one data source is told apart by.
    pub key: [u8; 32],
}

impl fmt::Debug for Dsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The longest time a connection may take when the data source does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

impl Dsn {
    /// Reads a URL or `key=value` pairs as `lib/pq`, upstream's driver, does: TLS is required over TCP unless `sslmode` says
    /// otherwise, and what is no parameter of the connection is a setting of the session.
    ///
    /// # Errors
    /// When it is neither, or a parameter cannot be understood; the error names the parameter and never shows a password.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_with(text, SslMode::default())
    }

    /// The same, with another mode where the text names none.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_with(text: &str, ssl: SslMode) -> Result<Self, Error> {
        let pairs = if is_url(text) {
            key_value::of_url(text)?
        } else {
            key_value::of_pairs(text)?
        };
        Self::of(pairs, ssl)
    }

    /// The same server, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        let mut dsn = self.clone();
        dsn.config.dbname(database);
        dsn.key = digest(&[&hex(&self.key), database]);
        dsn.shown = format!("{}/{database}", self.server);
        dsn
    }

    fn of(pairs: Vec<(String, String)>, ssl: SslMode) -> Result<Self, Error> {
        let mut parts = Parts::default();
        for (name, value) in key_value::from_environment()
            .into_iter()
            .chain(pairs.clone())
        {
            parts.set(&name, value)?;
        }
        let text: Vec<_> = pairs
            .iter()
            .flat_map(|(n, v)| [n.as_str(), v.as_str()])
            .collect();
        parts.finish(digest(&text), ssl)
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("postgresql://") || text.starts_with("postgres://")
}

fn digest(parts: &[&str]) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// What has been said about a connection so far; a later word wins.
#[derive(Default)]
struct Parts {
    host: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    ssl: Option<SslMode>,
    root_certificate: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    connect_timeout: Option<Duration>,
    application: Option<String>,
    settings: Vec<String>,
}

impl Parts {
    fn set(&mut self, name: &str, value: String) -> Result<(), Error> {
        let wrong = |what: &str| Error::Source(format!("{name}={value}: {what}"));
        match name {
            "host" => self.host = Some(value),
            "port" => self.port = Some(value.parse().map_err(|_| wrong("no port"))?),
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            "dbname" => self.database = Some(value),
            "sslmode" => {
                self.ssl = Some(ssl_mode(&value).ok_or_else(|| {
                    wrong("use disable, prefer, require, verify-ca or verify-full")
                })?)
            }
            "sslrootcert" => self.root_certificate = Some(value.into()),
            "sslcert" => self.certificate = Some(value.into()),
            "sslkey" => self.key = Some(value.into()),
            "connect_timeout" => {
                let seconds: u64 = value.parse().map_err(|_| wrong("no number of seconds"))?;
                self.connect_timeout = (seconds > 0).then(|| Duration::from_secs(seconds));
            }
            "application_name" => self.application = Some(value),
            "fallback_application_name" => {
                self.application.get_or_insert(value);
            }
            "options" => self.settings.push(value),
            "sslsni" | "sslinline" | "passfile" | "krbspn" | "krbsrvname" | "service" => {
                return Err(wrong("this parameter is not supported"));
            }
            other => self.settings.push(setting(other, &value).ok_or_else(|| {
                wrong("the name of a setting has letters, digits, dots and underscores")
            })?),
        }
        Ok(())
    }

    fn finish(self, key: [u8; 32], ssl: SslMode) -> Result<Dsn, Error> {
        let mut config = tokio_postgres::Config::new();
        let host = self.host.unwrap_or_else(|| "localhost".to_owned());
        let port = self.port.unwrap_or(5432);
        let is_local = host.starts_with('/');
        let user = match self.user {
            Some(user) => user,
            None => std::env::var("USER").unwrap_or_else(|_| "postgres".to_owned()),
        };
        config.host(&host).port(port).user(&user);
        if let Some(password) = self.password {
            config.password(password);
        }
        let database = self.database.unwrap_or_else(|| user.clone());
        config.dbname(&database);
        config.connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT));
        config.application_name(self.application.as_deref().unwrap_or("kardan exporter"));
        if !self.settings.is_empty() {
            config.options(self.settings.join(" "));
        }
        let ssl = if is_local {
            SslMode::Disable
        } else {
            self.ssl.unwrap_or(ssl)
        };
        config.ssl_mode(match ssl {
            SslMode::Disable => tokio_postgres::config::SslMode::Disable,
            SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
            _ => tokio_postgres::config::SslMode::Require,
        });
        let identity = match (self.certificate, self.key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(Error::Source("sslcert and sslkey come together".to_owned())),
        };
        let server = format!("{host}:{port}");
        Ok(Dsn {
            config,
            ssl,
            root_certificate: self.root_certificate,
            identity,
            shown: format!("{user}@{server}/{database}"),
            server,
            key,
        })
    }
}

fn ssl_mode(text: &str) -> Option<SslMode> {
    Some(match text {
        "disable" => SslMode::Disable,
        "allow" | "prefer" => SslMode::Prefer,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => return None,
    })
}

/// A setting as the startup message carries it: blanks and backslashes are escaped.
fn setting(name: &str, value: &str) -> Option<String> {
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    is_name.then(|| {
        let value = value.replace('\\', "\\\\").replace(' ', "\\ ");
        format!("-c {name}={value}")
    })
}

#[cfg(test)]
mod tests;
