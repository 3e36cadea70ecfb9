//! The target of a `/probe` with its authentication module.

use super::{Dsn, SslMode, is_url, key_value};
use crate::Error;
use crate::config_file::AuthModule;

/// A target is a URL, `key=value` pairs, or a bare `host:port/database`; user and password of the module win, and its
/// options too.
///
/// # Errors
/// When the target cannot be understood.
pub fn configure(target: &str, module: Option<&AuthModule>) -> Result<Dsn, Error> {
    let mut pairs = if is_url(target) {
        key_value::of_url(target)?
    } else if let Ok(pairs) = key_value::of_pairs(target) {
        pairs
    } else {
        key_value::of_url(&format!("postgresql://{target}"))?
    };
    if let Some(module) = module {
        let login = module
            .userpass
            .as_ref()
            .filter(|_| module.kind == "userpass");
        let words = login
            .into_iter()
            .flat_map(|login| [("user", &login.username), ("password", &login.password)]);
        for (name, value) in words.chain(module.options.iter().map(|(n, v)| (n.as_str(), v))) {
            if !value.is_empty() {
                pairs.retain(|(have, _)| have != name);
                pairs.push((name.to_owned(), value.clone()));
            }
        }
    }
    Dsn::of(pairs, SslMode::default())
}
