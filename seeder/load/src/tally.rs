//! What was measured: requests into histograms, by step and by time.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::mix::Journey;
use crate::step::Step;
use crate::units::micros;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Answered as wished, with this status.
    Answered(u16),
    /// Refused, with this status and code, as happens where nothing is wrong.
    Refused(u16, String),
    /// Everything else: a status and code that nobody expects, or no answer at all.
    Failed(Option<u16>, String),
}

/// A request. Times are counted from the beginning of the test.
#[derive(Debug)]
pub struct Sample {
    pub step: &'static Step,
    /// When it was meant to be sent.
    pub due: Duration,
    /// When it was sent.
    pub sent: Duration,
    /// When its answer was there.
    pub done: Duration,
    pub verdict: Verdict,
}

/// Microseconds, to three figures; it grows with what it has to hold.
pub type Times = Histogram<u64>;

/// Requests of one kind.
#[derive(Debug)]
pub struct Counted {
    pub requests: u64,
    pub refused: u64,
    pub failed: u64,
    /// From the moment at which it was meant to be sent.
    pub latency: Times,
    /// From the moment at which it was sent.
    pub service: Times,
    pub statuses: BTreeMap<u16, u64>,
}

impl Counted {
    pub fn new() -> Result<Self, hdrhistogram::CreationError> {
        Ok(Self {
            requests: 0,
            refused: 0,
            failed: 0,
            latency: Histogram::new(3)?,
            service: Histogram::new(3)?,
            statuses: BTreeMap::new(),
        })
    }

    fn add(&mut self, sample: &Sample) {
        self.requests += 1;
        let status = match &sample.verdict {
            Verdict::Answered(status) => Some(*status),
            Verdict::Refused(status, _) => {
                self.refused += 1;
                Some(*status)
            }
            Verdict::Failed(status, _) => {
                self.failed += 1;
                *status
            }
        };
        if let Some(status) = status {
            *self.statuses.entry(status).or_default() += 1;
        }
        // Those that failed too: without them, a server that answers nobody would look fast.
        record(&mut self.latency, sample.due, sample.done);
        record(&mut self.service, sample.sent, sample.done);
    }
}

/// What happened in a stretch of time; answers count when they come.
#[derive(Debug)]
pub struct Window {
    pub requests: u64,
    pub refused: u64,
    pub failed: u64,
    pub latency: Times,
}

/// Everything that was measured.
#[derive(Debug)]
pub struct Tally {
    /// What is due before this is not counted, but for the windows.
    ramp: Duration,
    /// How long a window is: a second, and longer ones of a long test.
    pub width: Duration,
    /// When the last answer came.
    pub last: Duration,
    pub total: Counted,
    pub steps: BTreeMap<(Journey, &'static str), Counted>,
    /// Step, whether it failed, why, and how often.
    pub reasons: BTreeMap<(Journey, &'static str, bool, String), u64>,
    pub windows: Vec<Window>,
    /// Requests of the ramp.
    pub of_ramp: u64,
    /// How much later than meant requests were sent.
    pub late: Times,
}

/// Windows at most; then each two become one, so that a test of any length takes as much memory.
const WINDOWS: usize = 480;

impl Tally {
    pub fn new(ramp: Duration) -> Result<Self, hdrhistogram::CreationError> {
        Ok(Self {
            ramp,
            width: Duration::from_secs(1),
            last: Duration::ZERO,
            total: Counted::new()?,
            steps: BTreeMap::new(),
            reasons: BTreeMap::new(),
            windows: Vec::new(),
            of_ramp: 0,
            late: Histogram::new(3)?,
        })
    }

    pub fn add(&mut self, sample: &Sample) -> Result<(), hdrhistogram::CreationError> {
        self.add_to_window(sample)?;
        if sample.due < self.ramp {
            self.of_ramp += 1;
            return Ok(());
        }
        self.total.add(sample);
        record(&mut self.late, sample.due, sample.sent);
        let key = (sample.step.journey, sample.step.name);
        let of_step = match self.steps.entry(key) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => entry.insert(Counted::new()?),
        };
        of_step.add(sample);
        let (is_failure, reason) = match &sample.verdict {
            Verdict::Answered(_) => return Ok(()),
            Verdict::Refused(status, code) => (false, format!("{status} {code}")),
            Verdict::Failed(Some(status), code) => (true, format!("{status} {code}")),
            Verdict::Failed(None, what) => (true, what.clone()),
        };
        let key = (sample.step.journey, sample.step.name, is_failure, reason);
        *self.reasons.entry(key).or_default() += 1;
        Ok(())
    }

    /// The window of this moment.
    const fn place(&self, at: Duration) -> usize {
        (at.as_nanos() / self.width.as_nanos()) as usize
    }

    /// Makes one of each two windows.
    fn widen(&mut self) {
        self.width *= 2;
        let narrow = std::mem::take(&mut self.windows);
        for (number, window) in narrow.into_iter().enumerate() {
            match self.windows.last_mut() {
                Some(last) if number % 2 == 1 => last.merge(&window),
                _ => self.windows.push(window),
            }
        }
    }

    fn add_to_window(&mut self, sample: &Sample) -> Result<(), hdrhistogram::CreationError> {
        self.last = self.last.max(sample.done);
        while self.place(sample.done) >= WINDOWS {
            self.widen();
        }
        let at = self.place(sample.done);
        while self.windows.len() <= at {
            self.windows.push(Window {
                requests: 0,
                refused: 0,
                failed: 0,
                latency: Histogram::new(2)?,
            });
        }
        let Some(window) = self.windows.get_mut(at) else {
            return Ok(());
        };
        window.requests += 1;
        match sample.verdict {
            Verdict::Answered(_) => {}
            Verdict::Refused(..) => window.refused += 1,
            Verdict::Failed(..) => window.failed += 1,
        }
        record(&mut window.latency, sample.due, sample.done);
        Ok(())
    }
}

impl Window {
    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.refused += other.refused;
        self.failed += other.failed;
        // One that grows takes every value.
        let _ = self.latency.add(&other.latency);
    }
}

fn record(times: &mut Times, from: Duration, to: Duration) {
    // A histogram that grows takes every value; saturating_record would not let it grow.
    let _ = times.record(micros(to.saturating_sub(from)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journeys;

    #[test]
    fn a_long_test_has_wider_windows_that_hold_everything_in_its_order() {
        let step = journeys::steps().next().unwrap();
        let mut tally = Tally::new(Duration::ZERO).unwrap();
        for second in 0..3600_u64 {
            let sent = Duration::from_secs(second);
            // The longer the test takes, the longer the answers.
            let done = sent + Duration::from_micros(1000 + second);
            let (due, verdict) = (sent, Verdict::Answered(200));
            let sample = Sample {
                step,
                due,
                sent,
                done,
                verdict,
            };
            tally.add(&sample).unwrap();
        }
        assert_eq!(tally.width, Duration::from_secs(8));
        assert_eq!(tally.windows.len(), 450);
        assert!(tally.windows.iter().all(|window| window.requests == 8));
        let highest: Vec<u64> = tally
            .windows
            .iter()
            .map(|window| window.latency.max())
            .collect();
        assert!(highest.is_sorted() && highest[0] < highest[449]);
    }
}
