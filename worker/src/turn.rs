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

impl Turn {
    /// One thing has ended.
    pub(crate) const fn count(&mut self, is_done: bool) {
        if is_done {
            self.done += 1;
        } else {
            self.failed += 1;
        }
    }
}
