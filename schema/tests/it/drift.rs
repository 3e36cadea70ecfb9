//! The bindings against the catalogue: every granted function has one, and says the same names and types.

use std::collections::BTreeSet;

use kardan_testdb::{Database, of_domains};

#[tokio::test]
async fn every_binding_says_the_names_and_types_of_its_function() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let mut found = Vec::new();
    for call in kardan_schema::calls() {
        let name = format!("{}.{}", call.schema, call.name);
        let statement = match session.prepare(call.sql()).await {
            Ok(statement) => statement,
            Err(error) => {
                found.push(format!(
                    "{name}: {}",
                    error
                        .as_db_error()
                        .map_or_else(|| error.to_string(), |e| e.message().to_owned())
                ));
                continue;
            }
        };
        let said: Vec<_> = call.arguments.iter().map(|a| (a.ty)()).collect();
        if statement.params() != said {
            found.push(format!(
                "{name}: arguments are {:?}, the binding says {said:?}",
                statement.params()
            ));
        }
        let said: Vec<_> = call.columns.iter().map(|c| (c.name, (c.ty)())).collect();
        let real: Vec<_> = statement
            .columns()
            .iter()
            .map(|c| (c.name(), c.type_().clone()))
            .collect();
        if real != said {
            found.push(format!(
                "{name}: columns are {real:?}, the binding says {said:?}"
            ));
        }
        let columns: i64 = session
            .query_one(
                "select count(*) from pg_proc as p
                 join pg_namespace as n on n.oid = p.pronamespace
                 cross join lateral unnest(p.proargmodes) as m (mode)
                 where n.nspname = $1 and p.proname = $2 and m.mode = 't'",
                &[&call.schema, &call.name],
            )
            .await?
            .get(0);
        if columns != call.columns.len() as i64 {
            found.push(format!(
                "{name}: returns {columns} columns, the binding reads {}",
                call.columns.len()
            ));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

async fn granted() -> anyhow::Result<BTreeSet<String>> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let rows = session
        .query(
            &of_domains("select distinct n.nspname || '.' || p.proname from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             cross join lateral aclexplode(p.proacl) as a
             where n.nspname ~ '^(DOMAINS)$' and a.grantee <> p.proowner
                 -- Granted because public views ask it, and a function in a view runs with its caller's rights.
                 and p.oid <> 'ops.clock_now'::regproc"),
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

#[tokio::test]
async fn every_granted_function_has_a_binding_and_nothing_else_has() -> anyhow::Result<()> {
    let bound: BTreeSet<String> = kardan_schema::calls()
        .iter()
        .map(|call| format!("{}.{}", call.schema, call.name))
        .collect();
    let granted = granted().await?;
    let unbound: Vec<_> = granted.difference(&bound).collect();
    let ungranted: Vec<_> = bound.difference(&granted).collect();
    assert!(
        unbound.is_empty() && ungranted.is_empty(),
        "no binding: {unbound:?}\nnot granted: {ungranted:?}"
    );
    Ok(())
}

#[tokio::test]
async fn every_granted_function_is_called_by_a_test() -> anyhow::Result<()> {
    let mut text = String::new();
    read(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it")),
        &mut text,
    );
    let untested: Vec<_> = granted()
        .await?
        .into_iter()
        .filter(|name| {
            let short = name.split('.').nth(1).unwrap_or_default();
            !text.contains(&format!("::{short}("))
                && !text.contains(&format!("{name}("))
                && !text.contains(&format!(" {short}("))
        })
        .collect();
    assert!(untested.is_empty(), "no test calls: {untested:?}");
    Ok(())
}

fn read(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The matrix calls everything, and says nothing of what it does.
        if path.ends_with("permissions") {
            continue;
        }
        if path.is_dir() {
            read(&path, into);
        } else {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
