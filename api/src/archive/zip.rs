//! A ZIP that is written forward only and flows into a channel as it grows.

use std::io::Write;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use tokio::sync::mpsc::Sender;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::{Error, Piece};

/// What has been written and not yet sent.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut buffer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A ZIP on its way.
pub struct Zip<'a> {
    writer: ZipWriter<StreamWriter<Buffer>>,
    buffer: Buffer,
    options: SimpleFileOptions,
    out: &'a Sender<Piece>,
}

impl<'a> Zip<'a> {
    /// An empty archive whose files are of this time.
    pub fn new(at: DateTime<Utc>, out: &'a Sender<Piece>) -> Self {
        let buffer = Buffer::default();
        Self {
            writer: ZipWriter::new_stream(buffer.clone()),
            buffer,
            options: SimpleFileOptions::default().last_modified_time(time(at)),
            out,
        }
    }

    /// Begins a file of text, which is packed, however long it becomes.
    pub fn begin_text(&mut self, name: &str) -> Result<(), Error> {
        let options = self
            .options
            .compression_method(CompressionMethod::Deflated)
            .large_file(true);
        self.begin(name, options)
    }

    /// Begins a picture, which is packed already.
    pub fn begin_picture(&mut self, name: &str) -> Result<(), Error> {
        let options = self.options.compression_method(CompressionMethod::Stored);
        self.begin(name, options)
    }

    fn begin(&mut self, name: &str, options: SimpleFileOptions) -> Result<(), Error> {
        self.writer.start_file(name, options).map_err(failed)
    }

    /// Goes on with the file that was begun, and waits until the reader has room for it.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.writer.write_all(bytes).map_err(Error::Zip)?;
        flow(self.buffer.take(), self.out).await
    }

    /// Writes the list of files, without which a reader knows that the archive broke off.
    pub async fn end(self) -> Result<(), Error> {
        self.writer.finish().map_err(failed)?;
        flow(self.buffer.take(), self.out).await
    }
}

async fn flow(bytes: Vec<u8>, out: &Sender<Piece>) -> Result<(), Error> {
    if bytes.is_empty() {
        return Ok(());
    }
    out.send(Ok(bytes.into())).await.map_err(|_| Error::Gone)
}

fn failed(error: zip::result::ZipError) -> Error {
    Error::Zip(error.into())
}

/// ZIP knows the years from 1980 to 2107; the begin of them stands for any other.
fn time(at: DateTime<Utc>) -> zip::DateTime {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}
