//! The encoding of a text: what its sender says, else what its first bytes say, else UTF-8 where it is that, else
//! windows-1251, in which accounting writes.

use std::fs::File;
use std::io::{Read, Seek as _};

use encoding_rs::{DecoderResult, Encoding, UTF_8, WINDOWS_1251};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::malformed;
use crate::problem::Problem;

/// A file as a stream of UTF-8. What is no text in its encoding becomes U+FFFD.
pub type Text = DecodeReaderBytes<File, Vec<u8>>;

/// Opens a text.
pub fn open(mut file: File, charset: Option<&str>) -> Result<Text, Problem> {
    let encoding = match charset {
        Some(name) => Encoding::for_label(name.as_bytes())
            .ok_or_else(|| malformed(format!("no encoding is called {name:?}")))?,
        None if is_utf8(&mut file).map_err(super::spool::unreadable)? => UTF_8,
        None => WINDOWS_1251,
    };
    // A mark at the beginning outweighs both.
    let mut decoding = DecodeReaderBytesBuilder::new();
    Ok(decoding
        .encoding(Some(encoding))
        .bom_override(true)
        .build(file))
}

/// Opens an XML, which may say itself in its first line what its encoding is.
pub fn open_xml(mut file: File, charset: Option<&str>) -> Result<Text, Problem> {
    let mut start = Vec::new();
    let read = file.by_ref().take(256).read_to_end(&mut start);
    read.map_err(super::spool::unreadable)?;
    file.rewind().map_err(super::spool::unreadable)?;
    let start = String::from_utf8_lossy(&start);
    let named = start.split("?>").next().and_then(|line| {
        let (_, rest) = line.split_once("encoding")?;
        rest.split(['"', '\'']).nth(1)
    });
    open(file, charset.or(named))
}

/// Whether the whole file is UTF-8; reads it in parts, and back to its beginning.
fn is_utf8(file: &mut File) -> std::io::Result<bool> {
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let (mut bytes, mut text) = (vec![0; 64 * 1024], vec![0; 200 * 1024]);
    let is_utf8 = loop {
        let length = file.read(&mut bytes)?;
        let part = bytes.get(..length).unwrap_or_default();
        // Three bytes of text for one of the file at most: it always fits.
        let (result, _, _) =
            decoder.decode_to_utf8_without_replacement(part, &mut text, length == 0);
        match result {
            DecoderResult::Malformed(..) => break false,
            _ if length == 0 => break true,
            _ => {}
        }
    };
    file.rewind()?;
    Ok(is_utf8)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: &[u8], charset: Option<&str>) -> String {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let mut text = String::new();
        open(file, charset)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn a_text_is_read_in_the_encoding_that_it_has() {
        let (old, _, _) = WINDOWS_1251.encode("Колодки");
        assert_eq!(read("Колодки".as_bytes(), None), "Колодки");
        assert_eq!(read("\u{feff}Колодки".as_bytes(), None), "Колодки");
        assert_eq!(read(&old, None), "Колодки");
        assert_eq!(read(&old, Some("cp1251")), "Колодки");
        assert_eq!(read(&[0xff, 0xfe, b'A', 0], None), "A");
    }

    #[test]
    fn the_end_of_a_part_may_stand_in_a_character() {
        let long = format!("{}я", "x".repeat(64 * 1024 - 1));
        assert_eq!(read(long.as_bytes(), None), long);
    }

    #[test]
    fn what_is_no_text_in_the_named_encoding_is_marked() {
        let (old, _, _) = WINDOWS_1251.encode("Колодки");
        assert!(read(&old, Some("utf-8")).contains('\u{fffd}'));
    }
}
