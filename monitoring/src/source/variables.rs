//! The variables `DATA_SOURCE_NAME`, or `DATA_SOURCE_URI` with `_USER` and `_PASS`, each also as `…_FILE`.

use std::fmt;
use std::path::PathBuf;

use super::Dsn;
use crate::Error;

/// What an operator says about the data source.
#[derive(Clone, Default, clap::Args)]
pub struct Source {
    /// Servers as URLs or key=value pairs, separated by commas. Wins over the variables DATA_SOURCE_URI, _USER and _PASS
    #[arg(
        long = "data-source",
        env = "DATA_SOURCE_NAME",
        hide_env_values = true,
        value_name = "DSN"
    )]
    pub name: Option<String>,
    /// The server without user and password, for example db:5432/postgres?sslmode=disable
    #[arg(long = "data-source-uri", env = "DATA_SOURCE_URI", value_name = "URI")]
    pub uri: Option<String>,
    /// A file that holds the server
    #[arg(
        long = "data-source-uri-file",
        env = "DATA_SOURCE_URI_FILE",
        value_name = "FILE"
    )]
    pub uri_file: Option<PathBuf>,
    /// The user
    #[arg(
        long = "data-source-user",
        env = "DATA_SOURCE_USER",
        value_name = "NAME"
    )]
    pub user: Option<String>,
    /// A file that holds the user
    #[arg(
        long = "data-source-user-file",
        env = "DATA_SOURCE_USER_FILE",
        value_name = "FILE"
    )]
    pub user_file: Option<PathBuf>,
    /// The password; only from the environment, so that no list of processes shows it
    #[arg(skip = password())]
    pub password: Option<String>,
    /// A file that holds the password
    #[arg(
        long = "data-source-pass-file",
        env = "DATA_SOURCE_PASS_FILE",
        value_name = "FILE"
    )]
    pub password_file: Option<PathBuf>,
}

fn password() -> Option<String> {
    std::env::var("DATA_SOURCE_PASS").ok()
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source(hidden)")
    }
}

/// The data sources, in order; none when nothing was said, for `/probe` alone.
///
/// # Errors
/// When a file cannot be read or a source cannot be understood.
pub fn from_environment(source: &Source) -> Result<Vec<Dsn>, Error> {
    if let Some(name) = source.name.as_deref().filter(|n| !n.is_empty()) {
        return name.split(',').map(Dsn::parse).collect();
    }
    let uri = read(source.uri_file.as_ref(), source.uri.as_deref())?;
    if uri.is_empty() {
        return Ok(Vec::new());
    }
    let user = read(source.user_file.as_ref(), source.user.as_deref())?;
    let password = read(source.password_file.as_ref(), source.password.as_deref())?;
    let encode = |text: &str| -> String {
        // A URL's user and password may hold none of the characters that divide it.
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect()
    };
    let login = match (user.is_empty(), password.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("{}@", encode(&user)),
        (_, false) => format!("{}:{}@", encode(&user), encode(&password)),
    };
    Ok(vec![Dsn::parse(&format!("postgresql://{login}{uri}"))?])
}

/// A file wins over the value.
fn read(file: Option<&PathBuf>, value: Option<&str>) -> Result<String, Error> {
    let Some(path) = file.filter(|p| !p.as_os_str().is_empty()) else {
        return Ok(value.unwrap_or_default().to_owned());
    };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(source) => Err(Error::File {
            what: "data source",
            path: path.clone(),
            source,
        }),
    }
}
