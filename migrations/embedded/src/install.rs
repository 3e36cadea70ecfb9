//! Finding an installed PostgreSQL and asking it what it has. Nothing is installed here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// The oldest major version that the product runs on.
pub const OLDEST_MAJOR: u32 = 15;

/// Where Debian keeps its versions, one folder each.
const DEBIAN: &str = "/usr/lib/postgresql";

/// An installed PostgreSQL server.
#[derive(Debug, Clone)]
pub struct Installation {
    bin_dir: PathBuf,
    major: u32,
    extension_dir: PathBuf,
    library_dir: PathBuf,
}

impl Installation {
    /// Uses `bin_dir` when given, else the folder in `KARDAN_PG_BIN`, else the first of
    /// `pg_config --bindir` and the highest version under `/usr/lib/postgresql` that has a server.
    ///
    /// # Errors
    /// [`Error::NoPostgres`], [`Error::TooOld`], [`Error::BrokenProgram`].
    pub fn find(bin_dir: Option<&Path>) -> Result<Self, Error> {
        let chosen = bin_dir.map(Path::to_path_buf).or_else(|| {
            env::var_os("KARDAN_PG_BIN")
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        });
        let looked = chosen.map_or_else(usual_places, |dir| vec![dir]);
        let Some(bin_dir) = looked.iter().find(|dir| has_server(dir)).cloned() else {
            return Err(Error::NoPostgres { looked });
        };
        let version = ask(&bin_dir.join("postgres"), "--version")?;
        let version = version_word(&version);
        let major = leading_number(version).ok_or_else(|| Error::BrokenProgram {
            program: bin_dir.join("postgres"),
            detail: format!("its version reads `{version}`"),
            source: None,
        })?;
        if major < OLDEST_MAJOR {
            return Err(Error::TooOld {
                bin_dir,
                version: version.to_owned(),
            });
        }
        let config = bin_dir.join("pg_config");
        let said = |flag| {
            ask(&config, flag)
                .ok()
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from)
        };
        let near = |name: &str| bin_dir.parent().unwrap_or(&bin_dir).join(name);
        let share = said("--sharedir").unwrap_or_else(|| near("share"));
        let library_dir = said("--pkglibdir").unwrap_or_else(|| near("lib"));
        Ok(Self {
            bin_dir,
            major,
            extension_dir: share.join("extension"),
            library_dir,
        })
    }

    /// The folder of the programs.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.bin_dir
    }

    /// Major version, such as 15.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Looks for the control file of an extension, so that a missing one is named before
    /// `create extension` fails in the middle of something.
    ///
    /// # Errors
    /// [`Error::ExtensionMissing`] with the Debian package to install.
    pub fn require_extension(&self, name: &str) -> Result<(), Error> {
        if self.extension_dir.join(format!("{name}.control")).is_file() {
            return Ok(());
        }
        Err(Error::ExtensionMissing {
            name: name.to_owned(),
            package: debian_package(self.major, name),
            major: self.major,
            looked: self.extension_dir.clone(),
        })
    }

    /// Whether a library for `shared_preload_libraries` is installed.
    pub(crate) fn has_library(&self, name: &str) -> bool {
        let file = |suffix| self.library_dir.join(format!("{name}.{suffix}")).is_file();
        file("so") || file("dylib")
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }
}

/// [`Installation::require_extension`] for a caller that has only the folder of the programs
/// (`None`: discovery).
///
/// # Errors
/// [`Error::ExtensionMissing`], and those of [`Installation::find`].
pub fn require_extension(bin_dir: Option<&Path>, name: &str) -> Result<(), Error> {
    Installation::find(bin_dir)?.require_extension(name)
}

fn usual_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Ok(dir) = ask(Path::new("pg_config"), "--bindir") {
        places.push(PathBuf::from(dir));
    }
    let mut versions: Vec<u32> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    places.extend(
        versions
            .iter()
            .map(|major| format!("{DEBIAN}/{major}/bin").into()),
    );
    if places.is_empty() {
        places.push(DEBIAN.into());
    }
    places
}

fn has_server(dir: &Path) -> bool {
    dir.join("postgres").is_file() && dir.join("initdb").is_file()
}

/// Runs a program with one flag and gives its trimmed standard output.
fn ask(program: &Path, flag: &str) -> Result<String, Error> {
    let broken = |detail: String, source| Error::BrokenProgram {
        program: program.to_path_buf(),
        detail,
        source,
    };
    let output = Command::new(program)
        .arg(flag)
        .output()
        .map_err(|e| broken("it cannot be run".to_owned(), Some(e)))?;
    if !output.status.success() {
        return Err(broken(
            format!("`{flag}` ended with {}", output.status),
            None,
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` -> `15.18`.
fn version_word(line: &str) -> &str {
    let after = line
        .split_once("(PostgreSQL)")
        .map_or(line, |(_, rest)| rest);
    after.split_whitespace().next().unwrap_or("")
}

/// `15.18`, `16beta1` and `17devel` all begin with their major version.
fn leading_number(version: &str) -> Option<u32> {
    let end = version
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(version.len());
    version.get(..end)?.parse().ok()
}

/// Debian names a package after the project; the extensions of PostgreSQL itself come with the
/// server.
fn debian_package(major: u32, extension: &str) -> String {
    const WITH_SERVER: [&str; 16] = [
        "amcheck",
        "bloom",
        "btree_gin",
        "btree_gist",
        "citext",
        "cube",
        "earthdistance",
        "hstore",
        "ltree",
        "pg_stat_statements",
        "pg_trgm",
        "pgcrypto",
        "pgrowlocks",
        "pgstattuple",
        "postgres_fdw",
        "unaccent",
    ];
    if WITH_SERVER.contains(&extension) {
        return format!("postgresql-{major}");
    }
    let name = extension
        .strip_prefix("pg_")
        .unwrap_or(extension)
        .replace('_', "-");
    format!("postgresql-{major}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_the_server_says() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)";
        assert_eq!(version_word(debian), "15.18");
        assert_eq!(leading_number("15.18"), Some(15));
        assert_eq!(
            leading_number(version_word("postgres (PostgreSQL) 17beta1")),
            Some(17)
        );
        assert_eq!(leading_number("nonsense"), None);
    }

    #[test]
    fn a_missing_extension_names_the_package_that_debian_has() {
        assert_eq!(debian_package(15, "pg_partman"), "postgresql-15-partman");
        assert_eq!(debian_package(15, "pg_cron"), "postgresql-15-cron");
        assert_eq!(
            debian_package(17, "plpgsql_check"),
            "postgresql-17-plpgsql-check"
        );
        assert_eq!(debian_package(15, "pg_trgm"), "postgresql-15");
    }
}
