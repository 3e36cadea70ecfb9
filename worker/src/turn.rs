//! What one turn of a task came to.

/// What one turn of a task came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turn {
    /// Things taken.
    pub claimed: u64,
    /// Of these, done.
    pub done: u64,
    /// Of these, failed; they are tried again.
    pub failed: u64,
    /// Whether there may be more to do at once.
    pub is_more: bool,
}
