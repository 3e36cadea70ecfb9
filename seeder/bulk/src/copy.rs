//! Rows as PostgreSQL's binary COPY wants them, written straight into one buffer: no value is a string or a vector in between.
//!
//! The format is that of <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format".

use std::io::Write as _;

use crate::rng::mix;

/// What the stream begins with: signature, flags, and no extension.
pub const HEADER: [u8; 19] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub const TRAILER: [u8; 2] = [0xff, 0xff];

/// PostgreSQL's `infinity` of a timestamp.
pub const INFINITY: i64 = i64::MAX;
/// Days from 1970-01-01 to 2000-01-01, in microseconds.
pub const UNIX_EPOCH_OFFSET: i64 = 10_957 * 86_400_000_000;

/// A buffer of rows, with a sum over them that does not depend on their order or on where one buffer ends and the next begins.
#[derive(Debug, Default)]
pub struct Rows {
    buffer: Vec<u8>,
    begin: usize,
    rows: u64,
    sum: u64,
}

impl Rows {
    /// An empty buffer with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Begins a row of so many columns.
    pub fn begin(&mut self, columns: i16) {
        self.begin = self.buffer.len();
        self.buffer.extend_from_slice(&columns.to_be_bytes());
    }

    /// Ends the row and adds it to the sum.
    pub fn end(&mut self) {
        let row = self.buffer.get(self.begin..).unwrap_or_default();
        self.sum = self.sum.wrapping_add(hash(row));
        self.rows += 1;
    }

    /// Bytes that wait to be taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// What was written since the last time; the counts go on.
    pub fn take(&mut self) -> Vec<u8> {
        let capacity = self.buffer.capacity();
        self.begin = 0;
        std::mem::replace(&mut self.buffer, Vec::with_capacity(capacity))
    }

    /// Rows that were ended, and the sum of them all.
    #[must_use]
    pub const fn counted(&self) -> (u64, u64) {
        (self.rows, self.sum)
    }

    /// A value of any type from its bytes.
    pub fn raw(&mut self, bytes: &[u8]) {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.buffer.extend_from_slice(&length.to_be_bytes());
        self.buffer.extend_from_slice(bytes);
    }

    /// Null.
    pub fn null(&mut self) {
        self.buffer.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    /// `boolean`.
    pub fn bool(&mut self, value: bool) {
        self.raw(&[u8::from(value)]);
    }

    /// `smallint`.
    pub fn i16(&mut self, value: i16) {
        self.raw(&value.to_be_bytes());
    }

    /// `integer`, and `date` as days since 2000-01-01.
    pub fn i32(&mut self, value: i32) {
        self.raw(&value.to_be_bytes());
    }

    /// `bigint`, and `timestamptz` as microseconds since 2000-01-01.
    pub fn i64(&mut self, value: i64) {
        self.raw(&value.to_be_bytes());
    }

    /// A number of a row that is counted from 0 here and from 1 there.
    pub fn id(&mut self, number: u64) {
        self.i64(id(number));
    }

    /// `text`.
    pub fn text(&mut self, value: &str) {
        self.raw(value.as_bytes());
    }

    /// `text` or `bytea` that is written where it is to lie.
    pub fn text_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let at = self.buffer.len();
        self.null();
        write(&mut self.buffer);
        let length = i32::try_from(self.buffer.len() - at - 4).unwrap_or(i32::MAX);
        if let Some(place) = self.buffer.get_mut(at..at + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }

    /// `text` from `format_args!`.
    pub fn format(&mut self, text: std::fmt::Arguments<'_>) {
        self.text_with(|buffer| {
            // A vector takes everything.
            let _ = buffer.write_fmt(text);
        });
    }

    /// `jsonb` from text that is written where it is to lie.
    pub fn jsonb_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.text_with(|buffer| {
            // The version of the binary form.
            buffer.push(1);
            write(buffer);
        });
    }

