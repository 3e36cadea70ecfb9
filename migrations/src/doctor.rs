//! What is wrong with a database, each finding with the next step. Reads only.

use serde::Serialize;
use tokio_postgres::{Client, Row};

use crate::{Error, HISTORY_TABLE, error::during};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could.
    Warning,
    /// It does not work.
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when all is well.
    pub next: String,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            found: found.into(),
            next: String::new(),
        }
    }

    fn bad(
        check: &'static str,
        level: Level,
        found: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            check,
            level,
            found: found.into(),
            next: next.into(),
        }
    }
}

/// Looks at everything, in an order where each finding makes sense after those before it.
///
/// # Errors
/// When the catalogue cannot be read at all.
pub async fn doctor(client: &mut Client) -> Result<Vec<Finding>, Error> {
    let mut findings = vec![version(client).await?, locale(client).await?];
    findings.extend(roles(client).await?);
    findings.extend(extensions(client).await?);
    let has_ground = one(
        client,
        "select to_regclass('ops_data.contract_applied') is not null",
    )
    .await?;
    findings.push(migrations(client).await);
    if has_ground.get(0) {
        findings.push(program(client).await?);
        findings.push(grants(client).await?);
    }
    let has_program = one(
        client,
        "select to_regprocedure('ops.partition_list()') is not null
             and to_regprocedure('ops.job_list()') is not null",
    )
    .await?;
    if has_program.get(0) {
        findings.extend(partitions(client).await?);
        findings.extend(jobs(client).await?);
    }
    Ok(findings)
}

async fn one(client: &Client, sql: &str) -> Result<Row, Error> {
    client
        .query_one(sql, &[])
        .await
        .map_err(during("read the catalogue"))
}

async fn many(client: &Client, sql: &str) -> Result<Vec<Row>, Error> {
    client
        .query(sql, &[])
        .await
        .map_err(during("read the catalogue"))
}

async fn version(client: &Client) -> Result<Finding, Error> {
    let row = one(
        client,
        "select current_setting('server_version_num')::integer, current_setting('server_version'), pg_is_in_recovery()",
    )
    .await?;
    let found: String = row.get(1);
    Ok(if row.get::<_, i32>(0) < 150_000 {
        Finding::bad(
            "server",
            Level::Failure,
            format!("PostgreSQL {found}"),
            "install PostgreSQL 15 or later",
        )
    } else if row.get(2) {
        Finding::ok("server", format!("PostgreSQL {found}, a standby"))
    } else {
        Finding::ok("server", format!("PostgreSQL {found}"))
    })
}

/// With `LC_CTYPE=C`, letters outside ASCII are no letters: trigrams and `lower` lose Cyrillic.
async fn locale(client: &Client) -> Result<Finding, Error> {
    let row = one(
        client,
        "select d.datctype::text, pg_encoding_to_char(d.encoding)::text, lower('Ж') = 'ж' and 'ж' ~ '[[:alpha:]]'
         from pg_database as d where d.datname = current_database()",
    )
    .await?;
    let (ctype, encoding): (String, String) = (row.get(0), row.get(1));
    let found = format!("{encoding}, LC_CTYPE {ctype}");
    Ok(if encoding == "UTF8" && row.get(2) {
        Finding::ok("locale", found)
    } else {
        Finding::bad(
            "locale",
            Level::Failure,
            format!("{found}: Cyrillic letters are not letters, so search finds no Russian words"),
            "make the database anew: create database … template template0 encoding UTF8 locale 'C.UTF-8'",
        )
    })
}

async fn roles(client: &Client) -> Result<Vec<Finding>, Error> {
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
                                 ('kardan_monitor', 'pg_monitor'))))
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

