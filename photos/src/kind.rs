//! What bytes are, by their content alone: neither a name nor a declared type is believed.

use crate::Refusal;

/// A kind of picture that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG, of an animated one its still picture.
    Png,
    /// WebP, of an animated one its first frame.
    WebP,
}

impl Kind {
    /// Reads the kind off the first bytes, and sees that the end is there: a decoder would fill up what is missing with
    /// grey.
    ///
    /// # Errors
    /// `Empty`, `UnknownKind`, `Heic`, `Damaged`.
    pub fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let (kind, is_whole) = if bytes.is_empty() {
            return Err(Refusal::Empty);
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            (Self::Jpeg, jpeg_ends(bytes))
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (Self::Png, png_ends(bytes))
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            (Self::WebP, riff_ends(bytes))
        } else if bytes.get(4..8) == Some(b"ftyp") && is_heif(bytes) {
            return Err(Refusal::Heic);
        } else {
            return Err(Refusal::UnknownKind);
        };
        if is_whole {
            Ok(kind)
        } else {
            Err(Refusal::Damaged)
        }
    }

    pub(crate) fn format(self) -> image::ImageFormat {
        match self {
            Self::Jpeg => image::ImageFormat::Jpeg,
            Self::Png => image::ImageFormat::Png,
            Self::WebP => image::ImageFormat::WebP,
        }
    }
}

fn is_heif(bytes: &[u8]) -> bool {
    let brand = bytes.get(8..12).unwrap_or_default();
    [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
    ]
    .iter()
    .any(|known| brand == *known)
}

/// Whether the marker "end of image" comes after the segments and scans (ITU-T T.81, annex B). What follows it is not
/// looked at: it does not come through.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        // To the next marker, over the data of a scan, in which 0xFF is followed by 0 or a restart.
        let Some(step) = bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| *byte == 0xff))
        else {
            return false;
        };
        at += step + 1;
        let Some(marker) = bytes.get(at).copied() else {
            return false;
        };
        match marker {
            0xd9 => return true,
            0x00 | 0x01 | 0xd0..=0xd8 => at += 1,
            0xff => {}
            _ => {
                let Some([high, low]) = bytes
                    .get(at + 1..at + 3)
                    .and_then(|pair| <[u8; 2]>::try_from(pair).ok())
                else {
                    return false;
                };
                at += 1 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
    }
}

/// Whether the chunk IEND is reached.
fn png_ends(bytes: &[u8]) -> bool {
    let mut at = 8;
    loop {
        let Some(head) = bytes.get(at..at + 8) else {
            return false;
        };
        let (length, name) = head.split_at(4);
        if name == b"IEND" {
            return bytes.len() >= at + 12;
        }
        let length = <[u8; 4]>::try_from(length).map_or(0, u32::from_be_bytes);
        at = at.saturating_add(12).saturating_add(length as usize);
    }
}

/// Whether there are as many bytes as the header says.
fn riff_ends(bytes: &[u8]) -> bool {
    bytes
        .get(4..8)
        .and_then(|size| <[u8; 4]>::try_from(size).ok())
        .is_some_and(|size| bytes.len() >= (u32::from_le_bytes(size) as usize).saturating_add(8))
}
