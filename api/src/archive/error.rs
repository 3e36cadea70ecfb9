//! Why an archive was not written to its end.

/// Why an archive was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The opened export has no sections.
    #[error("the export has no sections")]
    Empty,
    /// A page could not be read.
    #[error("a page of the export could not be read")]
    Page(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store of photos failed.
    #[error("a photo could not be read")]
    Store(#[source] kardan_photos::Error),
    /// The archive could not be written.
    #[error("the archive could not be written")]
    Zip(#[source] std::io::Error),
    /// Whoever asked for it has hung up.
    #[error("nobody reads the archive any more")]
    Gone,
}
