//! Developing photos beside other work: on threads of its own kind, no more at once than there are cores, and no more
//! waiting than memory allows.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Photo, Refusal, develop};

/// Pictures that may be in hand at once: being received, waiting or developed. Each may hold
/// [`crate::MAX_BYTES`].
const IN_HAND: usize = 32;

/// Where photos are developed. A clone is the same lab.
#[derive(Debug, Clone)]
pub struct Lab {
    in_hand: Arc<Semaphore>,
    benches: Arc<Semaphore>,
}

/// A place in the lab: whoever has one may receive a picture and have it developed.
#[derive(Debug)]
pub struct Place {
    lab: Lab,
    held: OwnedSemaphorePermit,
}

impl Lab {
    /// A lab that develops as many photos at once as there are cores.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            in_hand: Arc::new(Semaphore::new(IN_HAND)),
            benches: Arc::new(Semaphore::new(cores)),
        }
    }

    /// A place, unless all are taken.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let held = Arc::clone(&self.in_hand).try_acquire_owned().ok()?;
        Some(Place {
            lab: self.clone(),
            held,
        })
    }
}

impl Default for Lab {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// Develops a photo when a core is free. The place is free again when the work is done, also when nobody waits for
    /// it any more.
    ///
    /// # Errors
    /// See [`develop()`].
    pub async fn develop(self, bytes: Bytes) -> Result<Result<Photo, Refusal>, Error> {
        // Nobody closes the benches, so there is always a permit sooner or later.
        let bench = Arc::clone(&self.lab.benches).acquire_owned().await.ok();
        let work = tokio::task::spawn_blocking(move || {
            let made = develop(&bytes);
            drop((bench, self.held));
            made
        });
        work.await.map_err(Error::Lab)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lab_takes_nobody_until_somebody_leaves() {
        let lab = Lab::new();
        let mut places: Vec<Place> = std::iter::from_fn(|| lab.place()).take(100).collect();
        assert_eq!(places.len(), IN_HAND);
        places.pop();
        assert!(lab.place().is_some());
    }
}
