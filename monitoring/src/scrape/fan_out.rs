//! The other databases of a server, for custom queries: one session that goes from one to the next, kept when there is
//! only one, and never longer than the scrape may take.

use std::collections::HashMap;

use tokio::time::Instant;
use tracing::{debug, warn};

use crate::collect::literal;
use crate::custom;
use crate::scrape::target::Target;
use crate::session::{Failure, Session};
use crate::text::{Kind, Labels, Page};

/// What is remembered between scrapes.
#[derive(Default)]
pub(super) struct FanOut {
    /// The session to the database that was visited last.
    kept: Option<(String, Session)>,
    /// Answers of custom queries that are kept for a while, by database.
    answers: HashMap<String, custom::Kept>,
    /// Where the next scrape begins when this one could not visit all.
    next: Option<String>,
}

impl FanOut {
    /// Visits the databases that are to be visited, and says of each whether it could be.
    pub(super) async fn run(
        &mut self,
        target: &Target,
        main: &Session,
        page: &mut Page,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let mut databases = self.discover(target, main, deadline).await?;
        let begins = self.next.take();
        if let Some(at) = begins.and_then(|name| databases.iter().position(|d| *d == name)) {
            databases.rotate_left(at);
        }
        let mut failed = None;
        for database in databases {
            let is_good = if Instant::now() >= deadline {
                // The rest has its turn first next time.
                self.next.get_or_insert_with(|| database.clone());
                false
            } else {
                match self.visit(target, &database, page, deadline).await {
                    Ok(()) => true,
                    Err(error) => {
                        warn!(database, %error, "the custom queries of this database have no answer");
                        failed = Some(error);
                        false
                    }
                }
            };
            page.push(
                "kardan_exporter_database_up",
                Kind::Gauge,
                "Whether the custom queries were asked in this database in this scrape.",
                &Labels::none()
                    .with("server", &target.dsn().server)
                    .with("datname", &database),
                f64::from(u8::from(is_good)),
            );
        }
        failed.map_or(Ok(()), Err)
    }

    async fn discover(
        &self,
        target: &Target,
        main: &Session,
        deadline: Instant,
    ) -> Result<Vec<String>, Failure> {
        let options = target.options();
        let list = |names: &[String]| {
            names
                .iter()
                .map(|n| literal(n))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut sql = "select d.datname::text from pg_database as d
             where d.datallowconn and not d.datistemplate and d.datname <> current_database()
                 and has_database_privilege(d.oid, 'connect')"
            .to_owned();
        if !options.exclude_databases.is_empty() {
            sql = format!(
                "{sql} and d.datname not in ({})",
                list(&options.exclude_databases)
            );
        }
        if !options.include_databases.is_empty() {
            sql = format!(
                "{sql} and d.datname in ({})",
                list(&options.include_databases)
            );
        }
        let rows = main.rows(&format!("{sql} order by 1"), deadline).await?;
        Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
    }

    async fn visit(
        &mut self,
        target: &Target,
        database: &str,
        page: &mut Page,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let session = match self.kept.take() {
            Some((name, session)) if name == database && !session.is_closed() => session,
            former => {
                // Ends before the next one begins: never more than one beside the main session.
                if let Some((_, session)) = former {
                    session.end(deadline).await;
                }
                debug!(database, "opening a session");
                let dsn = target.dsn().with_database(database);
                target.open(&dsn, deadline).await?
            }
        };
        let outcome = match &target.options().queries {
            Some(file) => {
                let kept = self.answers.entry(database.to_owned()).or_default();
                file.run(&session, kept, false, &target.style(), page, deadline)
                    .await
            }
            None => Ok(()),
        };
        if !outcome.as_ref().is_err_and(Failure::ends_session) {
            self.kept = Some((database.to_owned(), session));
        }
        outcome
    }
}
