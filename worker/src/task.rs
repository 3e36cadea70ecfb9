//! The tasks: which there are, and one turn of each.

use std::time::Duration;

use crate::error::Failure;
use crate::line::Line;
use crate::turn::Turn;
use crate::{alerts, photos, webhooks};

/// Something that the worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Task {
    /// Tells people what their saved searches have found.
    SearchAlerts,
    /// Takes files of photos away that nobody shows, once a day.
    PhotoSweep,
    /// Tells programs of shops what happened.
    Webhooks,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::SearchAlerts, Self::PhotoSweep, Self::Webhooks];

    /// Its name, as on the command line and in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SearchAlerts => "search-alerts",
            Self::PhotoSweep => "photo-sweep",
            Self::Webhooks => "webhooks",
        }
    }

    /// How long it rests after it found nothing; `poll` is what the operator chose for what people wait for.
    pub(crate) const fn rest(self, poll: Duration) -> Duration {
        match self {
            Self::SearchAlerts | Self::Webhooks => poll,
            Self::PhotoSweep => Duration::from_secs(3600),
        }
    }

    /// Does one piece of work.
    pub(crate) async fn turn(self, line: &Line) -> Result<Turn, Failure> {
        match self {
            Self::SearchAlerts => alerts::turn(line).await,
            Self::PhotoSweep => photos::turn(line).await,
            Self::Webhooks => webhooks::turn(line).await,
        }
    }

    /// Brings to an end what its turns have left under way.
    pub(crate) async fn end(self, line: &Line) -> Result<Turn, Failure> {
        match self {
            Self::SearchAlerts | Self::PhotoSweep => Ok(Turn::default()),
            Self::Webhooks => webhooks::end(line).await,
        }
    }
}
