//! The granted functions as the database has them, and calls of them that leave nothing behind.

use kardan_schema::Error;
use kardan_testdb::{Session, of_domains};
use tokio_postgres::SimpleQueryMessage;

/// A granted function.
pub struct Function {
    /// With its domain.
    pub name: String,
    /// Names and types of its arguments.
    pub arguments: Vec<(String, String)>,
    /// The roles that may call it.
    pub callers: Vec<String>,
}

impl Function {
    /// Whether it has this argument.
    pub fn takes(&self, argument: &str) -> bool {
        self.arguments.iter().any(|(name, _)| name == argument)
    }

    /// Whether a program that people use may call it.
    pub fn is_for_people(&self) -> bool {
        self.callers
            .iter()
            .any(|role| role == "kardan_api" || role == "kardan_bot")
    }

    /// A call with these values, as SQL.
    pub fn call(&self, value: impl Fn(&str, &str) -> String) -> String {
        let given: Vec<String> = self
            .arguments
            .iter()
            .map(|(name, ty)| format!("{name} => ({})::{ty}", value(name, ty)))
            .collect();
        format!(
            "select t::text from {}({}) as t",
            self.name,
            given.join(", ")
        )
    }
}

/// Every granted function, by name.
pub async fn functions(session: &Session) -> anyhow::Result<Vec<Function>> {
    let rows = session
        .query(
            &of_domains(
                "select n.nspname || '.' || p.proname, coalesce(p.proargnames[1:p.pronargs], '{}'),
                     array(select format_type(t.oid, null) from unnest(p.proargtypes) with ordinality as t (oid, at) order by t.at),
                     array(select a.grantee::regrole::text from aclexplode(p.proacl) as a where a.grantee <> p.proowner order by 1)
                 from pg_proc as p
                 join pg_namespace as n on n.oid = p.pronamespace
                 where n.nspname ~ '^(DOMAINS)$' and p.prokind = 'f'
                     and exists (select from aclexplode(p.proacl) as a where a.grantee <> p.proowner)
                 order by 1",
            ),
            &[],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (names, types): (Vec<String>, Vec<String>) = (row.get(1), row.get(2));
            Function {
                name: row.get(0),
                arguments: names.into_iter().zip(types).collect(),
                callers: row.get(3),
            }
        })
        .collect())
}

/// What a call came to. Two calls that a caller cannot tell apart are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its rows, and what it wrote: tables with how many rows of them were added, changed, deleted by now.
    Done(Vec<String>, Vec<String>),
    /// The refusal as the caller sees it: reason or else message, SQLSTATE, detail, argument.
    Refused(String, String, Option<String>, Option<String>),
}

impl Answer {
    /// What stands for the refusal in the register of reasons.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Done(..) => None,
            Self::Refused(reason, ..) => Some(reason),
        }
    }
}

/// What this session wrote and has not yet told the server's statistics.
const WRITTEN: &str = "select concat_ws(' ', s.relname, s.n_tup_ins, s.n_tup_upd, s.n_tup_del)
     from pg_stat_xact_user_tables as s where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 order by s.relid";

/// Makes a call as this role after some preparation, and takes all of it back.
pub async fn attempt(
    session: &Session,
    role: &str,
    prepare: &str,
    call: &str,
) -> anyhow::Result<Answer> {
    let before = format!("begin; {prepare}; set local role {role}; {WRITTEN}");
    let before = results(session.simple_query(&before).await?).pop();
    let answer = session.simple_query(&format!("{call}; {WRITTEN}")).await;
    session.batch_execute("rollback").await?;
    match answer {
        Ok(messages) => {
            let mut answer = results(messages);
            let mut after = answer.pop().unwrap_or_default();
            // They only grow until the transaction is over.
            after.retain(|table| before.as_ref().is_none_or(|known| !known.contains(table)));
            Ok(Answer::Done(answer.pop().unwrap_or_default(), after))
        }
        Err(error) => refused(error),
    }
}

/// The same where only a refusal matters: nothing is counted, which is three times as quick.
pub async fn refusal(session: &Session, role: &str, call: &str) -> anyhow::Result<Option<Answer>> {
    let whole = format!("begin; set local role {role}; {call}; rollback");
    let Err(error) = session.simple_query(&whole).await else {
        return Ok(None);
    };
    session.batch_execute("rollback").await?;
    refused(error).map(Some)
}

/// The rows of each statement.
fn results(messages: Vec<SimpleQueryMessage>) -> Vec<Vec<String>> {
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    for message in messages {
        match message {
            SimpleQueryMessage::Row(row) if !row.is_empty() => {
                rows.push(row.get(0).unwrap_or_default().to_owned());
            }
            SimpleQueryMessage::CommandComplete(_) => all.push(std::mem::take(&mut rows)),
            _ => {}
        }
    }
    all
}

fn refused(error: tokio_postgres::Error) -> anyhow::Result<Answer> {
    let Some(db) = error.as_db_error() else {
        return Err(error.into());
    };
    let (state, message) = (db.code().code().to_owned(), db.message().to_owned());
    let (detail, column) = (
        db.detail().map(str::to_owned),
        db.column().map(str::to_owned),
    );
    let reason = Error::from(error)
        .reason()
        .map_or(message, |reason| reason.code().to_owned());
    // What PostgreSQL itself says of a row is not passed on.
    let detail = detail.filter(|_| state.starts_with('Z'));
    Ok(Answer::Refused(reason, state, detail, column))
}