async fn extensions(client: &Client) -> Result<Vec<Finding>, Error> {
    let rows = many(
        client,
        "select w.name, e.extversion, a.default_version
         from unnest(array['pg_trgm', 'pg_partman', 'pg_cron']) as w (name)
         left join pg_extension as e on e.extname = w.name
         left join pg_available_extensions as a on a.name = w.name
         order by w.name desc",
    )
    .await?;
    let major: i32 = one(
        client,
        "select current_setting('server_version_num')::integer / 10000",
    )
    .await?
    .get(0);
    Ok(rows
        .iter()
        .map(|row| {
            let name: String = row.get(0);
            let check = match name.as_str() {
                "pg_trgm" => "extension pg_trgm",
                "pg_partman" => "extension pg_partman",
                _ => "extension pg_cron",
            };
            let (installed, available): (Option<String>, Option<String>) = (row.get(1), row.get(2));
            let is_needed = name != "pg_cron";
            match (installed, available) {
                (Some(version), _) => Finding::ok(check, version),
                (None, Some(_)) if is_needed => {
                    Finding::bad(check, Level::Failure, "not created here", "kardan migrate up")
                }
                (None, _) if is_needed => Finding::bad(
                    check,
                    Level::Failure,
                    "not installed on the server",
                    format!("apt install postgresql-{major}-{}", name.trim_start_matches("pg_")),
                ),
                (None, available) => Finding::bad(
                    check,
                    Level::Warning,
                    "absent: the SQL jobs run inside `kardan up` or `kardan serve --jobs-url`",
                    if available.is_some() {
                        "add pg_cron to shared_preload_libraries, set cron.database_name, restart, kardan migrate up"
                            .to_owned()
                    } else {
                        format!("apt install postgresql-{major}-cron")
                    },
                ),
            }
        })
        .collect())
}

async fn migrations(client: &mut Client) -> Finding {
    match crate::plan(client).await {
        Ok(plan) if plan.is_newer => Finding::bad(
            "migrations",
            Level::Warning,
            "the database is ahead of this binary",
            "use the newer binary; this one keeps working for one release",
        ),
        Ok(plan) if plan.migrations.is_empty() && plan.online.is_empty() => {
            Finding::ok("migrations", "all applied")
        }
        Ok(plan) => Finding::bad(
            "migrations",
            Level::Failure,
            format!(
                "pending: {}",
                [plan.migrations, plan.online].concat().join(", ")
            ),
            "kardan migrate up",
        ),
        Err(error) => Finding::bad(
            "migrations",
            Level::Failure,
            error.to_string(),
            format!("look at {HISTORY_TABLE}"),
        ),
    }
}

