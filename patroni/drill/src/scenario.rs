//! What will be broken, in which order and after which pauses. A seed makes it, a file keeps it, and the file makes the
//! same drill again on another day and another release.

use std::path::Path;

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::fault::{Class, Fault};

/// The form of the file.
const FORM: u32 = 1;

/// A drill to be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    form: u32,
    /// What it was made from.
    pub seed: u64,
    /// Every fault, in order.
    pub steps: Vec<Step>,
}

/// One fault, and the time before it in which the cluster is whole and at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds of quiet.
    pub quiet_ms: u64,
    /// What is broken then.
    #[serde(flatten)]
    pub fault: Fault,
}

impl Scenario {
    /// Rounds of the given classes, each round in an order of its own, until `minutes` are full; at least one round.
    #[must_use]
    pub fn new(seed: u64, classes: &[Class], minutes: u64) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut scenario = Self {
            form: FORM,
            seed,
            steps: Vec::new(),
        };
        if classes.is_empty() {
            return scenario;
        }
        loop {
            let mut round = classes.to_vec();
            round.shuffle(&mut random);
            scenario.steps.extend(round.into_iter().map(|class| Step {
                quiet_ms: random.random_range(3_000..6_000),
                fault: Fault::of(class, &mut random),
            }));
            if scenario.seconds() >= minutes * 60 {
                return scenario;
            }
        }
    }

    /// About how long it takes.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.steps
            .iter()
            .map(|step| step.quiet_ms / 1000 + step.fault.lasts())
            .sum()
    }

    /// A scenario that was written before.
    ///
    /// # Errors
    /// When there is no such file, or it holds something else.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::file(file, &error))?;
        let scenario: Self =
            serde_json::from_str(&text).map_err(|error| Error::file(file, &error))?;
        if scenario.form == FORM {
            Ok(scenario)
        } else {
            Err(Error::refused(format!(
                "{}: it is of form {}, and this program knows form {FORM}",
                file.display(),
                scenario.form
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;
    use crate::fault::Class;

    #[test]
    fn a_seed_makes_the_same_drill_every_time_and_another_seed_another_one() {
        let drill = |seed| Scenario::new(seed, &Class::ALL, 60);
        assert_eq!(drill(7), drill(7));
        assert_ne!(drill(7), drill(8));
    }

    #[test]
    fn every_class_is_met_before_one_is_met_twice() {
        let drill = Scenario::new(3, &Class::ALL, 1);
        let mut met: Vec<Class> = drill.steps.iter().map(|step| step.fault.class()).collect();
        met.sort_unstable();
        assert_eq!(met, Class::ALL);
    }

    #[test]
    fn a_written_scenario_is_the_same_when_it_is_read() {
        let drill = Scenario::new(11, &Class::ALL, 30);
        let text = serde_json::to_string(&drill).expect("JSON");
        let read: Scenario = serde_json::from_str(&text).expect("a scenario");
        assert_eq!(drill, read);
    }
}
