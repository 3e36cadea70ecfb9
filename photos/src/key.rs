//! Names in the store: `photos/ab/<64 hex digits>-640.webp`. What stands before the dash is the photo's key; it is made
//! from the content, so that equal photos are one, and cannot be guessed by who has not seen the photo.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Pixels of the files of a photo, narrowest first. A narrower photo is never enlarged: its files are as wide as it is.
pub const WIDTHS: [u32; 3] = [320, 640, 1280];

/// The media type of every file.
pub const CONTENT_TYPE: &str = "image/webp";

/// The folder of all files.
pub(crate) const FOLDER: &str = "photos";

/// What the names of a photo's files begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key of these contents.
    #[must_use]
    pub fn of<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for content in contents {
            hash.update(content);
        }
        let digits: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let shard: String = digits.chars().take(2).collect();
        Self(format!("{FOLDER}/{shard}/{digits}"))
    }

    /// The key as the database keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the file of this width, one of [`WIDTHS`].
    #[must_use]
    pub fn file(&self, width: u32) -> String {
        format!("{}-{width}.webp", self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of one file, known to be well-formed: it leads nowhere but to a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The photo.
    pub key: Key,
    /// One of [`WIDTHS`].
    pub width: u32,
}

impl Name {
    /// Reads a name whose two parts stand behind the folder, as in an address.
    #[must_use]
    pub fn of_parts(shard: &str, file: &str) -> Option<Self> {
        let (digits, width) = file.strip_suffix(".webp")?.split_once('-')?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != 64 || !digits.bytes().all(is_digit) || digits.get(..2) != Some(shard) {
            return None;
        }
        let width = WIDTHS.into_iter().find(|one| one.to_string() == width)?;
        Some(Self {
            key: Key(format!("{FOLDER}/{shard}/{digits}")),
            width,
        })
    }

    /// Reads a whole name.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (shard, file) = path
            .strip_prefix(FOLDER)?
            .strip_prefix('/')?
            .split_once('/')?;
        Self::of_parts(shard, file)
    }

    /// The whole name.
    #[must_use]
    pub fn path(&self) -> String {
        self.key.file(self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_from_what_a_key_makes() {
        let key = Key::of([b"one".as_slice(), b"two"]);
        for width in WIDTHS {
            let path = key.file(width);
            let name = Name::of_path(&path).expect("a name");
            assert_eq!((name.key.as_str(), name.width), (key.as_str(), width));
            assert_eq!(name.path(), path);
        }
    }

    #[test]
    fn what_leads_elsewhere_is_no_name() {
        let digits = "ab".repeat(32);
        assert!(Name::of_parts("ab", &format!("{digits}-320.webp")).is_some());
        for (shard, file) in [
            ("ac", format!("{digits}-320.webp")),
            ("ab", format!("{digits}-321.webp")),
            ("ab", format!("{digits}-0320.webp")),
            ("ab", format!("{digits}-320.jpeg")),
            ("ab", format!("{digits}.webp")),
            ("AB", format!("{}-320.webp", digits.to_uppercase())),
            ("ab", "../../etc/passwd".to_owned()),
            ("..", format!("{digits}-320.webp")),
            ("", String::new()),
        ] {
            assert_eq!(Name::of_parts(shard, &file), None, "{shard}/{file}");
        }
        assert_eq!(Name::of_path("elsewhere/ab/x"), None);
    }
}
