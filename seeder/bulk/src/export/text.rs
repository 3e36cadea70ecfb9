//! Rows as PostgreSQL's text: CSV with a line of names, and `copy … from stdin`.

use std::io::{Result, Write};

use chrono::DateTime;

use super::Sink;
use super::column::{Column, Kind, number, rows};
use crate::copy::{INFINITY, UNIX_EPOCH_OFFSET};
use crate::tables::Table;

/// A file of CSV as `copy … (format csv, header)` reads it. A text is in quotes whatever it is, because without them an empty
/// one would be null.
pub struct Csv<W: Write> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> Csv<W> {
    pub fn new(mut out: W, columns: Vec<Column>) -> Result<Self> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        writeln!(out, "{}", names.join(","))?;
        Ok(Self { out, columns })
    }
}

impl<W: Write> Sink for Csv<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let (out, columns) = (&mut self.out, &self.columns);
        rows(bytes, |values| {
            for (place, (value, column)) in values.iter().zip(columns).enumerate() {
                if place > 0 {
                    out.write_all(b",")?;
                }
                let Some(value) = value else { continue };
                match column.kind {
                    Kind::Text | Kind::Json | Kind::Computed(_) => {
                        out.write_all(b"\"")?;
                        for (part, text) in text_of(column.kind, value)
                            .split(|b| *b == b'"')
                            .enumerate()
                        {
                            if part > 0 {
                                out.write_all(b"\"\"")?;
                            }
                            out.write_all(text)?;
                        }
                        out.write_all(b"\"")?;
                    }
                    kind => plain(out, kind, value)?,
                }
            }
            out.write_all(b"\n")
        })
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.out.flush()
    }
}

/// A script of one `copy … from stdin`.
pub struct Sql<W: Write> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> Sql<W> {
    pub fn new(mut out: W, table: &Table, columns: Vec<Column>) -> Result<Self> {
        let (relation, names) = (table.relation(), table.columns.join(", "));
        writeln!(out, "copy {relation} ({names}) from stdin;")?;
        Ok(Self { out, columns })
    }
}

impl<W: Write> Sink for Sql<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let (out, columns) = (&mut self.out, &self.columns);
        rows(bytes, |values| {
            for (place, (value, column)) in values.iter().zip(columns).enumerate() {
                if place > 0 {
                    out.write_all(b"\t")?;
                }
                match (value, column.kind) {
                    (None, _) => out.write_all(b"\\N")?,
                    (Some(value), kind @ (Kind::Text | Kind::Json | Kind::Computed(_))) => {
                        escaped(out, text_of(kind, value))?;
                    }
                    // The backslash before its figures is a sign as well.
                    (Some(value), Kind::Bytes) => {
                        out.write_all(b"\\")?;
                        plain(out, Kind::Bytes, value)?;
                    }
                    (Some(value), kind) => plain(out, kind, value)?,
                }
            }
            out.write_all(b"\n")
        })
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.out.write_all(b"\\.\n")?;
        self.out.flush()
    }
}

/// The text of a value that is text.
fn text_of(kind: Kind, value: &[u8]) -> &[u8] {
    match kind {
        // The version of the binary form stands before it.
        Kind::Json => value.get(1..).unwrap_or_default(),
        Kind::Computed(text) => text.as_bytes(),
        _ => value,
    }
}

/// What a backslash makes of the signs that end values and lines.
fn escaped(out: &mut impl Write, text: &[u8]) -> Result<()> {
    let mut rest = text;
    while let Some(at) = rest
        .iter()
        .position(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r'))
    {
        let (before, after) = rest.split_at(at);
        out.write_all(before)?;
        out.write_all(match after.first() {
            Some(b'\t') => b"\\t",
            Some(b'\n') => b"\\n",
            Some(b'\r') => b"\\r",
            _ => b"\\\\",
        })?;
        rest = after.get(1..).unwrap_or_default();
    }
    out.write_all(rest)
}

/// A value in which nothing has to be escaped.
fn plain(out: &mut impl Write, kind: Kind, mut value: &[u8]) -> Result<()> {
    let value = &mut value;
    match kind {
        Kind::Bool => out.write_all(if number(value)? == [0] { b"f" } else { b"t" }),
        Kind::I16 => write!(out, "{}", i16::from_be_bytes(number(value)?)),
        Kind::I32 => write!(out, "{}", i32::from_be_bytes(number(value)?)),
        Kind::I64 => write!(out, "{}", i64::from_be_bytes(number(value)?)),
        Kind::Bytes => {
            out.write_all(b"\\x")?;
            value.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        Kind::Uuid => {
            let id = uuid::Uuid::from_bytes(number(value)?);
            write!(out, "{id}")
        }
        Kind::Moment => moment(out, i64::from_be_bytes(number(value)?)),
        Kind::Day => {
            let days = i64::from(i32::from_be_bytes(number(value)?));
            let at = DateTime::from_timestamp((days + 10_957) * 86_400, 0);
            write!(out, "{}", at.unwrap_or_default().date_naive())
        }
        Kind::Text | Kind::Json | Kind::Computed(_) => out.write_all(text_of(kind, value)),
    }
}

fn moment(out: &mut impl Write, at: i64) -> Result<()> {
    let unix = (at != INFINITY).then(|| at.saturating_add(UNIX_EPOCH_OFFSET));
    match unix.and_then(DateTime::from_timestamp_micros) {
        Some(at) => write!(out, "{}", at.format("%Y-%m-%d %H:%M:%S%.6f+00")),
        None => out.write_all(b"infinity"),
    }
}
