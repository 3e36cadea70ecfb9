//! Clients of the HTTP API: they write listings, each with a key of its own, and try again as a careful program does; and
//! they ask whether the API is ready.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::BUDGET;
use super::database::{op, pause};
use crate::Error;
use crate::check::Listings;
use crate::history::{Log, Op, Outcome};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the titles of the drill's listings begin with; the seed of the drill and a number follow.
const TITLE: &str = "drill";

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Category {
    category_id: i64,
    parent_id: Option<i64>,
}

#[derive(Deserialize)]
struct Site {
    place_id: i64,
}

#[derive(Deserialize)]
struct Mine {
    title: String,
}

/// The API's instances, and a person who writes.
pub struct Api {
    urls: Vec<String>,
    http: Client,
    token: String,
    /// What belongs to this drill and no other.
    run: String,
    category: (i64, i64),
    site: i64,
    turn: AtomicUsize,
}

impl Api {
    /// Asks for a category and a place, which a listing needs.
    pub async fn open(urls: &[String], token: String, run: String) -> Result<Self, Error> {
        let http = Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(2))
            .no_proxy()
            .build()
            .map_err(|error| Error::refused(error.to_string()))?;
        let mut api = Self {
            urls: urls
                .iter()
                .map(|url| url.trim_end_matches('/').to_owned())
                .collect(),
            http,
            token,
            run,
            category: (0, 0),
            site: 0,
            turn: AtomicUsize::new(0),
        };
        let categories: Page<Category> = api.get("/v1/catalog/categories?kind=part").await?;
        let sites: Page<Site> = api.get("/v1/catalog/places").await?;
        let mut below = categories
            .items
            .iter()
            .filter_map(|one| Some((one.parent_id?, one.category_id)));
        (api.category, api.site) = below
            .next()
            .zip(sites.items.first().map(|site| site.place_id))
            .ok_or_else(|| Error::refused("the API knows no categories or no places"))?;
        Ok(api)
    }

    /// A listing of this drill.
    fn listing(&self, id: u64) -> Value {
        json!({
            "title": format!("{TITLE} {} {id}", self.run),
            "kind": "part",
            "category_id": self.category.0,
            "subcategory_id": self.category.1,
            "place_id": self.site,
            "condition": "used",
            "price": {"amount_minor": 100_000, "currency": "RUB"},
            "stock_quantity": 1,
        })
    }

    /// The instances take turns.
    fn url(&self, path: &str) -> String {
        let turn = self.turn.fetch_add(1, Relaxed);
        let at = turn.checked_rem(self.urls.len()).unwrap_or_default();
        format!("{}{path}", self.urls.get(at).map_or("", String::as_str))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let url = self.url(path);
        let failed = |error: reqwest::Error| Error::refused(format!("{url}: {error}"));
        self.http
            .get(&url)
            .bearer_auth(&self.token)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(failed)?
            .json()
            .await
            .map_err(failed)
    }

    /// W5: a listing, tried with the same key until it is there.
    pub async fn write(&self, id: u64, log: &Log) {
        let start = log.now();
        let body = self.listing(id);
        let (begun, mut tries, mut error, mut open) = (Instant::now(), 0, None, false);
        let outcome = loop {
            tries += 1;
            match self.try_once(id, &body).await {
                Ok(()) => break Outcome::Ok,
                Err((class, certain)) => {
                    // What a careful client must never see is kept, whatever comes after it.
                    if error.as_deref() != Some("http 500") {
                        error = Some(class);
                    }
                    open |= !certain;
                }
            }
            if begun.elapsed() >= BUDGET {
                break if open {
                    Outcome::Unknown
                } else {
                    Outcome::Failed
                };
            }
            tokio::time::sleep(pause(tries)).await;
        };
        log.add(Op {
            tries,
            error,
            ..op(id, start, log.now(), outcome)
        });
    }

    /// Whether it is there, or what was said instead and whether that is the last word.
    async fn try_once(&self, id: u64, body: &Value) -> Result<(), (String, bool)> {
        let asked = self
            .http
            .post(self.url("/v1/listings"))
            .bearer_auth(&self.token)
            .header("idempotency-key", format!("{TITLE}-{}-{id}", self.run))
            .json(body)
            .send()
            .await;
        match asked {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => {
                let status = answer.status();
                Err((
                    format!("http {}", status.as_u16()),
                    !status.is_server_error(),
                ))
            }
            Err(error) if error.is_connect() => Err(("http: no connection".to_owned(), true)),
            Err(error) if error.is_timeout() => Err(("http: no answer in time".to_owned(), false)),
            Err(_) => Err(("http: connection lost".to_owned(), false)),
        }
    }

    /// W5: what the API says of itself.
    pub async fn ready(&self, id: u64, log: &Log) {
        let start = log.now();
        let asked = self.http.get(self.url("/health/ready")).send().await;
        let (outcome, error) = match asked {
            Ok(answer) if answer.status() == StatusCode::OK => (Outcome::Ok, None),
            Ok(answer) => (
                Outcome::Failed,
                Some(format!("http {}", answer.status().as_u16())),
            ),
            Err(_) => (Outcome::Unknown, Some("http: no answer".to_owned())),
        };
        log.add(Op {
            error,
            ..op(id, start, log.now(), outcome)
        });
    }

    /// The listings of this drill, as their writer sees them.
    pub async fn listings(&self) -> Result<Listings, Error> {
        let beginning = format!("{TITLE} {} ", self.run);
        let mut found: Listings = HashMap::new();
        let mut path = "/v1/me/listings?limit=100".to_owned();
        loop {
            let page: Page<Mine> = self.get(&path).await?;
            for item in &page.items {
                if let Some(id) = item.title.strip_prefix(&beginning)
                    && let Ok(id) = id.parse()
                {
                    *found.entry(id).or_default() += 1;
                }
            }
            match page.next {
                Some(next) => path = format!("/v1/me/listings?limit=100&cursor={next}"),
                None => return Ok(found),
            }
            // Under the rate that one token may have.
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }
}
