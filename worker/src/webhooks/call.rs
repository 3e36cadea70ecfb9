//! One call of a program.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use ipnet::IpNet;
use kardan_schema::notify::WebhookClaim;
use reqwest::{Client, Url, redirect};
use serde_json::json;

use super::address::Reach;
use super::sign::signatures;

/// How long a program may take for its answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How much of an answer is read, in bytes.
const READ: usize = 2000;

/// What a program said.
#[derive(Debug)]
pub struct Answer {
    /// Whether it has the event.
    pub is_done: bool,
    /// The status of its answer.
    pub status: Option<i32>,
    /// The beginning of its answer, or why there was none.
    pub text: String,
}

impl Answer {
    fn none(why: impl Into<String>) -> Self {
        Self {
            is_done: false,
            status: None,
            text: why.into(),
        }
    }
}

/// Who calls programs.
#[derive(Clone)]
pub struct Caller {
    secure: Way,
    plain: Way,
}

/// A client, and which addresses it calls.
#[derive(Clone)]
struct Way {
    http: Client,
    reach: Reach,
}

impl Caller {
    /// One that calls addresses of the public internet, by TLS, and those of trusted networks, without it too.
    pub fn new(trusted: Vec<IpNet>) -> Result<Self, reqwest::Error> {
        Ok(Self {
            secure: Way::open(Reach {
                trusted: trusted.clone(),
                is_public: true,
            })?,
            plain: Way::open(Reach {
                trusted,
                is_public: false,
            })?,
        })
    }

    /// Tells a program what happened.
    pub async fn call(&self, claim: &WebhookClaim) -> Answer {
        let Some(data) = &claim.data else {
            return Answer::none("the log has forgotten the event");
        };
        let (way, url) = match self.way(&claim.url) {
            Ok(found) => found,
            Err(why) => return Answer::none(why),
        };
        // The same however often it is sent, so a program can tell what it has already.
        let id = &claim.message_id;
        let body = json!({ "type": claim.event_type, "timestamp": claim.event_at, "data": data });
        let (body, now) = (body.to_string(), Utc::now().timestamp());
        let secrets = [Some(&claim.secret), claim.former_secret.as_ref()];
        let secrets = secrets.into_iter().flatten().map(String::as_str);
        let request = way
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", signatures(id, now, &body, secrets))
            .body(body);
        match request.send().await {
            Ok(response) => read(response).await,
            Err(error) => Answer::none(reason(&error)),
        }
    }

    /// The address and the way to it, when it may be called. Names are looked at when they are looked up; numbers never
    /// are, so they are looked at here.
    fn way(&self, text: &str) -> Result<(&Way, Url), String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        let way = match url.scheme() {
            "https" => &self.secure,
            _ if self.plain.reach.trusted.is_empty() => {
                return Err("only https is called".to_owned());
            }
            _ => &self.plain,
        };
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        match literal.parse::<IpAddr>() {
            Ok(address) if !way.reach.has(address) => Err(format!("{address} is not public")),
            _ => Ok((way, url)),
        }
    }
}

impl Way {
    fn open(reach: Reach) -> Result<Self, reqwest::Error> {
        // A redirect could lead anywhere, and a program that moves is given its new address.
        let http = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("Kardan/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .dns_resolver(Arc::new(reach.clone()))
            .build()?;
        Ok(Self { http, reach })
    }
}

async fn read(mut response: reqwest::Response) -> Answer {
    let status = response.status();
    let mut bytes = Vec::new();
    while bytes.len() < READ {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            _ => break,
        }
    }
    let text: String = String::from_utf8_lossy(&bytes)
        .chars()
        .filter(|c| *c != '\0')
        .take(500)
        .collect();
    Answer {
        is_done: status.is_success(),
        status: Some(status.as_u16().into()),
        text,
    }
}

/// The innermost cause: the outer ones only say that something was sent.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
