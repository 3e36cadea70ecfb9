//! Queries of the operator's own, from the file of `--extend.query-path` in upstream's format.

mod file;
mod rows;
mod value;
mod versions;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::{info, warn};

pub(crate) use file::Namespace;

use crate::Error;
use crate::error::parse_yaml;
use crate::scrape::emit::Style;
use crate::session::{Failure, Session};
use crate::text::{Kind, Labels, Page};

/// Answers that are kept as long as their `cache_seconds`, by namespace.
#[derive(Debug, Default)]
pub(crate) struct Kept(HashMap<String, (Instant, Vec<rows::Sample>)>);

/// The file, read anew when it changes.
pub(crate) struct QueryFile {
    path: PathBuf,
    state: Mutex<Loaded>,
}

#[derive(Debug, Default)]
struct Loaded {
    changed_at: Option<SystemTime>,
    hash: String,
    error: Option<String>,
    namespaces: Arc<BTreeMap<String, Namespace>>,
}

impl QueryFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        let file = Self {
            path,
            state: Mutex::default(),
        };
        file.load();
        file
    }

    /// The queries as they stand in the file; the last good ones when it has a mistake.
    fn load(&self) -> Arc<BTreeMap<String, Namespace>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let changed_at = std::fs::metadata(&self.path)
            .and_then(|m| m.modified())
            .ok();
        if changed_at.is_none() || changed_at != state.changed_at {
            match self.read() {
                Ok((hash, namespaces)) => {
                    info!(path = %self.path.display(), queries = namespaces.len(), "the custom queries are read");
                    *state = Loaded {
                        changed_at,
                        hash,
                        error: None,
                        namespaces: Arc::new(namespaces),
                    };
                }
                Err(error) => {
                    let said = match std::error::Error::source(&error) {
                        Some(cause) => format!("{error}: {cause}"),
                        None => error.to_string(),
                    };
                    // Once for each mistake, not once a scrape.
                    if state.error.as_ref() != Some(&said) {
                        warn!(
                            error = said,
                            "the custom queries are not read; the last good ones stay"
                        );
                    }
                    state.changed_at = changed_at;
                    state.hash = hash(&std::fs::read(&self.path).unwrap_or_default());
                    state.error = Some(said);
                }
            }
        }
        state.namespaces.clone()
    }

    fn read(&self) -> Result<(String, BTreeMap<String, Namespace>), Error> {
        let text = std::fs::read_to_string(&self.path).map_err(|source| Error::File {
            what: "custom queries",
            path: self.path.clone(),
            source,
        })?;
        let namespaces: BTreeMap<String, Namespace> = if text.trim().is_empty() {
            BTreeMap::new()
        } else {
            parse_yaml(&text, &self.path)?
        };
        for (name, namespace) in &namespaces {
            namespace.check().map_err(|reason| Error::Yaml {
                path: self.path.clone(),
                reason: format!("{name}: {reason}"),
            })?;
        }
        Ok((hash(text.as_bytes()), namespaces))
    }

    /// The first words of the families that the file defines.
    pub(crate) fn namespaces(&self) -> Vec<String> {
        self.load().keys().cloned().collect()
    }

    /// Puts on the page whether the file could be read.
    pub(crate) fn tell(&self, constant: &Labels, page: &mut Page) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        page.push(
            "pg_exporter_user_queries_load_error",
            Kind::Gauge,
            "Whether the user queries file was loaded and parsed successfully (1 for error, 0 for success).",
            &constant
                .clone()
                .with("filename", &self.path.display().to_string())
                .with("hashsum", &state.hash),
            f64::from(u8::from(state.error.is_some())),
        );
    }

    /// Asks every query that is for this database. One that fails fails alone and is named.
    pub(crate) async fn run(
        &self,
        session: &Session,
        kept: &mut Kept,
        is_main: bool,
        style: &Style,
        page: &mut Page,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let namespaces = self.load();
        let mut failure = None;
        for (name, namespace) in namespaces.iter() {
            if (namespace.master && !is_main) || !namespace.is_for(session.version) {
                continue;
            }
            let every = Duration::from_secs(namespace.cache_seconds);
            let is_fresh = |at: &Instant| at.elapsed() <= every && !every.is_zero();
            let is_good = match kept.0.get(name) {
                Some((at, samples)) if is_fresh(at) => {
                    rows::tell(samples, page);
                    true
                }
                _ => match rows::ask(name, namespace, session, style, deadline).await {
                    Ok(samples) => {
                        rows::tell(&samples, page);
                        kept.0.insert(name.clone(), (Instant::now(), samples));
                        true
                    }
                    Err(error) => {
                        warn!(query = name, %error, "a custom query has no answer");
                        let ends = error.ends_session();
                        failure = Some(error);
                        if ends {
                            break;
                        }
                        false
                    }
                },
            };
            page.push(
                "kardan_exporter_custom_query_success",
                Kind::Gauge,
                "Whether the query of the file had an answer (1) or not (0).",
                &style.extra.clone().with("query", name),
                f64::from(u8::from(is_good)),
            );
        }
        failure.map_or(Ok(()), Err)
    }
}

fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}
