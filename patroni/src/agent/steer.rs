//! Where etcd shares machines with the database, the member that leads etcd is kept off the primary's: a machine that
//! freezes or dies with both leads costs twice as long, and has cost acknowledged commits.

use std::time::Duration;

use tracing::{info, warn};

use super::local::Local;
use crate::Place;

const LOOK: Duration = Duration::from_secs(2);

/// Looks every two seconds whether this node leads the database and the member beside it leads etcd.
pub async fn run(place: Place, local: Local, beside: String) {
    let mut pace = tokio::time::interval(LOOK);
    loop {
        pace.tick().await;
        if !local.is_primary() {
            continue;
        }
        match place.etcd_lead_away(&beside).await {
            Ok(None) => {}
            Ok(Some(to)) => {
                metrics::counter!("kardan_agent_etcd_moves_total").increment(1);
                info!(to, "etcd is led from another machine than the database");
            }
            Err(error) => warn!(error = %error, "the lead of etcd could not be moved"),
        }
    }
}
