//! One pass over a server's questions: each is asked in the time that is left, told from an answer that may still be
//! told, or left out.

use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

use super::emit::{Reading, Style, emit, read};
use super::target::{Question, State, Target};
use super::told;
use crate::collect::{ALIASES, Context, LEGACY, Query, SETTINGS_SQL, Shape, emit_settings};
use crate::kardan::{Group, Special};
use crate::session::{Failure, Session};
use crate::text::{Kind, Page};

/// A pass.
pub(super) struct Pass<'a> {
    pub target: &'a Target,
    pub state: &'a mut State,
    pub session: &'a Session,
    pub page: &'a mut Page,
    pub deadline: Instant,
    /// The session is of no use any more; nothing further is asked.
    pub is_over: bool,
    pub failures: usize,
}

impl Pass<'_> {
    /// What there is in the database; before anything that depends on it.
    pub(super) async fn look(&mut self) {
        if let Err(error) = self.state.known.look(self.session, self.deadline).await {
            self.failed("known", &error);
        }
    }

    pub(super) async fn legacy(&mut self) {
        let options = self.target.options();
        let style = self.target.style();
        if options.has_legacy {
            self.page.push(
                "pg_static",
                Kind::Untyped,
                "Version string as reported by postgres",
                &style
                    .extra
                    .clone()
                    .with("version", &self.session.version_text)
                    .with("short_version", &short_version(&self.session.version_text)),
                1.0,
            );
        }
        if options.has_settings {
            match self.session.rows(SETTINGS_SQL, self.deadline).await {
                Ok(rows) => emit_settings(&rows, &style.extra, self.page),
                Err(error) => self.failed("pg_settings", &error),
            }
        }
        let overridden = options
            .queries
            .as_ref()
            .map(|file| file.namespaces())
            .unwrap_or_default();
        let is_overridden = |query: &Query| {
            query.families.first().is_some_and(|column| {
                overridden.iter().any(|name| {
                    column
                        .name
                        .strip_prefix(name.as_str())
                        .is_some_and(|r| r.starts_with('_'))
                })
            })
        };
        if options.has_legacy {
            for (n, query) in LEGACY.iter().enumerate() {
                if !is_overridden(query) {
                    self.query(("legacy", n), query, &style).await;
                }
            }
        }
        if options.has_aliases {
            for (n, query) in ALIASES.iter().enumerate() {
                self.query(("aliases", n), query, &style).await;
            }
        }
    }

    pub(super) async fn collectors(&mut self) {
        for collector in &self.target.options().collectors {
            let began = Instant::now();
            let mut is_good = true;
            for (n, query) in collector.queries.iter().enumerate() {
                is_good &= self
                    .query((collector.name, n), query, &Style::default())
                    .await;
            }
            told(
                self.page,
                collector.name,
                began.elapsed().as_secs_f64(),
                is_good,
            );
        }
    }

    /// The families beyond upstream's, each group at its own pace.
    pub(super) async fn kardan(&mut self) {
        let options = self.target.options();
        for group in &options.groups {
            if !self.state.known.has(group.needs) {
                continue;
            }
            let began = Instant::now();
            let is_good = self.group(group).await;
            told(
                self.page,
                group.name,
                began.elapsed().as_secs_f64(),
                is_good,
            );
        }
    }

    async fn group(&mut self, group: &'static Group) -> bool {
        let mut is_good = true;
        for (n, query) in group.queries.iter().enumerate() {
            is_good &= self
                .kept((group.name, n), query, &Style::default(), group.every)
                .await;
        }
        let own = match group.special {
            Special::None => Ok(()),
            Special::Queries => {
                let limit = self.target.options().query_limit;
                let State { queries, known, .. } = &mut *self.state;
                queries
                    .tell(
                        self.session,
                        known,
                        limit,
                        group.every,
                        self.page,
                        self.deadline,
                    )
                    .await
            }
            Special::Waits => {
                self.state.waits.tell(self.page);
                Ok(())
            }
        };
        if let Err(error) = own {
            self.failed(group.name, &error);
            is_good = false;
        }
        is_good
    }

    pub(super) async fn custom(&mut self) {
        let options = self.target.options();
        let Some(file) = &options.queries else { return };
        if self.is_over {
            return;
        }
        file.tell(&options.constant_labels, self.page);
        let style = self.target.style();
        let kept = &mut self.state.custom;
        let outcome = file
            .run(self.session, kept, true, &style, self.page, self.deadline)
            .await;
        if let Err(error) = outcome {
            self.failed("custom queries", &error);
        }
        if options.discovers && !self.is_over {
            let fan_out = &mut self.state.fan_out;
            if fan_out
                .run(self.target, self.session, self.page, self.deadline)
                .await
                .is_err()
            {
                self.failures += 1;
            }
        }
    }

    async fn query(&mut self, question: Question, query: &'static Query, style: &Style) -> bool {
        let options = self.target.options();
        if query
            .dialect
            .is_some_and(|dialect| dialect != options.dialect)
        {
            return true;
        }
        let every = if query.is_size {
            options.size_cache
        } else {
            Duration::ZERO
        };
        self.kept(question, query, style, every).await
    }

    /// Asks, unless the former answer may still be told.
    async fn kept(
        &mut self,
        question: Question,
        query: &'static Query,
        style: &Style,
        every: Duration,
    ) -> bool {
        if self.is_over {
            return false;
        }
        let now = Instant::now();
        let is_fresh = |at: &Instant| now.duration_since(*at) < every;
        let readings = match self.state.kept.get(&question) {
            Some((at, readings)) if is_fresh(at) => Ok(Some(readings.clone())),
            _ => self.ask(query).await,
        };
        let is_good = readings.is_ok();
        let readings = match readings {
            Ok(Some(readings)) => {
                if (query.is_size || !every.is_zero())
                    && !self
                        .state
                        .kept
                        .get(&question)
                        .is_some_and(|(at, _)| is_fresh(at))
                {
                    self.state.kept.insert(question, (now, readings.clone()));
                }
                readings
            }
            Ok(None) => return true,
            Err(error) => {
                self.failed(question.0, &error);
                // Sizes that cannot be had now are told as they were.
                match self.state.kept.get(&question) {
                    Some((_, readings)) if query.is_size => readings.clone(),
                    _ => return false,
                }
            }
        };
        let readings = if let Shape::Ranked(keeps) = query.shape {
            let limit = self.target.options().table_limit;
            let ranking = self.state.rankings.entry(question).or_default();
            ranking.take(query.families, readings, limit, keeps)
        } else {
            readings
        };
        emit(query, &readings, style, self.page);
        is_good
    }

    async fn ask(&self, query: &Query) -> Result<Option<Vec<Reading>>, Failure> {
        let options = self.target.options();
        let context = Context {
            version: self.session.version,
            exclude: &options.exclude_databases,
            known: &self.state.known,
            rolls_up: options.rolls_up,
        };
        let Some(sql) = (query.sql)(&context) else {
            return Ok(None);
        };
        let rows = self.session.rows(&sql, self.deadline).await?;
        read(&rows, query.labels.len()).map(Some)
    }

    fn failed(&mut self, what: &str, error: &Failure) {
        warn!(collector = what, source = self.target.dsn().shown, %error, "a question has no answer");
        self.failures += 1;
        self.is_over |= error.ends_session();
    }
}

/// `15.18` of `PostgreSQL 15.18 (Debian …)`, as three numbers.
fn short_version(text: &str) -> String {
    let numbers = text.split(' ').nth(1).unwrap_or_default();
    let mut parts: Vec<&str> = numbers
        .split(|c: char| !c.is_ascii_digit())
        .take_while(|part| !part.is_empty())
        .take(3)
        .collect();
    parts.resize(3, "0");
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_three_numbers() {
        for (text, version) in [
            (
                "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64",
                "15.18.0",
            ),
            ("PostgreSQL 17.10 on x86_64", "17.10.0"),
            ("PostgreSQL 18beta1 on x86_64", "18.0.0"),
            ("PostgreSQL 9.6.24 on x86_64", "9.6.24"),
        ] {
            assert_eq!(short_version(text), version);
        }
    }
}
