//! The load test itself: is the API there, does it know these people; then people come, until it is over.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::Utc;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::cast::Cast;
use crate::clock::Clock;
use crate::options::{Options, Pace};
use crate::plan::{Plan, Visit};
use crate::report::{Ran, Report};
use crate::tally::{Sample, Tally};
use crate::threshold::Thresholds;
use crate::timetable::Timetable;
use crate::visit::{Site, Walk};
use crate::{Error, Progress, journeys};

/// How much of a body that nobody expected is shown.
const SHOWN: usize = 200;

/// Lets people come until the time is over or `stop` says so, and tells what was measured.
///
/// # Errors
/// When the API is not there, is not ready or serves another database, or when the cast is empty. Once people come, whatever goes
/// wrong is a part of the report.
pub async fn run(
    options: &Options,
    thresholds: Thresholds,
    cast: Cast,
    progress: &Arc<Progress>,
    stop: &CancellationToken,
) -> Result<Report, Error> {
    cast.require()?;
    let http = client(options)?;
    check(&http, &options.target, &cast).await?;

    let (samples, received) = unbounded_channel();
    let whole = options.ramp + options.duration;
    let collected = collect(received, options.ramp);
    let (begun, begun_at) = (Instant::now(), Utc::now());
    let site = Arc::new(Site {
        http,
        target: options.target.clone(),
        clock: Clock::start(),
        samples,
        progress: Arc::clone(progress),
        over: stop.child_token(),
        begun,
        think: options.think,
        is_paced: matches!(options.pace, Pace::Users { .. }),
        run: options.run.clone(),
    });
    let plan = Arc::new(Plan::new(options.seed, options.mix.clone(), Arc::new(cast)));
    let crowd = Crowd {
        site: Arc::clone(&site),
        plan,
        end: begun + whole,
    };
    let left_out = match options.pace {
        Pace::Rate { per_second } => crowd.arrive(per_second, options).await,
        Pace::Users { users } => crowd.stay(users, options.ramp).await,
    };
    let ran = Ran {
        begun_at,
        took: begun.elapsed(),
        is_stopped: stop.is_cancelled(),
        visits: progress.begun.load(Ordering::Relaxed),
        left_out,
    };
    // The collector ends when nobody is left who could send it anything.
    drop((crowd, site));
    let tally = collected.await??;
    let mut report = Report::new(options, &tally, &ran);
    report.thresholds = thresholds.judge(&report);
    Ok(report)
}

fn client(options: &Options) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .timeout(options.timeout)
        // Of the machine's own: nothing between this and the API is to be measured unasked.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(Error::Client)
}

/// Whether somebody answers who is ready and knows the people.
async fn check(http: &reqwest::Client, target: &str, cast: &Cast) -> Result<(), Error> {
    let ready = http.get(format!("{target}/health/ready")).send().await;
    let ready = ready.map_err(|source| Error::Unreachable {
        target: target.to_owned(),
        source,
    })?;
    let status = ready.status();
    if !status.is_success() {
        let body = ready.text().await.unwrap_or_default();
        return Err(Error::NotReady {
            target: target.to_owned(),
            status: status.as_u16(),
            body: body.chars().take(SHOWN).collect(),
        });
    }
    let Some(person) = cast.people.first() else {
        return Err(Error::Empty("people who are not blocked"));
    };
    let me = http
        .get(format!("{target}/v1/me"))
        .bearer_auth(&person.token)
        .send()
        .await
        .map_err(|source| Error::Unreachable {
            target: target.to_owned(),
            source,
        })?;
    if me.status().is_success() {
        return Ok(());
    }
    Err(Error::AnotherDatabase {
        target: target.to_owned(),
        status: me.status().as_u16(),
    })
}

fn collect(
    mut samples: UnboundedReceiver<Sample>,
    ramp: Duration,
) -> JoinHandle<Result<Tally, Error>> {
    tokio::spawn(async move {
        let mut tally = Tally::new(ramp)?;
        while let Some(sample) = samples.recv().await {
            tally.add(&sample)?;
        }
        Ok(tally)
    })
}

/// Those who come.
struct Crowd {
    site: Arc<Site>,
    plan: Arc<Plan>,
    end: Instant,
}

impl Crowd {
    /// People come when the timetable says, whoever is still there; gives how many found no room until the end.
    async fn arrive(&self, per_second: f64, options: &Options) -> u64 {
        let room = Arc::new(Semaphore::new(options.at_once));
        let mut visits = JoinSet::new();
        let mut left_out = 0;
        let times = Timetable::new(options.seed, per_second, options.ramp);
        let times = times.map(|at| self.site.begun + at);
        for (number, due) in (0..).zip(times.take_while(|due| *due < self.end)) {
            if self.is_over(due).await {
                break;
            }
            let place = tokio::select! {
                biased;
                () = self.site.over.cancelled() => break,
                () = self.site.clock.until(self.end) => None,
                place = Arc::clone(&room).acquire_owned() => place.ok(),
            };
            let (Some(place), Some(visit)) = (place, self.plan.visit(number)) else {
                left_out += 1;
                continue;
            };
            let site = Arc::clone(&self.site);
            visits.spawn(async move {
                go(site, visit, due).await;
                drop(place);
            });
            while visits.try_join_next().is_some() {}
        }
        self.is_over(self.end).await;
        self.site.over.cancel();
        while visits.join_next().await.is_some() {}
        left_out
    }

    /// So many people are there from the ramp on, each with one visit after the other.
    async fn stay(&self, users: u32, ramp: Duration) -> u64 {
        let mut all = JoinSet::new();
        for user in 0..users {
            let first = self.site.begun + ramp.mul_f64(f64::from(user) / f64::from(users));
            let (site, plan) = (Arc::clone(&self.site), Arc::clone(&self.plan));
            all.spawn(async move {
                let mut due = first;
                for round in 0.. {
                    let number = u64::from(user) + round * u64::from(users);
                    let Some(visit) = plan.visit(number) else {
                        return;
                    };
                    due = go(Arc::clone(&site), visit, due).await;
                    if site.over.is_cancelled() {
                        return;
                    }
                }
            });
        }
        self.is_over(self.end).await;
        self.site.over.cancel();
        while all.join_next().await.is_some() {}
        0
    }

    /// Waits until then; says whether the test was stopped before.
    async fn is_over(&self, then: Instant) -> bool {
        tokio::select! {
            biased;
            () = self.site.over.cancelled() => true,
            () = self.site.clock.until(then) => false,
        }
    }
}

/// One visit; gives when the next one of the same person would be due.
async fn go(site: Arc<Site>, visit: Visit, due: Instant) -> Instant {
    let progress = Arc::clone(&site.progress);
    progress.begun.fetch_add(1, Ordering::Relaxed);
    let mut walk = Walk::new(site, visit, due);
    // Whether they came to the end of the way is in what was measured.
    drop(journeys::go(&mut walk).await);
    progress.ended.fetch_add(1, Ordering::Relaxed);
    walk.think();
    walk.due
}
