//! How long a task waits before its next turn.

use std::time::Duration;

/// The longest wait after failures.
const CEILING: Duration = Duration::from_secs(60);

/// After so many failures in a row: twice as long each time, from a second to a minute.
pub fn after_failures(failures: u32) -> Duration {
    let doubled = 1_u64 << failures.saturating_sub(1).min(6);
    jitter(Duration::from_secs(doubled).min(CEILING))
}

/// A quarter more or less by chance, so that workers that started together do not ask together.
pub fn jitter(wait: Duration) -> Duration {
    let mut byte = [128_u8];
    // Without chance it is the wait itself.
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    wait.mul_f64(0.75 + f64::from(byte) / 512.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_differ_by_a_quarter_at_most() {
        for (failures, seconds) in [(1, 1), (2, 2), (3, 4), (7, 60), (u32::MAX, 60)] {
            let whole = Duration::from_secs(seconds);
            for _ in 0..100 {
                let wait = after_failures(failures);
                assert!(
                    wait >= whole.mul_f64(0.75) && wait <= whole.mul_f64(1.25),
                    "{failures}: {wait:?}"
                );
            }
        }
    }
}
