//! Indexes that are missing: the heaviest statements are planned again with an index that exists only in this session's
//! imagination (hypopg), and one that makes a plan half as dear is told. Without hypopg the tables that are read whole are
//! told, and how to learn more.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tokio_postgres::Client;

use super::{Finding, Level, look};
use crate::Error;

const NAME: &str = "missing index";
/// So many statements are planned again.
const STATEMENTS: usize = 50;
/// A plan must become at least so much cheaper.
const WORTH: f64 = 0.5;

pub(super) async fn missing(client: &mut Client) -> Result<Vec<Finding>, Error> {
    let places = client
        .query_one(
            "select (select n.nspname::text from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
                     where e.extname = 'hypopg'),
                 (select quote_ident(n.nspname) || '.pg_stat_statements'
                  from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
                  where e.extname = 'pg_stat_statements'
                      and current_setting('pg_stat_statements.max', true) is not null)",
            &[],
        )
        .await
        .map_err(crate::error::during("look for extensions"))?;
    match (
        places.get::<_, Option<String>>(0),
        places.get::<_, Option<String>>(1),
    ) {
        (Some(hypopg), Some(statements)) => propose(client, &hypopg, &statements).await,
        _ => {
            look(
                client,
                NAME,
                "no big table is read whole all the time",
                READ_WHOLE,
            )
            .await
        }
    }
}

/// A hundred times and more, more than a thousand rows each time, and more rows than by indexes.
const READ_WHOLE: &str = "select format('%s was read whole %s times, %s rows each time', s.relid::regclass, s.seq_scan,
             s.seq_tup_read / s.seq_scan),
         'create extension hypopg (and preload pg_stat_statements): then doctor proposes the index', false
     from pg_stat_user_tables as s
     where s.seq_scan >= 100 and s.seq_tup_read / s.seq_scan >= 1000 and s.n_live_tup >= 1000
         and s.seq_tup_read > coalesce(s.idx_tup_fetch, 0)
     order by s.seq_tup_read desc, 1";

async fn propose(
    client: &mut Client,
    hypopg: &str,
    statements: &str,
) -> Result<Vec<Finding>, Error> {
    let reading = crate::error::during("read pg_stat_statements");
    let rows = client
        .query(
            &format!(
                "select s.query, max(s.calls)::bigint from {statements} as s
                 where s.dbid = (select d.oid from pg_database as d where d.datname = current_database())
                     and s.query ~* '^\\s*(select|with|update|delete)\\M' and s.calls >= 10
                 group by s.query order by sum(s.total_exec_time) desc limit {STATEMENTS}"
            ),
            &[],
        )
        .await
        .map_err(reading)?;
    let mut findings: Vec<Finding> = Vec::new();
    for row in &rows {
        let (query, calls): (String, i64) = (row.get(0), row.get(1));
        // A statement that cannot be planned by itself (temporary tables, another path) proposes nothing.
        if let Ok(found) = weigh(client, hypopg, &query, calls).await {
            for finding in found {
                if !findings.iter().any(|have| have.next == finding.next) {
                    findings.push(finding);
                }
            }
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            NAME,
            format!("{} statements were weighed", rows.len()),
        ));
    }
    Ok(findings)
}

/// Plans the statement with and without an index on what each read of a whole table filters by. Everything happens in a
/// transaction that is given up.
async fn weigh(
    client: &mut Client,
    hypopg: &str,
    query: &str,
    calls: i64,
) -> Result<Vec<Finding>, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("set local plan_cache_mode = force_generic_plan; set local max_parallel_workers_per_gather = 0")
        .await?;
    let before = plan(&transaction, query).await?;
    let mut reads = Vec::new();
    whole_reads(&before, &mut reads);
    let mut findings = Vec::new();
    for (table, columns) in reads {
        let mut best: Option<(f64, String)> = None;
        for column in columns {
            let index = format!("on {table} ({column})");
            let after = with_index(&transaction, hypopg, &index, query).await?;
            if let Some(after) = after
                && best.as_ref().is_none_or(|(cost, _)| after < *cost)
            {
                best = Some((after, index));
            }
        }
        if let (Some(before), Some((after, index))) = (cost(&before), best)
            && after < before * WORTH
        {
            let words: Vec<_> = query.split_whitespace().collect();
            let short: String = words.join(" ").chars().take(120).collect();
            findings.push(Finding::bad(
                NAME,
                Level::Warning,
                format!("{calls} times, cost {before:.0}, with an index {after:.0}: {short}"),
                format!("create index concurrently {index}"),
            ));
        }
    }
    transaction.rollback().await?;
    Ok(findings)
}

