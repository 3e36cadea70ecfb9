//! The place where a list goes on, as text that means nothing to the client.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::problem::{Own, Problem};

/// A list's key: what the function takes to go on after the last row.
pub trait ListKey: Sized {
    /// The first byte of the cursor, so that one list's cursor is no other's.
    const TAG: u8;
    /// Appends the key.
    fn write(&self, into: &mut Vec<u8>);
    /// Reads what `write` wrote; nothing else.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// The text for a key.
pub fn encode<K: ListKey>(key: &K) -> String {
    let mut bytes = Vec::with_capacity(20);
    bytes.push(K::TAG);
    key.write(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The key of a text.
pub fn decode<K: ListKey>(text: &str) -> Result<K, Problem> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let key = bytes
        .as_deref()
        .and_then(|bytes| match bytes.split_first() {
            Some((tag, rest)) if *tag == K::TAG => K::read(rest),
            _ => None,
        });
    key.ok_or_else(|| Problem::from(Own::CursorInvalid).at("/cursor", None))
}

impl ListKey for i64 {
    const TAG: u8 = 1;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl ListKey for Uuid {
    const TAG: u8 = 2;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

impl ListKey for (i64, i64) {
    const TAG: u8 = 3;

    fn write(&self, into: &mut Vec<u8>) {
        self.0.write(into);
        self.1.write(into);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (first, second) = bytes.split_at_checked(8)?;
        Some((i64::read(first)?, i64::read(second)?))
    }
}

impl ListKey for (DateTime<Utc>, i64) {
    const TAG: u8 = 4;

    fn write(&self, into: &mut Vec<u8>) {
        self.0.timestamp_micros().write(into);
        self.1.write(into);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = <(i64, i64)>::read(bytes)?;
        Some((DateTime::from_timestamp_micros(micros)?, id))
    }
}

impl ListKey for (DateTime<Utc>, Uuid) {
    const TAG: u8 = 5;

    fn write(&self, into: &mut Vec<u8>) {
        self.0.timestamp_micros().write(into);
        self.1.write(into);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (first, second) = bytes.split_at_checked(8)?;
        let at = DateTime::from_timestamp_micros(i64::read(first)?)?;
        Some((at, Uuid::read(second)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_key() {
        assert_eq!(decode::<i64>(&encode(&-5_i64)).unwrap(), -5);
        assert_eq!(
            decode::<(i64, i64)>(&encode(&(i64::MIN, 9_i64))).unwrap(),
            (i64::MIN, 9)
        );
        let at = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        assert_eq!(
            decode::<(DateTime<Utc>, i64)>(&encode(&(at, 3_i64))).unwrap(),
            (at, 3)
        );
        let id = Uuid::now_v7();
        assert_eq!(decode::<Uuid>(&encode(&id)).unwrap(), id);
        assert_eq!(
            decode::<(DateTime<Utc>, Uuid)>(&encode(&(at, id))).unwrap(),
            (at, id)
        );
    }

    #[test]
    fn garbage_and_another_lists_cursor_are_refused() {
        for text in [
            "",
            "!",
            "AQ",
            &encode(&Uuid::nil()),
            &(encode(&1_i64) + "AAAA"),
        ] {
            assert!(decode::<i64>(text).is_err(), "{text}");
        }
    }
}
