//! The beginning of a segment: whose it is, and whether it is the one that its name says (`XLogLongPageHeaderData` in
//! PostgreSQL's `access/xlog_internal.h`, of which everything up to here is the same since 8.4).

use std::io::Read;
use std::path::Path;

use super::name::Stem;
use crate::Error;

/// Bytes that are read.
pub const BYTES: usize = 40;
/// `XLP_LONG_HEADER`: the first page of each segment has it.
const LONG: u16 = 0x0002;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// `xlp_pageaddr`: where it begins.
    pub start: u64,
    /// `xlp_sysid`: the number of the server for itself.
    pub system_identifier: u64,
    /// `xlp_seg_size`.
    pub segment_bytes: u64,
}

impl Header {
    /// Reads one, and gives the bytes, too.
    pub fn read(from: &mut impl Read, path: &Path) -> Result<(Self, [u8; BYTES]), Error> {
        let mut bytes = [0; BYTES];
        from.read_exact(&mut bytes)
            .map_err(|_| Error::damaged(path, "it is too short for a segment of WAL"))?;
        let header = Self::parse(&bytes)
            .ok_or_else(|| Error::damaged(path, "it does not begin as a segment of WAL does"))?;
        Ok((header, bytes))
    }

    fn parse(bytes: &[u8; BYTES]) -> Option<Self> {
        let info = u16::from_le_bytes(part(bytes, 2)?);
        let segment_bytes = u64::from(u32::from_le_bytes(part(bytes, 32)?));
        let is_segment = info & LONG != 0
            && segment_bytes.is_power_of_two()
            && (1 << 20..=1 << 30).contains(&segment_bytes);
        Some(Self {
            start: u64::from_le_bytes(part(bytes, 8)?),
            system_identifier: u64::from_le_bytes(part(bytes, 24)?),
            segment_bytes,
        })
        .filter(|_| is_segment)
    }

    /// Is it of this server, and where its name says?
    pub fn check(self, stem: Stem, system_identifier: &str, path: &Path) -> Result<(), Error> {
        if self.system_identifier.to_string() != system_identifier {
            return Err(Error::AnotherServer {
                kept: system_identifier.to_owned(),
                offered: self.system_identifier.to_string(),
            });
        }
        let begins = stem.segment(self.segment_bytes).start(self.segment_bytes);
        if u64::from(begins) != self.start {
            return Err(Error::damaged(
                path,
                format!("by its name it begins at {begins}, and it says otherwise"),
            ));
        }
        Ok(())
    }
}

fn part<const N: usize>(bytes: &[u8], from: usize) -> Option<[u8; N]> {
    bytes.get(from..from + N)?.try_into().ok()
}
