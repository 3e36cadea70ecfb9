//! PostgreSQL's own programs, of the version that made the backup.

use std::path::Path;

use kardan_embedded::Installation;

use crate::Error;

/// Those in this folder, or those that Debian installs for the version.
pub fn of(server_version: u32, bin_dir: Option<&Path>) -> Result<Installation, Error> {
    let major = server_version / 10_000;
    let usual = format!("/usr/lib/postgresql/{major}/bin");
    let usual = Path::new(&usual);
    let found =
        Installation::find(bin_dir.or_else(|| usual.join("postgres").is_file().then_some(usual)))?;
    if found.major() == major {
        return Ok(found);
    }
    Err(Error::Unfit(format!(
        "this takes PostgreSQL {major}, and the programs in {} are of {}: apt install postgresql-{major}",
        found.bin_dir().display(),
        found.major()
    )))
}
