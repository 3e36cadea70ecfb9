//! Who comes for what: a function of the seed and of the number of the visit alone.

use std::sync::Arc;

use kardan_bulk::rng::{Key, Rng};
use kardan_bulk::sample::Zipf;

use crate::cast::{Cast, Good, Person, Stall};
use crate::mix::{Journey, Mix};
use crate::words;

/// The visits of a load test.
#[derive(Debug, Clone)]
pub struct Plan {
    key: Key,
    mix: Mix,
    cast: Arc<Cast>,
    popularity: Zipf,
}

/// One visit: who comes, for what, and everything that chance has a word in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its number.
    pub number: u64,
    /// What they come for.
    pub journey: Journey,
    /// Who they are, where they sign in.
    pub person: Person,
    /// Who they are, where they moderate.
    pub moderator: Person,
    /// The listing that they have in mind.
    pub good: Good,
    /// The listing of which they buy a piece, and its seller.
    pub stall: Stall,
    /// The words that they look for.
    pub query: String,
    /// What else is left to chance on the way: which answer they open, how long they think.
    pub rng: Rng,
}

impl Plan {
    /// The visits of these people. The cast has somebody and something of each kind.
    #[must_use]
    pub fn new(seed: u64, mix: Mix, cast: Arc<Cast>) -> Self {
        Self {
            key: Key::new(seed, "load.visits@1"),
            mix,
            popularity: Zipf::new(cast.goods.len() as u64, 0.85),
            cast,
        }
    }

    /// The visit with this number, if the cast is not empty.
    #[must_use]
    pub fn visit(&self, number: u64) -> Option<Visit> {
        let mut rng = self.key.row(number);
        let journey = self.mix.pick(&mut rng);
        let good = self
            .cast
            .goods
            .get(self.popularity.sample(&mut rng) as usize)?;
        // Everything is drawn for everybody: a new journey then changes nothing of the others.
        Some(Visit {
            number,
            journey,
            person: rng.pick(&self.cast.people)?.clone(),
            moderator: rng.pick(&self.cast.moderators)?.clone(),
            stall: rng.pick(&self.cast.stalls)?.clone(),
            query: words::query(&mut rng, good),
            good: good.clone(),
            rng,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn cast() -> Arc<Cast> {
        let person = |user| Person {
            user,
            token: format!("kdn_p_{user}").into(),
        };
        let good = |id: i64| Good {
            id,
            seller: 1,
            kind: "part".to_owned(),
            title: format!("Колодки тормозные передние Bosch {id}"),
            category: 1,
            subcategory: 2,
            brand: None,
            part_number: format!("GDB {id}"),
            condition: "new".to_owned(),
            place: 1,
            attributes: "{}".to_owned(),
            currency: "RUB".to_owned(),
            price_minor: 100_000,
            stock: 5,
        };
        Arc::new(Cast {
            people: (1..=200).map(person).collect(),
            moderators: (300..310).map(person).collect(),
            goods: (1..=500).map(good).collect(),
            stalls: (1..=50)
                .map(|listing| Stall {
                    listing,
                    seller: person(400 + listing),
                })
                .collect(),
        })
    }

    fn told(visit: &Visit) -> String {
        format!("{visit:?}")
    }

    #[test]
    fn a_visit_depends_on_the_seed_and_its_number_and_on_no_other_visit() {
        let (plan, same) = (
            Plan::new(7, Mix::default(), cast()),
            Plan::new(7, Mix::default(), cast()),
        );
        let forward: Vec<String> = (0..300)
            .filter_map(|n| plan.visit(n))
            .map(|v| told(&v))
            .collect();
        let mut backward: Vec<String> = (0..300)
            .rev()
            .filter_map(|n| same.visit(n))
            .map(|v| told(&v))
            .collect();
        backward.reverse();
        assert_eq!(forward, backward);
        let other = Plan::new(8, Mix::default(), cast());
        let alike = (0..300)
            .filter(|n| other.visit(*n).map(|v| told(&v)).as_ref() == forward.get(*n as usize))
            .count();
        assert_eq!(alike, 0);
    }

    #[test]
    fn another_mix_sends_other_people_for_other_things_but_not_somebody_else() {
        let all = Plan::new(7, Mix::default(), cast());
        let buyers = Plan::new(7, "deal=1".parse().unwrap(), cast());
        for number in 0..50 {
            let (one, other) = (all.visit(number).unwrap(), buyers.visit(number).unwrap());
            assert_eq!(other.journey, Journey::Deal);
            assert_eq!(one.person.user, other.person.user);
            assert_eq!(one.query, other.query);
        }
    }
}
