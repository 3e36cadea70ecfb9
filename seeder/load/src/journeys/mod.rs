//! What people do, journey by journey. A journey ends where it is refused or fails, as people go away then.

mod buy;
mod look;
mod moderate;
mod offer;
mod wish;

use serde_json::Value;

use crate::mix::Journey;
use crate::step::Step;
use crate::visit::{Ended, Walk};

/// Every request that there is, journey by journey.
pub fn steps() -> impl Iterator<Item = &'static Step> {
    [
        look::browse::STEPS,
        look::search::STEPS,
        look::open::STEPS,
        wish::contact::STEPS,
        wish::favourite::STEPS,
        offer::STEPS,
        moderate::STEPS,
        buy::STEPS,
        buy::review::STEPS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Goes the whole way, or as far as it goes.
pub(crate) async fn go(walk: &mut Walk) -> Result<(), Ended> {
    match walk.visit.journey {
        Journey::Browse => look::browse::go(walk).await,
        Journey::Search => look::search::go(walk).await,
        Journey::Open => look::open::go(walk).await,
        Journey::Contact => wish::contact::go(walk).await,
        Journey::Favourite => wish::favourite::go(walk).await,
        Journey::Post => offer::go(walk).await,
        Journey::Moderate => moderate::go(walk).await,
        Journey::Deal => buy::go(walk).await.map(|_| ()),
        Journey::Review => buy::review::go(walk).await,
    }
}

/// A path with a query.
fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

/// The numbers under this name in the rows of a list.
fn numbers(list: &Value, name: &str) -> Vec<i64> {
    let rows = list.get("items").and_then(Value::as_array);
    rows.into_iter()
        .flatten()
        .filter_map(|row| row.get(name)?.as_i64())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_step_is_a_route_of_the_api_and_every_refusal_one_that_it_gives() {
        let document: Value =
            serde_json::from_str(include_str!("../../../../api/openapi.json")).unwrap();
        for step in steps() {
            let route = &document["paths"][step.route];
            let method = step.method.to_lowercase();
            assert!(
                route.get(&method).is_some(),
                "{} {}",
                step.method,
                step.route
            );
            for code in step.refusals {
                let is_own = *code == "thing_unknown";
                assert!(
                    is_own || kardan_schema::Reason::from_code(code).is_some(),
                    "{code}"
                );
            }
        }
    }

    #[test]
    fn every_journey_has_steps_and_no_two_steps_have_one_name() {
        let names: BTreeSet<_> = steps().map(|step| (step.journey, step.name)).collect();
        assert_eq!(names.len(), steps().count());
        let journeys: BTreeSet<_> = steps().map(|step| step.journey).collect();
        assert_eq!(journeys.len(), Journey::ALL.len());
    }
}
