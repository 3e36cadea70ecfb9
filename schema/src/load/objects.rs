//! The functions and views of the replaceable schemas, and what hangs on one of them.

use std::collections::BTreeSet;

use tokio_postgres::{Row, Transaction};

use super::{DOMAINS, LoadError, during};

/// A function, procedure, aggregate or view of a replaceable schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object {
    /// `<domain>/<name>`, as its file would be called.
    pub path: String,
    /// What `drop` calls it.
    pub kind: String,
    /// What `drop` calls this one, arguments included.
    pub identity: String,
    /// Its number: another one after it was dropped and made again.
    pub oid: u32,
}

impl Object {
    fn from_row(row: &Row) -> Self {
        Self {
            path: row.get(0),
            kind: row.get(1),
            identity: row.get(2),
            oid: row.get(3),
        }
    }
}

pub(super) async fn list(tx: &Transaction<'_>) -> Result<BTreeSet<Object>, tokio_postgres::Error> {
    let rows = tx
        .query(
            "select n.nspname || '/' || p.proname, 'routine', p.oid::regprocedure::text, p.oid
             from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where n.nspname = any ($1)
             union all
             select n.nspname || '/' || c.relname, 'view', c.oid::regclass::text, c.oid
             from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname = any ($1) and c.relkind = 'v'",
            &[&DOMAINS],
        )
        .await?;
    Ok(rows.iter().map(Object::from_row).collect())
}

/// The object itself and every replaceable object whose definition is bound to it, directly or through others: views, and
/// functions with a body of the standard's kind.
pub(super) async fn hanging_on(
    tx: &Transaction<'_>,
    object: &Object,
) -> Result<BTreeSet<Object>, tokio_postgres::Error> {
    let rows = tx
        .query(
            "with recursive hanging (class, oid) as (
                 select case $1 when 'view' then 'pg_class'::regclass else 'pg_proc'::regclass end::oid, $2::oid
                 union
                 select
                     case when r.oid is null then d.classid else 'pg_class'::regclass::oid end,
                     coalesce(r.ev_class, d.objid)
                 from hanging as h
                 join pg_depend as d on d.refclassid = h.class and d.refobjid = h.oid
                 left join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
             )
             select h.class = 'pg_class'::regclass, h.oid from hanging as h",
            &[&object.kind, &object.oid],
        )
        .await?;
    let bound: BTreeSet<(bool, u32)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(list(tx)
        .await?
        .into_iter()
        .filter(|o| bound.contains(&(o.kind == "view", o.oid)))
        .collect())
}

/// Drops them all, without `cascade`: what still hangs on another goes in an earlier round.
pub(super) async fn drop_all(
    tx: &Transaction<'_>,
    objects: impl IntoIterator<Item = &Object>,
) -> Result<(), LoadError> {
    let mut left: Vec<&Object> = objects.into_iter().collect();
    while !left.is_empty() {
        let mut refused = Vec::new();
        for object in &left {
            let drop = format!("drop {} {}", object.kind, object.identity);
            if let Err(source) = attempt(tx, &drop).await? {
                refused.push((*object, source));
            }
        }
        if refused.len() == left.len()
            && let Some((object, source)) = refused.pop()
        {
            return Err(LoadError::Sweep {
                object: object.identity.clone(),
                source,
            });
        }
        left = refused.into_iter().map(|(object, _)| object).collect();
    }
    Ok(())
}

/// Runs some SQL; when it fails, the transaction is as it was before it, and goes on.
pub(super) async fn attempt(
    tx: &Transaction<'_>,
    sql: &str,
) -> Result<Result<(), tokio_postgres::Error>, LoadError> {
    // A call of its own: a batch that cannot be parsed would not even set the savepoint.
    tx.batch_execute("savepoint part")
        .await
        .map_err(during("setting a savepoint"))?;
    let result = tx.batch_execute(sql).await;
    let end = match result {
        Ok(()) => "release savepoint part",
        Err(_) => "rollback to savepoint part; release savepoint part",
    };
    // After a file with a `commit` there is no savepoint, nor after the loss of the connection: the first error says more.
    match (tx.batch_execute(end).await, result) {
        (Err(_), Err(first)) => Ok(Err(first)),
        (Err(source), Ok(())) => Err(during("leaving a savepoint")(source)),
        (Ok(()), result) => Ok(result),
    }
}