async fn program(client: &Client) -> Result<Finding, Error> {
    let row = client
        .query_opt(
            "select c.hash, c.revision, to_char(c.applied_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
             from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await
        .map_err(during("read the applied version"))?;
    let Some(row) = row else {
        return Ok(Finding::bad(
            "program",
            Level::Failure,
            "never loaded",
            "kardan migrate up",
        ));
    };
    let (hash, revision, at): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    Ok(if hash == *kardan_schema::load::HASH {
        Finding::ok(
            "program",
            format!("this binary's, loaded {at} UTC by {revision}"),
        )
    } else {
        Finding::bad(
            "program",
            Level::Warning,
            format!("another version, loaded {at} UTC by {revision}"),
            "kardan migrate up, unless a newer binary is being rolled out",
        )
    })
}

/// What the catalogue grants now against what the loader recorded: a grant by hand shows here.
async fn grants(client: &Client) -> Result<Finding, Error> {
    let now = kardan_schema::contract::lines_of(client)
        .await
        .map_err(during("read the contract"))?;
    let recorded: Vec<String> = client
        .query_opt(
            "select c.functions from ops_data.contract_applied as c order by c.id desc limit 1",
            &[],
        )
        .await
        .map_err(during("read the applied version"))?
        .map(|row| row.get(0))
        .unwrap_or_default();
    let data: Vec<String> = kardan_schema::load::DOMAINS
        .iter()
        .map(|domain| format!("{domain}_data"))
        .collect();
    let tables: String = client
        .query_one(
            "with thing (name, owner, acl) as (
                 select 'schema ' || n.nspname, n.nspowner, n.nspacl
                 from pg_namespace as n where n.nspname = any ($1)
                 union all
                 select c.oid::regclass::text, c.relowner, c.relacl
                 from pg_class as c where c.relnamespace = any ($1::text[]::regnamespace[])
                 union all
                 select c.oid::regclass::text, c.relowner, t.attacl
                 from pg_class as c join pg_attribute as t on t.attrelid = c.oid
                 where c.relnamespace = any ($1::text[]::regnamespace[])
             )
             select coalesce(string_agg(distinct t.name, ', ' order by t.name), '')
             from thing as t cross join lateral aclexplode(t.acl) as a
             where a.grantee <> t.owner",
            &[&data],
        )
        .await
        .map_err(during("read the catalogue"))?
        .get(0);
    Ok(if now != recorded {
        Finding::bad(
            "grants",
            Level::Failure,
            "functions or their grants were changed by hand since the program was loaded",
            "delete from ops_data.contract_applied; then kardan migrate up",
        )
    } else if !tables.is_empty() {
        Finding::bad(
            "grants",
            Level::Failure,
            format!("granted by hand: {tables}; everything goes through functions"),
            "revoke all on … from …; \\dp and \\dn+ show who has it",
        )
    } else {
        Finding::ok(
            "grants",
            format!("{} functions and views, no table", now.len()),
        )
    })
}

async fn partitions(client: &Client) -> Result<Vec<Finding>, Error> {
    let rows = many(
        client,
        "select p.table_name, p.future_count, p.default_has_rows from ops.partition_list() as p",
    )
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (table, future, stray): (String, i32, bool) = (row.get(0), row.get(1), row.get(2));
            if stray {
                Finding::bad(
                    "partitions",
                    Level::Failure,
                    format!("{table}: rows in the default partition"),
                    "move them: migrations/README.md, \"Rows in a default partition\"",
                )
            } else if future < 3 {
                Finding::bad(
                    "partitions",
                    Level::Failure,
                    format!("{table}: {future} partitions ahead, 3 or more are wanted"),
                    "select ops.job_run('partitions_maintain')",
                )
            } else {
                Finding::ok("partitions", format!("{table}: {future} ahead"))
            }
        })
        .collect())
}

async fn jobs(client: &Client) -> Result<Vec<Finding>, Error> {
    let has_cron: bool = one(client, "select to_regclass('cron.job') is not null")
        .await?
        .get(0);
    let mut findings = Vec::new();
    if has_cron {
        let row = one(
            client,
            "select coalesce(string_agg(j.name, ', ' order by j.name), '')
             from ops_data.jobs as j
             where not exists (
                 select from cron.job as c
                 where c.jobname = 'kardan:' || j.name and c.schedule = j.schedule and c.active)",
        )
        .await?;
        let missing: String = row.get(0);
        findings.push(if missing.is_empty() {
            Finding::ok("job schedule", "pg_cron has every declared job")
        } else {
            Finding::bad(
                "job schedule",
                Level::Failure,
                format!("not scheduled: {missing}"),
                "kardan migrate up",
            )
        });
    }
    let failed = many(
        client,
        "select l.name, l.last_error from ops.job_list() as l where l.last_error is not null",
    )
    .await?;
    findings.extend(failed.iter().map(|row| {
        Finding::bad(
            "job",
            Level::Warning,
            format!(
                "{} failed: {}",
                row.get::<_, String>(0),
                row.get::<_, String>(1)
            ),
            format!("select ops.job_run('{}')", row.get::<_, String>(0)),
        )
    }));
    if failed.is_empty() {
        findings.push(Finding::ok("jobs", "no failure in the last runs"));
    }
    Ok(findings)
}
