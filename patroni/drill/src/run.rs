//! Holding a drill: everything at its time, and everything mended at the end, whatever happens.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::Utc;
use kardan_cluster::{Place, PlaceConfig};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::check::check;
use crate::clients::{Api, Clients, Rates};
use crate::containers::{self, Containers};
use crate::fault::Class;
use crate::history::{History, micros};
use crate::inject::{Scene, Seen, mend};
use crate::measure::{Impact, Window};
use crate::report::{Report, StepReport};
use crate::scenario::Scenario;
use crate::{Error, stage};

/// How long the cluster may take to be whole after a fault before the drill goes on without.
const WHOLE: Duration = Duration::from_secs(120);
/// Quiet before the first fault and after the last.
const QUIET: Duration = Duration::from_secs(5);

/// A drill, and where it is held.
pub struct Drill {
    /// The cluster. Its hosts file is rewritten when nodes come back under other addresses.
    pub place: PlaceConfig,
    /// The hosts file.
    pub hosts: PathBuf,
    /// The folder with the API's `url` and `reader-url`.
    pub application: PathBuf,
    /// The API's instances.
    pub api: Vec<String>,
    /// A token of somebody who may read and write.
    pub token: String,
    /// The Compose project.
    pub project: String,
    /// What will be broken.
    pub scenario: Scenario,
    /// Operations a second of each kind at the database.
    pub rate: u32,
    /// After everything is mended, the database is looked at once more so much later.
    pub settle: Duration,
}

impl Drill {
    async fn containers(&self) -> Result<Containers, Error> {
        Containers::find(&self.project).await
    }

    /// The cluster under the addresses of now.
    async fn place(&self, containers: &Containers) -> Result<Place, Error> {
        containers.write_hosts(&self.hosts).await?;
        Ok(Place::open(&self.place)?)
    }

    /// Mends what another drill left.
    ///
    /// # Errors
    /// When Docker refuses.
    pub async fn mend(&self) -> Result<(), Error> {
        mend(&self.containers().await?).await
    }
}

/// Holds it and tells how it goes; `shutdown` ends it early, with a report of what was done.
///
/// # Errors
/// When it cannot be held. What it finds is in the report.
pub async fn run(
    drill: &Drill,
    shutdown: &CancellationToken,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<(Report, History), Error> {
    let containers = drill.containers().await?;
    let place = drill.place(&containers).await?;
    let status = place.status().await?;
    let nodes = status.nodes.len();
    if !status.is_whole() {
        return Err(Error::refused(
            "the cluster is not whole, and a drill would blame itself for that; look at: kardan cluster doctor; what an \
             earlier drill left is mended by: kardan cluster drill --mend",
        ));
    }
    let mut notes = limits(&drill.scenario).await?;
    let run = format!("{:x}", Utc::now().timestamp_millis());
    let api = Api::open(&drill.api, drill.token.clone(), run).await?;
    stage::set_up(&place).await?;

    let began_at = Utc::now();
    let began = Instant::now();
    let rates = Rates {
        database: drill.rate,
        api: 4,
    };
    let clients = Clients::start(&place, &drill.application, api, rates, began).await?;
    sleep(QUIET).await;
    let mut steps = Vec::new();
    let played = async {
        for step in &drill.scenario.steps {
            sleep(Duration::from_millis(step.quiet_ms)).await;
            let number = steps.len() + 1;
            tell(&format!(
                "{number}/{} {}",
                drill.scenario.steps.len(),
                step.fault
            ));
            let place = drill.place(&containers).await?;
            let scene = Scene {
                place: &place,
                containers: &containers,
                tell,
            };
            let begun = micros(began);
            // A fault that could not be played to its end is told, and mended; what clients saw of it counts all the same.
            let (seen, trouble) = match scene.play(&step.fault).await {
                Ok(seen) => (seen, None),
                Err(error) => {
                    tell(&format!("not played to its end: {error}"));
                    mend(&containers).await?;
                    (Seen::default(), Some(error.to_string()))
                }
            };
            let mended = micros(began);
            let place = drill.place(&containers).await?;
            let whole = wait_whole(&place, nodes).await.then(|| micros(began));
            if whole.is_none() {
                tell("the cluster is not whole again; the drill goes on");
            }
            steps.push(StepReport {
                fault: step.fault.clone(),
                window: Window {
                    begun,
                    mended,
                    whole,
                },
                impact: Impact::default(),
                violation: seen.violation,
                trouble,
            });
        }
        Ok::<(), Error>(())
    };
    let played = tokio::select! {
        played = played => played,
        () = shutdown.cancelled() => {
            tell("ended early; everything is mended");
            Ok(())
        }
    };
    mend(&containers).await?;
    played?;
    sleep(QUIET).await;
    tell("clients stop");
    let (history, listings) = clients.stop().await?;

    let place = drill.place(&containers).await?;
    // A node that does not follow holds less, which proves nothing; what was acknowledged must be at the leader all the same.
    let is_whole = wait_whole(&place, nodes).await;
    if !is_whole {
        let note = "the cluster was not whole at the end, and only its leader was compared; look at: kardan cluster doctor";
        tell(note);
        notes.push(note.to_owned());
    }
    let mut found = stage::found(&place, "mended", is_whole).await?;
    if !drill.settle.is_zero() {
        tell(&format!(
            "looking once more in {} s",
            drill.settle.as_secs()
        ));
        sleep(drill.settle).await;
        found.extend(stage::found(&place, "later", is_whole).await?);
    }
    stage::take_down(&place).await?;
    let verdict = check(&history, &found, &listings);
    let report = Report::new(&drill.scenario, began_at, steps, &history, verdict, notes);
    Ok((report, history))
}

/// Waits until as many nodes as at first are there and well. One that is gone for longer than its lease is a member no more,
/// so that what is left would seem whole.
async fn wait_whole(place: &Place, nodes: usize) -> bool {
    let all = place.wait_until("a whole cluster", WHOLE, |status| {
        status.nodes.len() == nodes && status.successors.len() + 1 == nodes && status.is_whole()
    });
    all.await.is_ok()
}

/// What this machine cannot do of the scenario.
async fn limits(scenario: &Scenario) -> Result<Vec<String>, Error> {
    let slow = scenario
        .steps
        .iter()
        .any(|step| step.fault.class() == Class::F6);
    if !slow || containers::can_delay().await {
        return Ok(Vec::new());
    }
    if containers::can_lose().await {
        return Ok(vec![
            "F6 lost packets and did not delay them: this kernel has no netem".to_owned(),
        ]);
    }
    Err(Error::refused(
        "this kernel can neither delay packets (netem) nor lose them (xt_statistic); leave F6 out: --faults F1,F2,…",
    ))
}
