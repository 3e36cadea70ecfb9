//! Somebody on their way: each request is measured from the moment at which it was meant to be sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{ETAG, IF_MATCH};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::cast::Person;
use crate::clock::Clock;
use crate::plan::Visit;
use crate::progress::Progress;
use crate::step::Step;
use crate::tally::{Sample, Verdict};

/// What all visits share.
pub struct Site {
    pub http: reqwest::Client,
    pub target: String,
    pub clock: Clock,
    pub samples: UnboundedSender<Sample>,
    pub progress: Arc<Progress>,
    /// When nobody begins anything any more.
    pub over: CancellationToken,
    pub begun: Instant,
    pub think: Duration,
    /// Whether the next request was meant for a moment counted from the one before, and not from its answer.
    pub is_paced: bool,
    pub run: String,
}

/// A visit that is over before its end: refused, failed, or the test is over.
#[derive(Debug)]
pub struct Ended;

/// What a request is made of.
#[derive(Default)]
pub struct Ask<'a> {
    pub who: Option<&'a Person>,
    pub path: String,
    pub body: Option<Value>,
    /// The version that is changed, as a former answer named it.
    pub version: Option<String>,
    /// Whether it is done once only.
    pub once: bool,
}

impl<'a> Ask<'a> {
    /// A request without a token.
    pub fn path(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }

    /// With this person's token.
    pub const fn by(mut self, who: &'a Person) -> Self {
        self.who = Some(who);
        self
    }

    /// With this body.
    pub fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Of this version.
    pub fn version(mut self, version: Option<String>) -> Self {
        self.version = version;
        self
    }

    /// With an idempotency key.
    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }
}

/// An answer that was as wished.
pub struct Answer {
    pub etag: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// Somebody on their way.
pub struct Walk {
    pub site: Arc<Site>,
    pub visit: Visit,
    /// When the next request is meant to be sent.
    pub due: Instant,
    is_first: bool,
}

impl Walk {
    pub fn new(site: Arc<Site>, visit: Visit, due: Instant) -> Self {
        Self {
            site,
            visit,
            due,
            is_first: true,
        }
    }

    /// How long somebody thinks: half to one and a half times as long as on average.
    fn thought(&mut self) -> Duration {
        self.site.think.mul_f64(0.5 + self.visit.rng.unit())
    }

    /// Thinks: what comes next was meant for after that.
    ///
    /// Where people are paced that is counted from when the last request was meant to be sent, so that a slow answer shortens
    /// the thought and not the load; without a thought there is no such moment. Otherwise it is counted from the answer: the pace
    /// is kept by those who come.
    pub fn think(&mut self) {
        let thought = self.thought();
        let from = if self.site.is_paced && !thought.is_zero() {
            self.due
        } else {
            Instant::now()
        };
        self.due = from + thought;
    }

    /// Thinks, unless this is the first thing that they do, sends a request and measures it.
    pub async fn call(&mut self, step: &'static Step, ask: Ask<'_>) -> Result<Answer, Ended> {
        if self.is_first {
            self.is_first = false;
        } else {
            self.think();
        }
        let site = Arc::clone(&self.site);
        tokio::select! {
            biased;
            () = site.over.cancelled() => return Err(Ended),
            () = site.clock.until(self.due) => {}
        }
        let request = self.request(step, ask);
        let sent = Instant::now();
        let answered = match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let etag = response
                    .headers()
                    .get(ETAG)
                    .and_then(|etag| etag.to_str().ok())
                    .map(str::to_owned);
                let body = response.bytes().await;
                body.map(|body| (status, etag, body.to_vec()))
            }
            Err(error) => Err(error),
        };
        let done = Instant::now();
        let (verdict, answer) = judge(step, answered);
        site.progress.done(&verdict);
        let since = |at: Instant| at.saturating_duration_since(site.begun);
        // Nobody collects any more: the test is over.
        drop(site.samples.send(Sample {
            step,
            due: since(self.due),
            sent: since(sent),
            done: since(done),
            verdict,
        }));
        answer.ok_or(Ended)
    }

    fn request(&self, step: &'static Step, ask: Ask<'_>) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(step.method.as_bytes()).unwrap_or_default();
        let site = &self.site;
        let mut request = site
            .http
            .request(method, format!("{}{}", site.target, ask.path))
            .header("x-forwarded-for", address(ask.who, self.visit.number));
        if let Some(who) = ask.who {
            request = request.bearer_auth(&who.token);
        }
        if let Some(version) = ask.version {
            request = request.header(IF_MATCH, version);
        }
        if ask.once {
            let key = format!("{}-{}", site.run, self.visit.number);
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = ask.body {
            request = request.json(&body);
        }
        request
    }
}

/// An address of the network of benchmarks (RFC 2544): each person has their own, and so has each visit of nobody. It counts
/// where the server believes the proxy that it is sent through.
fn address(who: Option<&Person>, number: u64) -> String {
    let (second, place) = match who {
        Some(person) => (18, person.user.unsigned_abs()),
        None => (19, number),
    };
    format!("198.{second}.{}.{}", place >> 8 & 255, place & 255)
}

/// What an answer is, and the answer when it was as wished.
fn judge(
    step: &Step,
    answered: Result<(u16, Option<String>, Vec<u8>), reqwest::Error>,
) -> (Verdict, Option<Answer>) {
    let (status, etag, body) = match answered {
        Ok(answer) => answer,
        Err(error) => return (Verdict::Failed(None, broken(&error).to_owned()), None),
    };
    if (200..300).contains(&status) {
        return (Verdict::Answered(status), Some(Answer { etag, body }));
    }
    let problem: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let code = problem
        .get("code")
        .and_then(Value::as_str)
        .unwrap_or("no code");
    let verdict = if step.refusals.contains(&code) {
        Verdict::Refused(status, code.to_owned())
    } else {
        Verdict::Failed(Some(status), code.to_owned())
    };
    (verdict, None)
}

/// What happened when there was no answer.
fn broken(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "connection lost"
    }
}
