//! A load test: people who look, search, buy, sell and moderate over HTTP, as many as are wanted, and how long they wait.
//!
//! What somebody does is a function of the seed and of the number of their visit alone ([`plan`]). When they come is decided
//! before anything is measured and not by how fast answers come ([`timetable`]); a request is measured from the moment at which it
//! was meant to be sent, so that a server which stalls is charged with everybody who had to wait (`visit.rs`). Nothing here knows a
//! database: whoever calls brings people with tokens and listings ([`cast`]).

#[macro_use]
pub mod step;

pub mod cast;
mod clock;
mod error;
pub mod journeys;
pub mod mix;
pub mod options;
pub mod page;
pub mod plan;
mod progress;
pub mod report;
mod run;
mod tally;
pub mod text;
pub mod threshold;
pub mod timetable;
pub mod units;
mod visit;
mod words;

pub use error::Error;
pub use progress::Progress;
pub use run::run;
