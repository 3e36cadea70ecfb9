//! Who may use the program: taken back before the files give it anew, so that only what a file says is left.

use tokio_postgres::Transaction;

use super::DOMAINS;

/// Every grant on the replaceable schemas and what is in them goes, whoever got it from whom. The application roles may look
/// into the schemas; what they may call there the files say, in the same transaction.
pub(super) async fn take_back(tx: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
    let rows = tx
        .query(
            "with thing (what, owner, acl) as (
                 select 'all on schema ' || quote_ident(n.nspname), n.nspowner, n.nspacl
                 from pg_namespace as n
                 where n.nspname = any ($1)
                 union all
                 select 'all on routine ' || p.oid::regprocedure, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
                 from pg_proc as p
                 where p.pronamespace = any ($1::text[]::regnamespace[])
                 union all
                 select 'all on table ' || c.oid::regclass, c.relowner, c.relacl
                 from pg_class as c
                 where c.relnamespace = any ($1::text[]::regnamespace[])
                     and c.relkind in ('r', 'p', 'v', 'm', 'f')
                 union all
                 select format('all (%I) on table %s', a.attname, c.oid::regclass), c.relowner, a.attacl
                 from pg_class as c
                 join pg_attribute as a on a.attrelid = c.oid
                 where c.relnamespace = any ($1::text[]::regnamespace[])
             )
             select distinct format(
                 'revoke %s from %s cascade', t.what, coalesce(quote_ident(r.rolname), 'public'))
             from thing as t
             cross join lateral aclexplode(t.acl) as a
             left join pg_roles as r on r.oid = a.grantee
             -- What somebody else owns is no file's: the sweep or the file itself will meet it.
             where t.owner = 'kardan_owner'::regrole and a.grantee <> t.owner",
            &[&DOMAINS],
        )
        .await?;
    let mut orders: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    orders.push(format!(
        "grant usage on schema {} to kardan_api, kardan_bot, kardan_worker, kardan_admin, kardan_monitor, kardan_maintenance",
        DOMAINS.join(", ")
    ));
    tx.batch_execute(&orders.join(";\n")).await
}
