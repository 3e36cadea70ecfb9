//! Roles: whether they exist, and whether one may more than it should.

use tokio_postgres::{Client, Row};

use super::{Finding, Level, many};
use crate::Error;

pub(super) async fn roles(client: &Client) -> Result<Vec<Finding>, Error> {
    let missing = many(
        client,
        "select w.name from unnest(array['kardan_owner', 'kardan_migrator', 'kardan_api', 'kardan_bot',
             'kardan_worker', 'kardan_admin', 'kardan_monitor', 'kardan_maintenance']) as w (name)
         where not exists (select from pg_roles as r where r.rolname = w.name)",
    )
    .await?;
    let wide = many(
        client,
        "select r.rolname::text from pg_roles as r
         where r.rolname like 'kardan\\_%'
             and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls or r.rolreplication
                 or exists (
                     select from pg_auth_members as m
                     where m.member = r.oid
                         and (r.rolname::text, m.roleid::regrole::text) not in (
                             values ('kardan_migrator', 'kardan_owner'), ('kardan_migrator', 'kardan_maintenance'),
                                 ('kardan_monitor', 'pg_monitor'), ('kardan_owner', 'pg_read_all_stats'))))
         order by 1",
    )
    .await?;
    let names = |rows: &[Row]| {
        rows.iter()
            .map(|row| row.get::<_, String>(0))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Ok(vec![
        if missing.is_empty() {
            Finding::ok("roles", "all eight exist")
        } else {
            Finding::bad(
                "roles",
                Level::Failure,
                format!("missing: {}", names(&missing)),
                "as a superuser: kardan migrate bootstrap | psql DATABASE",
            )
        },
        if wide.is_empty() {
            Finding::ok("role rights", "no role has more than its grants")
        } else {
            Finding::bad(
                "role rights",
                Level::Failure,
                format!("more than their grants: {}", names(&wide)),
                "alter role … nosuperuser nocreaterole nocreatedb nobypassrls noreplication, and revoke its memberships",
            )
        },
    ])
}
