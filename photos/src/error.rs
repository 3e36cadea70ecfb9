//! What can go wrong: a picture that is refused, and a store that fails.

/// Why a picture is not taken. Each is the sender's to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`crate::MAX_BYTES`].
    #[error("the file has more than {} bytes", crate::MAX_BYTES)]
    TooManyBytes,
    /// The content is none of the kinds that are read, whatever its name says.
    #[error("the content is no JPEG, PNG or WebP")]
    UnknownKind,
    /// A photo as iPhones keep it, which is not read.
    #[error("the content is HEIC or AVIF, which is not read")]
    Heic,
    /// More pixels than [`crate::MAX_PIXELS`] or a side longer than [`crate::MAX_SIDE`].
    #[error("the picture has {width} × {height} pixels")]
    TooManyPixels {
        /// Pixels, as the header says.
        width: u32,
        /// Pixels, as the header says.
        height: u32,
    },
    /// The content ends too early or contradicts itself.
    #[error("the picture is damaged")]
    Damaged,
}

/// Why the store could not be opened or did not do something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none that is understood.
    #[error("{url:?} is no place for photos: give a folder, file:///folder or s3://bucket/prefix")]
    Address {
        /// What was given.
        url: String,
    },
    /// The folder cannot be made.
    #[error("cannot make the folder of photos {}", path.display())]
    Folder {
        /// The folder.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file with the secret key cannot be read.
    #[error("cannot read the secret key in {}", path.display())]
    SecretFile {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store refused or could not be reached.
    #[error("the store of photos could not {action}")]
    Store {
        /// What was tried.
        action: &'static str,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// Looking at a picture ended without an answer.
    #[error("a picture could not be developed")]
    Lab(#[source] tokio::task::JoinError),
    /// Writing WebP failed; the picture is good.
    #[error("a picture of {width} × {height} pixels could not be written as WebP: {why}")]
    Encode {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// What libwebp says.
        why: String,
    },
}