/// What the statement would cost with this index.
async fn with_index(
    transaction: &tokio_postgres::Transaction<'_>,
    hypopg: &str,
    index: &str,
    query: &str,
) -> Result<Option<f64>, tokio_postgres::Error> {
    let made = format!("select from \"{hypopg}\".hypopg_create_index($1)");
    transaction
        .query(&made, &[&format!("create index {index}")])
        .await?;
    let after = plan(transaction, query).await?;
    transaction
        .batch_execute(&format!("select \"{hypopg}\".hypopg_reset()"))
        .await?;
    Ok(cost(&after))
}

/// The generic plan of a statement whose arguments are not known.
async fn plan(
    transaction: &tokio_postgres::Transaction<'_>,
    query: &str,
) -> Result<Value, tokio_postgres::Error> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // A prepared statement outlives the transaction when what follows it fails, so every one has a name of its own.
    let name = format!("weighed_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    transaction
        .batch_execute(&format!("prepare {name} as {query}"))
        .await?;
    let sql = format!(
        "select cardinality(p.parameter_types) from pg_prepared_statements as p where p.name = '{name}'"
    );
    let count: i32 = transaction.query_typed_one(&sql, &[]).await?.get(0);
    let nulls = vec!["null"; usize::try_from(count).unwrap_or(0)].join(", ");
    let arguments = if nulls.is_empty() {
        String::new()
    } else {
        format!("({nulls})")
    };
    let row = transaction
        .query_typed_one(
            &format!("explain (verbose, format json) execute {name}{arguments}"),
            &[],
        )
        .await?;
    transaction
        .batch_execute(&format!("deallocate {name}"))
        .await?;
    Ok(row.get(0))
}

fn cost(plan: &Value) -> Option<f64> {
    plan.pointer("/0/Plan/Total Cost")?.as_f64()
}

/// Tables that are read whole with a filter, and the columns that an index could stand on.
fn whole_reads(plan: &Value, into: &mut Vec<(String, Vec<String>)>) {
    match plan {
        Value::Array(items) => items.iter().for_each(|item| whole_reads(item, into)),
        Value::Object(node) => {
            let text = |name: &str| node.get(name).and_then(Value::as_str);
            if text("Node Type") == Some("Seq Scan")
                && let (Some(schema), Some(table), Some(filter)) =
                    (text("Schema"), text("Relation Name"), text("Filter"))
            {
                let alias = text("Alias").unwrap_or(table);
                let columns = filter
                    .split(" AND ")
                    .filter_map(|part| column_of(part, alias));
                into.push((
                    format!("{}.{}", quote(schema), quote(table)),
                    columns.collect(),
                ));
            }
            node.values().for_each(|value| whole_reads(value, into));
        }
        _ => {}
    }
}

/// A name as SQL has it, in quotes only where it needs them.
fn quote(name: &str) -> String {
    if name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// The first column that is compared with something: `((a.customer_id = $1) AND …)`.
fn column_of(filter: &str, alias: &str) -> Option<String> {
    let inner = filter.trim_start_matches('(');
    let word = inner.split([' ', ')']).next()?;
    let column = word.strip_prefix(&format!("{alias}.")).unwrap_or(word);
    let rest = inner.get(word.len()..)?.trim_start_matches(')');
    // A cast of a text column stands between: `(name)::text = $1`.
    let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
    let compares = ["= ", "> ", "< ", ">= ", "<= "]
        .iter()
        .any(|sign| rest.starts_with(sign));
    let is_name = !column.is_empty()
        && column
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '"');
    (compares && is_name).then(|| column.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_of_a_filter_is_found() {
        for (filter, column) in [
            ("(o.customer_id = $1)", Some("customer_id")),
            (
                "((o.customer_id = $1) AND (o.state > $2))",
                Some("customer_id"),
            ),
            ("((o.name)::text = $1)", Some("name")),
            ("(lower(o.name) = $1)", None),
            ("(o.deleted_at IS NULL)", None),
            ("(NOT o.done)", None),
        ] {
            assert_eq!(column_of(filter, "o").as_deref(), column, "{filter}");
        }
    }
}
