//! The families beyond upstream's, named `kardan_…`: a file for each group. A group that needs functions of the program or
//! an extension is silent where they are not.

mod checksums;
mod horizon;
mod jobs;
mod locks;
mod market;
mod partitions;
mod promotions;
mod queries;
mod regression;
mod sequences;
mod waits;

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

pub use queries::Queries;
pub use waits::Waits;

use crate::collect::{Query, literal};
use crate::session::{Failure, Session};

/// Samples of waits are taken until this long after the last scrape.
pub(crate) const WATCHED: Duration = Duration::from_secs(300);
/// How long it is believed what there is in a database.
const KNOWN: Duration = Duration::from_secs(60);

/// A group of families.
#[derive(Debug)]
pub struct Group {
    /// What `--no-collector.NAME` switches off.
    pub name: &'static str,
    /// For `--help`.
    pub about: &'static str,
    /// How long an answer is told before the server is asked again.
    pub every: Duration,
    /// Functions that it needs, as `schema.name`; `pg_stat_statements` for the extension.
    pub needs: &'static [&'static str],
    /// What it asks.
    pub queries: &'static [Query],
    /// What it does beside asking.
    pub special: Special,
}

/// What a group does beside asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Nothing.
    None,
    /// Ranks statements.
    Queries,
    /// Tells the samples of waits.
    Waits,
}

/// Functions that a group uses where they are, and can do without.
const OPTIONAL: &[&str] = &["ops.sequence_list"];

/// Every group.
pub const GROUPS: &[Group] = &[
    checksums::GROUP,
    market::DEALS,
    horizon::GROUP,
    jobs::GROUP,
    market::LISTINGS,
    locks::GROUP,
    market::MODERATION,
    market::OUTBOX,
    partitions::GROUP,
    promotions::GROUP,
    queries::GROUP,
    regression::GROUP,
    market::SEARCH,
    sequences::GROUP,
    waits::GROUP,
];

const fn group(
    name: &'static str,
    about: &'static str,
    seconds: u64,
    needs: &'static [&'static str],
    queries: &'static [Query],
) -> Group {
    Group {
        name,
        about,
        every: Duration::from_secs(seconds),
        needs,
        queries,
        special: Special::None,
    }
}

/// What there is in a database.
#[derive(Debug, Default)]
pub struct Known {
    looked_at: Option<Instant>,
    statements: Option<String>,
    functions: HashSet<String>,
}

impl Known {
    /// Looks, unless it has been looked a moment ago.
    pub(crate) async fn look(
        &mut self,
        session: &Session,
        deadline: Instant,
    ) -> Result<(), Failure> {
        if self.looked_at.is_some_and(|at| at.elapsed() < KNOWN) {
            return Ok(());
        }
        let wanted: Vec<_> = GROUPS
            .iter()
            .flat_map(|g| g.needs)
            .chain(OPTIONAL)
            .map(|name| literal(name))
            .collect();
        // By name and not by regprocedure, which fails in a schema that this role may not use.
        let sql = format!(
            "select n.nspname || '.' || p.proname
             from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname || '.' || p.proname in ({})
                 and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
             union all
             select '+' || quote_ident(n.nspname) || '.pg_stat_statements'
             from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
             where e.extname = 'pg_stat_statements' and has_schema_privilege(n.oid, 'usage')
                 and current_setting('pg_stat_statements.max', true) is not null",
            wanted.join(", ")
        );
        let rows = session.text(&sql, deadline).await?;
        let names = rows.iter().filter_map(|row| row.get(0));
        let (views, functions): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with('+'));
        self.statements = views
            .first()
            .map(|name| name.trim_start_matches('+').to_owned());
        self.functions = functions.into_iter().map(str::to_owned).collect();
        self.looked_at = Some(Instant::now());
        Ok(())
    }

    /// Where pg_stat_statements is, quoted; none where it is not.
    #[must_use]
    pub fn statements(&self) -> Option<&str> {
        self.statements.as_deref()
    }

    /// Whether all of these are there.
    #[must_use]
    pub fn has(&self, needs: &[&str]) -> bool {
        needs.iter().all(|need| match *need {
            "pg_stat_statements" => self.statements.is_some(),
            name => self.functions.contains(name),
        })
    }
}
