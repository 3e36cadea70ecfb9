//! Short words that every test here uses.

use kardan_schema::{Error, Reason};

/// The reason of a refusal; panics with the whole answer when the call was not refused.
pub fn reason<T: std::fmt::Debug>(answer: Result<T, Error>) -> Reason {
    match answer {
        Err(error) => match error.reason() {
            Some(reason) => reason,
            None => panic!("failed without a reason: {error:?}"),
        },
        Ok(value) => panic!("was not refused: {value:?}"),
    }
}
