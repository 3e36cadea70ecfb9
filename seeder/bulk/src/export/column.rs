//! Rows of binary COPY taken apart again: which type each column has, and where its value lies.

use std::io::{Error as IoError, ErrorKind, Result as IoResult};

use tokio_postgres::Client;

use crate::Error;
use crate::tables::Table;

/// A column of a file.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `boolean`.
    Bool,
    /// `smallint`.
    I16,
    /// `integer`.
    I32,
    /// `bigint`.
    I64,
    /// `text`, and what is written like it.
    Text,
    /// `jsonb`.
    Json,
    /// `bytea`.
    Bytes,
    /// `uuid`.
    Uuid,
    /// `timestamptz`.
    Moment,
    /// `date`.
    Day,
    /// What the program itself computes of the other columns; its value until then, as PostgreSQL reads it.
    Computed(&'static str),
}

/// The columns of a table, with the types that they have in this database.
pub async fn columns(client: &Client, table: &Table) -> Result<Vec<Column>, Error> {
    let rows = client
        .query(
            "select w.name, format_type(a.atttypid, null), t.typtype in ('e', 'd')
             from unnest($2::text[]) with ordinality as w (name, place)
             join pg_attribute as a on a.attrelid = $1::text::regclass and a.attname = w.name
             join pg_type as t on t.oid = a.atttypid
             order by w.place",
            &[&table.relation(), &table.columns],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let name: String = row.get(0);
            let kind = match (row.get(1), row.get(2)) {
                ("boolean", _) => Kind::Bool,
                ("smallint", _) => Kind::I16,
                ("integer", _) => Kind::I32,
                ("bigint", _) => Kind::I64,
                ("text", _) | (_, true) => Kind::Text,
                ("jsonb", _) => Kind::Json,
                ("bytea", _) => Kind::Bytes,
                ("uuid", _) => Kind::Uuid,
                ("timestamp with time zone", _) => Kind::Moment,
                ("date", _) => Kind::Day,
                ("tsquery", _) => Kind::Computed("'='"),
                ("text[]", _) => Kind::Computed("{}"),
                (other, _) => {
                    let column = format!("{}.{name}", table.relation());
                    return Err(Error::UnknownType(column, other.to_owned()));
                }
            };
            Ok(Column { name, kind })
        })
        .collect()
}

/// Calls this for each row with the values of its columns.
pub fn rows<'a>(
    mut bytes: &'a [u8],
    mut each: impl FnMut(&[Option<&'a [u8]>]) -> IoResult<()>,
) -> IoResult<()> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let count = i16::from_be_bytes(number(&mut bytes)?);
        values.clear();
        for _ in 0..count {
            let length = i32::from_be_bytes(number(&mut bytes)?);
            values.push(match usize::try_from(length) {
                Ok(length) => {
                    let (value, rest) = bytes.split_at_checked(length).ok_or_else(cut)?;
                    bytes = rest;
                    Some(value)
                }
                Err(_) => None,
            });
        }
        each(&values)?;
    }
    Ok(())
}

/// A value as its number of bytes.
pub fn number<const N: usize>(bytes: &mut &[u8]) -> IoResult<[u8; N]> {
    let (number, rest) = bytes.split_first_chunk::<N>().ok_or_else(cut)?;
    *bytes = rest;
    Ok(*number)
}

fn cut() -> IoError {
    IoError::new(ErrorKind::InvalidData, "a row ends within a value")
}