    /// A UUID of version 7 that carries this moment; the other bits are these.
    pub fn uuid_v7(&mut self, at: i64, bits: u128) {
        self.raw(&uuid_v7(at, bits).to_be_bytes());
    }

    /// `Some` as the value, `None` as null.
    pub fn opt<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }
}

/// The number of a row that is counted from 0 here and from 1 there.
#[must_use]
pub fn id(number: u64) -> i64 {
    i64::try_from(number).map_or(i64::MAX, |number| number.saturating_add(1))
}

/// A UUID of version 7 that carries this moment; the other bits are these.
#[must_use]
pub const fn uuid_v7(at: i64, bits: u128) -> u128 {
    let unix_ms = (at + UNIX_EPOCH_OFFSET).div_euclid(1000) as u128 & 0xffff_ffff_ffff;
    let rest = bits & 0x0fff_3fff_ffff_ffff_ffff;
    unix_ms << 80 | 7 << 76 | 2 << 62 | rest
}

/// Text inside the quotes of JSON.
pub fn json_text(buffer: &mut Vec<u8>, text: &str) {
    buffer.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => buffer.extend_from_slice(&[b'\\', byte]),
            0..=0x1f => {
                let _ = write!(buffer, "\\u{byte:04x}");
            }
            _ => buffer.push(byte),
        }
    }
    buffer.push(b'"');
}

/// A number for the bytes of a row: fast and even, no defence against anybody.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = mix(bytes.len() as u64);
    for word in words {
        hash =
            (hash.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    }
    let last = rest
        .iter()
        .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    mix((hash.rotate_left(29) ^ last).wrapping_mul(0xc4ce_b9fe_1a85_ec53))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_lies_there_as_the_manual_says() {
        let mut rows = Rows::default();
        rows.begin(6);
        rows.id(41);
        rows.text("тест");
        rows.opt(None::<i64>, Rows::i64);
        rows.bool(true);
        rows.format(format_args!("{}-{}", 7, "x"));
        rows.jsonb_with(|json| json_text(json, "a\"\n"));
        rows.end();
        let mut wanted = vec![0, 6];
        wanted.extend([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 42]);
        wanted.extend([0, 0, 0, 8]);
        wanted.extend("тест".as_bytes());
        wanted.extend([0xff; 4]);
        wanted.extend([0, 0, 0, 1, 1]);
        wanted.extend([0, 0, 0, 3, b'7', b'-', b'x']);
        wanted.extend([0, 0, 0, 12, 1]);
        wanted.extend(b"\"a\\\"\\u000a\"");
        assert_eq!(rows.take(), wanted);
        assert_eq!(rows.counted().0, 1);
        assert!(rows.is_empty());
    }

    #[test]
    fn the_sum_does_not_depend_on_order_or_buffers_and_does_on_every_byte() {
        let write = |texts: &[&str], take: bool| {
            let mut rows = Rows::with_capacity(64);
            for text in texts {
                rows.begin(1);
                rows.text(text);
                rows.end();
                if take {
                    rows.take();
                }
            }
            rows.counted()
        };
        let whole = write(&["one", "two", "a longer third text"], false);
        assert_eq!(whole, write(&["a longer third text", "one", "two"], true));
        assert_ne!(whole, write(&["one", "two", "a longer third texT"], false));
        assert_ne!(whole, write(&["one", "two"], false));
        assert_eq!(hash(b"golden row of the sum"), GOLDEN);
    }

    const GOLDEN: u64 = 7_485_402_434_202_430_775;

    #[test]
    fn a_uuid_carries_its_version_and_its_moment() {
        // 2026-01-01 00:00 UTC.
        let at = 9497 * 86_400_000_000;
        let text = format!("{:032x}", uuid_v7(at, u128::MAX));
        assert_eq!(text, "019b76daa800".to_owned() + "7fffbfffffffffffffff");
    }
}
