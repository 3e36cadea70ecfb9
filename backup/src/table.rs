//! One table of a logical backup into the running database, beside the one that is there.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::database::{is_of_the_server, scratch_file, unpack};
use crate::entry::Entry;
use crate::source::finish;
use crate::{Error, Progress, Repository, Source};

/// A table by schema and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    schema: String,
    name: String,
}

/// A table that was brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoredTable {
    /// Where it is now.
    pub table: String,
    /// Its rows.
    pub rows: u64,
}

impl TableName {
    /// `schema.table`, both as they are stored: without quotes.
    ///
    /// # Errors
    /// [`Error::Unfit`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text.split_once('.') {
            Some((schema, name)) if !schema.is_empty() && !name.is_empty() => Ok(Self {
                schema: schema.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err(Error::Unfit(format!(
                "{text:?} is no table: write schema.table, such as market_data.listings"
            ))),
        }
    }

    /// The same table in another schema.
    #[must_use]
    pub fn within(&self, schema: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            name: self.name.clone(),
        }
    }

    fn quoted(&self) -> String {
        format!("{}.{}", quote(&self.schema), quote(&self.name))
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// Brings the rows of a table back under another name, as a table of its own: with the types of its columns, without keys,
/// indexes, defaults and triggers, and owned by whoever restores it. Partitions become one table. Nothing that exists is changed.
///
/// # Errors
/// [`Error::NotEmpty`] when there is such a table; [`Error::NoTable`] when the backup has none of that name;
/// [`Error::Program`], after which nothing is left.
pub async fn restore_table(
    repository: &Repository,
    entry: &Entry,
    source: &Source,
    table: &TableName,
    into: &TableName,
    progress: &Arc<Progress>,
) -> Result<RestoredTable, Error> {
    let dump = entry.dump()?;
    let client = source.connect().await?;
    let is_there = client
        .query_one("select to_regclass($1) is not null", &[&into.quoted()])
        .await
        .map_err(Error::sql("look for a table"))?
        .get(0);
    if is_there {
        return Err(Error::NotEmpty(into.to_string().into()));
    }
    progress.begin("unpacking", dump.raw_bytes);
    let dump = unpack(repository, &repository.folder(&entry.id).join(&dump.name)).await?;
    let contents = Contents::read(source, dump.path())?;
    if !contents.has(table) {
        return Err(Error::NoTable {
            id: entry.id.clone(),
            table: table.to_string(),
        });
    }
    // A database for the moment, so that the definitions of the backup meet none of those that are there.
    let scratch = format!("kardan_restore_{}", std::process::id());
    client
        .batch_execute(&format!(
            "create database {} template template0",
            quote(&scratch)
        ))
        .await
        .map_err(Error::sql("create a database"))?;
    let made = through(
        repository,
        source,
        &scratch,
        &contents,
        &dump,
        (table, into),
        progress,
    );
    let made = made.await;
    client
        .batch_execute(&format!("drop database {} with (force)", quote(&scratch)))
        .await
        .map_err(Error::sql("take the database of the moment away"))?;
    made
}

async fn through(
    repository: &Repository,
    source: &Source,
    scratch: &str,
    contents: &Contents,
    dump: &NamedTempFile,
    (table, into): (&TableName, &TableName),
    progress: &Arc<Progress>,
) -> Result<RestoredTable, Error> {
    progress.begin("restoring", 0);
    let there = source.at(scratch);
    let restore = |section: &str, lines: &[&str]| {
        let mut chosen = scratch_file(&repository.scratch())?;
        chosen
            .write_all(lines.join("\n").as_bytes())
            .map_err(Error::file("write", chosen.path()))?;
        let mut command = there.command("pg_restore");
        command
            .args(["--no-password", "--exit-on-error", "--section", section])
            .arg("--use-list")
            .arg(chosen.path())
            .args(["--dbname", scratch])
            .arg(dump.path());
        finish("pg_restore", &mut command)
    };
    restore("pre-data", &contents.definitions())?;
    let client = there.connect().await?;
    let parts = client
        .query(
            "select n.nspname::text, c.relname::text
             from pg_partition_tree($1::text::regclass) as t
             join pg_class as c on c.oid = t.relid
             join pg_namespace as n on n.oid = c.relnamespace",
            &[&table.quoted()],
        )
        .await
        .map_err(Error::sql("list the partitions of a table"))?;
    let mut tables: Vec<TableName> = parts
        .iter()
        .map(|row| TableName {
            schema: row.get(0),
            name: row.get(1),
        })
        .collect();
    tables.push(table.clone());
    restore("data", &contents.data_of(&tables))?;
    let (schema, from, to) = (quote(&into.schema), table.quoted(), into.quoted());
    client
        .batch_execute(&format!("create schema if not exists {schema}"))
        .await
        .map_err(Error::sql("create a schema"))?;
    let rows = client
        .execute(&format!("create table {to} as table {from}"), &[])
        .await
        .map_err(Error::sql("copy a table"))?;

    let file = scratch_file(&repository.scratch())?;
    let mut command = there.command("pg_dump");
    command
        .args([
            "--no-password",
            "--no-owner",
            "--no-privileges",
            "--format=custom",
            "--table",
        ])
        .arg(&to)
        .arg("--file")
        .arg(file.path());
    finish("pg_dump", &mut command)?;
    let target = source.connect().await?;
    target
        .batch_execute(&format!("create schema if not exists {schema}"))
        .await
        .map_err(Error::sql("create a schema"))?;
    let mut command = source.command("pg_restore");
    command
        .args([
            "--no-password",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--dbname",
        ])
        .arg(source.database())
        .arg(file.path());
    finish("pg_restore", &mut command)?;
    Ok(RestoredTable {
        table: into.to_string(),
        rows,
    })
}

/// What is in a dump, as `pg_restore --list` has it, a line for each thing.
struct Contents(Vec<String>);

impl Contents {
    fn read(source: &Source, dump: &Path) -> Result<Self, Error> {
        let mut list = source.command("pg_restore");
        list.arg("--list").arg(dump);
        let said = finish("pg_restore", &mut list)?;
        let said = String::from_utf8_lossy(&said);
        let lines = said.lines().filter(|line| !line.starts_with(';'));
        let own = lines.filter(|line| !is_of_the_server(line));
        Ok(Self(own.map(str::to_owned).collect()))
    }

    /// Whether the table is defined in it; one that is partitioned has no rows of its own.
    fn has(&self, table: &TableName) -> bool {
        let defined = format!(" TABLE {} {} ", table.schema, table.name);
        self.0.iter().any(|line| line.contains(&defined))
    }

    fn definitions(&self) -> Vec<&str> {
        let lines = self.0.iter().map(String::as_str);
        lines
            .filter(|line| !line.contains(" TABLE DATA "))
            .collect()
    }

    fn data_of(&self, tables: &[TableName]) -> Vec<&str> {
        let wanted = |line: &&str| {
            let of = |table: &TableName| format!(" TABLE DATA {} {} ", table.schema, table.name);
            tables.iter().any(|table| line.contains(&of(table)))
        };
        self.0.iter().map(String::as_str).filter(wanted).collect()
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
