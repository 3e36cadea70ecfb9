//! What is answered when a picture is refused or the store of photos fails.

use std::time::Duration;

use kardan_photos::{Error, Refusal};

use super::{Own, Problem, chain};
use crate::extract::FIELD;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let own = match refusal {
            Refusal::TooManyBytes => return Own::BodyTooLarge.into(),
            Refusal::UnknownKind => Own::PhotoKindUnknown,
            Refusal::Heic => Own::PhotoHeic,
            Refusal::TooManyPixels { .. } => Own::PhotoTooManyPixels,
            Refusal::Empty | Refusal::Damaged => Own::PhotoDamaged,
        };
        Self::from(own)
            .detail(refusal.to_string())
            .at(format!("/{FIELD}"), None)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Store { .. }) {
            tracing::error!(error = %chain(&error), "the store of photos failed");
            return Self::from(Own::PhotosUnavailable).retry_after(Duration::from_secs(5));
        }
        Self::internal(&error)
    }
}
