//! Waiting for a moment to a fraction of a millisecond. The runtime's own timer wakes at whole milliseconds, which would be
//! most of what a fast answer takes and would be counted as waiting for the server.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use tokio::sync::oneshot;

/// A thread that wakes whoever waits; it ends with the last handle.
#[derive(Debug, Clone)]
pub struct Clock(Sender<Wait>);

#[derive(Debug)]
struct Wait {
    at: Instant,
    number: u64,
    wake: oneshot::Sender<()>,
}

impl PartialEq for Wait {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Wait {}

impl PartialOrd for Wait {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wait {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl Clock {
    /// Starts the thread.
    pub fn start() -> Self {
        let (send, waits) = channel();
        std::thread::spawn(move || run(&waits));
        Self(send)
    }

    /// Waits until this moment; returns at once when it is past.
    pub async fn until(&self, at: Instant) {
        if at <= Instant::now() {
            return;
        }
        let (wake, woken) = oneshot::channel();
        let wait = Wait {
            at,
            number: 0,
            wake,
        };
        // The thread lives as long as this handle, so neither fails.
        if self.0.send(wait).is_ok() {
            drop(woken.await);
        }
    }
}

fn run(waits: &Receiver<Wait>) {
    let mut heap: BinaryHeap<Reverse<Wait>> = BinaryHeap::new();
    let mut count = 0;
    loop {
        let now = Instant::now();
        while heap.peek().is_some_and(|Reverse(next)| next.at <= now) {
            if let Some(Reverse(due)) = heap.pop() {
                // Nobody listens any more: they were stopped.
                let _ = due.wake.send(());
            }
        }
        let next = match heap.peek() {
            Some(Reverse(next)) => {
                waits.recv_timeout(next.at.saturating_duration_since(Instant::now()))
            }
            None => waits.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(wait) => {
                count += 1;
                heap.push(Reverse(Wait {
                    number: count,
                    ..wait
                }));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
