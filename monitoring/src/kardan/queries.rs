//! Statements by the time that they take: the heaviest by their id, all others together. Cost: the counters of
//! pg_stat_statements without its texts; a text is fetched once, when an id is first told.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use super::{Group, Known, Special};
use crate::collect::{Column, counter, literal};
use crate::scrape::emit::{Reading, read};
use crate::scrape::ranking::{OTHER, Ranking};
use crate::session::{Failure, Session};
use crate::text::{Kind, Labels, Page};

pub(super) const GROUP: Group = Group {
    name: "kardan_queries",
    about: "The statements that take most time, and all others together",
    every: Duration::from_secs(15),
    needs: &["pg_stat_statements"],
    queries: &[],
    special: Special::Queries,
};

const LABELS: &[&str] = &["datname", "user", "queryid"];

const COLUMNS: &[Column] = &[
    counter(
        "kardan_query_calls_total",
        "How often the statement was executed.",
    ),
    counter(
        "kardan_query_seconds_total",
        "Time that the statement took, in seconds. The row (other) has all that are not told by their id.",
    ),
    counter(
        "kardan_query_rows_total",
        "Rows that the statement returned or changed.",
    ),
    counter(
        "kardan_query_blocks_read_total",
        "Blocks that the statement found outside of PostgreSQL's buffers.",
    ),
    counter(
        "kardan_query_temp_blocks_written_total",
        "Blocks that the statement wrote to temporary files.",
    ),
];

/// Which of the columns is the time.
const SECONDS: usize = 1;
/// What a score keeps from one question to the next: half after some eight minutes.
const FADES: f64 = 0.98;

/// What is remembered of statements.
#[derive(Default)]
pub struct Queries {
    asked_at: Option<Instant>,
    rows: Vec<Reading>,
    ranking: Ranking,
    /// By labels: the time spent so far, and the score.
    spent: HashMap<Vec<String>, (f64, f64)>,
    texts: HashMap<String, String>,
}

impl Queries {
    /// Puts the statements on the page; asks the server when the last answer is older than `every`.
    pub(crate) async fn tell(
        &mut self,
        session: &Session,
        known: &Known,
        limit: usize,
        every: Duration,
        page: &mut Page,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let Some(view) = known.statements() else {
            return Ok(());
        };
        if self.asked_at.is_none_or(|at| at.elapsed() >= every) {
            let readings = read(&session.rows(&sql(view), deadline).await?, LABELS.len())?;
            self.rank(readings, limit);
            self.fetch_texts(session, view, deadline).await?;
            self.asked_at = Some(Instant::now());
        }
        for row in &self.rows {
            let labels = LABELS
                .iter()
                .zip(&row.labels)
                .fold(Labels::none(), |labels, (name, value)| {
                    labels.with(*name, value)
                })
                .text();
            for (column, value) in COLUMNS.iter().zip(&row.values) {
                page.family(column.name, column.kind, column.help)
                    .push(labels.clone(), value.unwrap_or_default());
            }
        }
        for (queryid, query) in &self.texts {
            page.push(
                "kardan_query_info",
                Kind::Gauge,
                "The text of a statement that is told by its id, without its arguments; 1.",
                &Labels::none().with("queryid", queryid).with("query", query),
                1.0,
            );
        }
        Ok(())
    }

    /// The time of late decides who is told, and what was told stays for a while.
    fn rank(&mut self, readings: Vec<Reading>, limit: usize) {
        let mut spent = HashMap::with_capacity(readings.len());
        let scored = readings
            .into_iter()
            .map(|mut reading| {
                let now = reading
                    .values
                    .get(SECONDS)
                    .copied()
                    .flatten()
                    .unwrap_or_default();
                let score = match self.spent.get(&reading.labels) {
                    Some((before, score)) => score * FADES + (now - before).max(0.0),
                    None => now,
                };
                spent.insert(reading.labels.clone(), (now, score));
                reading.values.splice(0..0, [Some(score), Some(0.0)]);
                reading
            })
            .collect();
        self.spent = spent;
        self.rows = self.ranking.take(COLUMNS, scored, limit, 0);
    }

    async fn fetch_texts(
        &mut self,
        session: &Session,
        view: &str,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let shown: HashSet<&String> = self
            .rows
            .iter()
            .filter_map(|row| row.labels.last())
            .filter(|id| *id != OTHER)
            .collect();
        self.texts.retain(|id, _| shown.contains(id));
        let missing: Vec<_> = shown
            .into_iter()
            .filter(|id| !self.texts.contains_key(*id))
            .map(|id| literal(id))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let rows = session
            .text(&texts_sql(view, &missing.join(", ")), deadline)
            .await?;
        for row in &rows {
            if let (Some(id), Some(text)) = (row.get(0), row.get(1)) {
                self.texts.insert(id.to_owned(), text.to_owned());
            }
        }
        Ok(())
    }
}

fn sql(view: &str) -> String {
    format!(
        "select d.datname::text, coalesce(pg_get_userbyid(s.userid), '')::text, s.queryid::text, sum(s.calls)::float8,
             sum(s.total_exec_time) / 1000, sum(s.rows)::float8, sum(s.shared_blks_read)::float8,
             sum(s.temp_blks_written)::float8
         from {view}(false) as s join pg_database as d on d.oid = s.dbid
         where s.queryid is not null
         group by d.datname, s.userid, s.queryid"
    )
}

/// Constants are not in these texts, save in commands such as `alter role … password …`, which are kept as they were
/// written: those have no text here. Quoted words are blanked out whatever they are.
fn texts_sql(view: &str, ids: &str) -> String {
    format!(
        "select s.queryid::text,
             case when min(s.query) ~* '^\\s*(/\\*.*?\\*/\\s*)*(select|insert|update|delete|merge|with|call|values|table)\\M'
                 then left(regexp_replace(regexp_replace(min(s.query), '''([^'']|'''')*''', '''?''', 'g'), '\\s+', ' ', 'g'), 300)
                 else '(a command)' end
         from {view}(true) as s where s.queryid::text in ({ids}) group by s.queryid"
    )
}
