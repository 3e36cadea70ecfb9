//! The configuration file `--config.file`: authentication modules for `/probe`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::Error;
use crate::error::read_yaml;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Modules by the name that `auth_module=` gives.
    #[serde(default)]
    pub auth_modules: BTreeMap<String, AuthModule>,
}

/// How to sign in at a target.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthModule {
    /// `userpass`, the only type there is.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// User and password.
    #[serde(default)]
    pub userpass: Option<UserPass>,
    /// Further parameters of the connection, as in a data source.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
}

/// User and password.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserPass {
    /// The user.
    #[serde(default)]
    pub username: String,
    /// The password.
    #[serde(default)]
    pub password: String,
}

impl fmt::Debug for UserPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserPass")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Reads the file.
///
/// # Errors
/// When it cannot be read or has a mistake; names line and column.
pub fn read(path: &Path) -> Result<ConfigFile, Error> {
    read_yaml("configuration file", path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::parse_yaml;

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let path = Path::new("postgres_exporter.yml");
        for (text, said) in [
            (
                "auth_modules:\n  foo:\n    pretendauth:\n      username: test\n",
                "pretendauth",
            ),
            (
                "auth_modules:\n  foo:\n    type: userpass\n    doesNotExist: test\n",
                "doesNotExist",
            ),
            ("auth_modules: [\n", ""),
        ] {
            let error = parse_yaml::<ConfigFile>(text, path)
                .unwrap_err()
                .to_string();
            assert!(error.contains(said) && error.contains("line"), "{error}");
            assert!(error.starts_with("postgres_exporter.yml: "), "{error}");
        }
    }
}
