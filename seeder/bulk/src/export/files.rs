//! The folder of an export: empty at first, in the end with a file that says how the others are read.

use std::io::Write as _;
use std::path::Path;

use super::{Exported, Format};
use crate::Error;
use crate::market::Market;
use crate::prepare::partitions;
use crate::tables::partitioned;

/// Makes the folder, or finds it empty.
pub fn prepare(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    match std::fs::read_dir(folder)?.next() {
        Some(_) => Err(Error::FolderNotEmpty(folder.to_owned())),
        None => Ok(()),
    }
}

/// The file of a table; the number is its place among the others, parents first.
pub fn name_of(place: usize, table: &str, format: Format) -> String {
    let table = table.replace('/', ".");
    format!("{place:02}-{table}.{}", format.extension())
}

/// A script that reads all files into an empty database, for `psql` in the folder; Parquet has none.
pub fn index(
    market: &Market,
    folder: &Path,
    format: Format,
    files: &[Exported],
) -> Result<(), Error> {
    if format == Format::Parquet {
        return Ok(());
    }
    let mut script = std::fs::File::create_new(folder.join("load.sql"))?;
    writeln!(
        script,
        "-- psql -v ON_ERROR_STOP=1 -f load.sql, as a superuser, into a database that was just migrated; triggers and\n\
         -- foreign keys rest meanwhile.\n\
         set timezone = 'UTC';"
    )?;
    for (table, from) in partitioned(market) {
        writeln!(script, "{};", partitions(table, from))?;
    }
    writeln!(
        script,
        "begin;\nset local session_replication_role = replica;"
    )?;
    for one in files {
        match format {
            Format::Csv => {
                let path = folder.join(&one.file);
                // The columns, as the first line of the file names them.
                let columns = first_line(&path)?;
                let table = one.table.split('/').next().unwrap_or(one.table);
                let file = &one.file;
                writeln!(
                    script,
                    "\\copy {table} ({columns}) from '{file}' with (format csv, header)"
                )?;
            }
            _ => writeln!(script, "\\ir {}", one.file)?,
        }
    }
    writeln!(script, "commit;\nanalyze;")?;
    Ok(script.sync_all()?)
}

fn first_line(path: &Path) -> std::io::Result<String> {
    use std::io::BufRead as _;
    let mut line = String::new();
    std::io::BufReader::new(std::fs::File::open(path)?).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
