//! What is under way, for whoever shows it.

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

/// The step of the moment, and how much of it is done.
#[derive(Debug, Default)]
pub struct Progress {
    step: Mutex<&'static str>,
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// A step begins. Its size is in bytes; 0 when nobody knows.
    pub(crate) fn begin(&self, step: &'static str, total: u64) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = step;
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// Counts what is read.
    pub(crate) const fn counting<R: Read>(&self, from: R) -> Counting<'_, R> {
        Counting {
            from,
            progress: self,
        }
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The step, the bytes that are done, and those of the whole step (0: nobody knows).
    #[must_use]
    pub fn now(&self) -> (&'static str, u64, u64) {
        let step = *self.step.lock().unwrap_or_else(PoisonError::into_inner);
        (
            step,
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        )
    }
}

/// A reader whose bytes are counted.
pub struct Counting<'a, R> {
    from: R,
    progress: &'a Progress,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(bytes)?;
        self.progress.add(count as u64);
        Ok(count)
    }
}
