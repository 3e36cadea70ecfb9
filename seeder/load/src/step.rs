//! The requests of journeys: what each is called, which route it takes, and with which refusals it is answered when all is well.

use crate::mix::Journey;

/// A request of a journey.
#[derive(Debug)]
pub struct Step {
    /// Whose it is.
    pub journey: Journey,
    /// What it is called in reports.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// The route, as the API's document has it.
    pub route: &'static str,
    /// Codes of problems that happen to people where nothing is wrong: somebody else was faster, or a limit for a person is reached.
    pub refusals: &'static [&'static str],
}

/// Declares steps, and a table of them.
macro_rules! steps {
    ($journey:ident; $($id:ident = $name:literal, $method:ident $route:literal, [$($refusal:literal),*];)*) => {
        $(static $id: $crate::step::Step = $crate::step::Step {
            journey: $crate::mix::Journey::$journey,
            name: $name,
            method: stringify!($method),
            route: $route,
            refusals: &[$($refusal),*],
        };)*
        /// The requests of this journey, in their order.
        pub static STEPS: &[&$crate::step::Step] = &[$(&$id),*];
    };
}
