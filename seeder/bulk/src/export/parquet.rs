//! Rows as Parquet: a column is a column, null is null, and texts are UTF-8.

use std::io::{Error as IoError, Result, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::Sink;
use super::column::{Column, Kind, number, rows};
use crate::copy::{INFINITY, UNIX_EPOCH_OFFSET};

/// Rows that are gathered before their columns are written: as many as a few megabytes hold.
const GROUP: usize = 20_000;

/// Values of one column that wait, with a level for each row: 1 where there is one, 0 where there is none.
enum Values {
    Bool(Vec<bool>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// A file of Parquet.
pub struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    values: Vec<(Values, Vec<i16>)>,
    rows: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub fn new(out: W, columns: Vec<Column>) -> Result<Self> {
        let fields = columns
            .iter()
            .map(|column| {
                let (physical, logical) = types(column.kind);
                let length = if column.kind == Kind::Uuid { 16 } else { -1 };
                Type::primitive_type_builder(&column.name, physical)
                    .with_logical_type(logical)
                    .with_length(length)
                    .with_repetition(Repetition::OPTIONAL)
                    .build()
                    .map(Arc::new)
            })
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(told)?;
        let schema = Type::group_type_builder("row")
            .with_fields(fields)
            .build()
            .map_err(told)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(told)?,
            values: columns.iter().map(|column| empty(column.kind)).collect(),
            columns,
            rows: 0,
        })
    }

    /// Writes what waits as one group of rows.
    fn group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(told)?;
        for (values, levels) in &mut self.values {
            let Some(mut column) = group.next_column().map_err(told)? else {
                break;
            };
            match (column.untyped(), &*values) {
                (ColumnWriter::BoolColumnWriter(to), Values::Bool(values)) => {
                    to.write_batch(values, Some(levels), None)
                }
                (ColumnWriter::Int32ColumnWriter(to), Values::I32(values)) => {
                    to.write_batch(values, Some(levels), None)
                }
                (ColumnWriter::Int64ColumnWriter(to), Values::I64(values)) => {
                    to.write_batch(values, Some(levels), None)
                }
                (ColumnWriter::ByteArrayColumnWriter(to), Values::Bytes(values)) => {
                    to.write_batch(values, Some(levels), None)
                }
                (ColumnWriter::FixedLenByteArrayColumnWriter(to), Values::Fixed(values)) => {
                    to.write_batch(values, Some(levels), None)
                }
                _ => Err(ParquetError::General("a column of another type".to_owned())),
            }
            .map_err(told)?;
            column.close().map_err(told)?;
        }
        group.close().map_err(told)?;
        self.values = self
            .columns
            .iter()
            .map(|column| empty(column.kind))
            .collect();
        self.rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let (columns, values, count) = (&self.columns, &mut self.values, &mut self.rows);
        rows(bytes, |row| {
            for ((value, column), (values, levels)) in
                row.iter().zip(columns).zip(values.iter_mut())
            {
                levels.push(i16::from(value.is_some()));
                if let Some(value) = value {
                    push(values, column.kind, value)?;
                }
            }
            *count += 1;
            Ok(())
        })?;
        match self.rows >= GROUP {
            true => self.group(),
            false => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.group()?;
        let mut out = self.writer.into_inner().map_err(told)?;
        out.flush()
    }
}

fn types(kind: Kind) -> (Physical, Option<LogicalType>) {
    match kind {
        Kind::Bool => (Physical::BOOLEAN, None),
        Kind::I16 | Kind::I32 => (Physical::INT32, None),
        Kind::I64 => (Physical::INT64, None),
        Kind::Text | Kind::Computed(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Bytes => (Physical::BYTE_ARRAY, None),
        Kind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Kind::Uuid => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid)),
        Kind::Moment => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        ),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
    }
}

fn empty(kind: Kind) -> (Values, Vec<i16>) {
    let values = match types(kind).0 {
        Physical::BOOLEAN => Values::Bool(Vec::new()),
        Physical::INT32 => Values::I32(Vec::new()),
        Physical::INT64 => Values::I64(Vec::new()),
        Physical::FIXED_LEN_BYTE_ARRAY => Values::Fixed(Vec::new()),
        _ => Values::Bytes(Vec::new()),
    };
    (values, Vec::new())
}

fn push(values: &mut Values, kind: Kind, mut value: &[u8]) -> Result<()> {
    let bytes = &mut value;
    match (values, kind) {
        (Values::Bool(all), _) => all.push(number(bytes)? != [0]),
        (Values::I32(all), Kind::I16) => all.push(i32::from(i16::from_be_bytes(number(bytes)?))),
        // Days since 1970 and not since 2000.
        (Values::I32(all), Kind::Day) => all.push(i32::from_be_bytes(number(bytes)?) + 10_957),
        (Values::I32(all), _) => all.push(i32::from_be_bytes(number(bytes)?)),
        (Values::I64(all), Kind::Moment) => {
            let at = i64::from_be_bytes(number(bytes)?);
            all.push(if at == INFINITY {
                at
            } else {
                at.saturating_add(UNIX_EPOCH_OFFSET)
            });
        }
        (Values::I64(all), _) => all.push(i64::from_be_bytes(number(bytes)?)),
        (Values::Fixed(all), _) => all.push(ByteArray::from(bytes.to_vec()).into()),
        // The version of the binary form stands before JSON.
        (Values::Bytes(all), Kind::Json) => {
            all.push(bytes.get(1..).unwrap_or_default().to_vec().into())
        }
        (Values::Bytes(all), Kind::Computed(text)) => all.push(text.into()),
        (Values::Bytes(all), _) => all.push(bytes.to_vec().into()),
    }
    Ok(())
}

fn told(error: ParquetError) -> IoError {
    match error {
        ParquetError::External(inner) => inner
            .downcast::<IoError>()
            .map_or_else(IoError::other, |error| *error),
        other => IoError::other(other),
    }
}
