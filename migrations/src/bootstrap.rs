//! The part that only a superuser may do: roles and extensions. Run by itself when the login may, checked otherwise.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::Error;
use crate::error::during;

/// The statements for a superuser; they may run again at any time.
pub static BOOTSTRAP_SQL: &str = include_str!("../bootstrap.sql");

pub(crate) async fn ensure(client: &Client) -> Result<(), Error> {
    let row = client
        .query_one(
            "select current_setting('server_version_num')::integer, current_setting('server_version'),
                 r.rolsuper, r.rolname::text
             from pg_roles as r where r.rolname = current_user",
            &[],
        )
        .await
        .map_err(during("ask the server for its version"))?;
    let (version, found): (i32, String) = (row.get(0), row.get(1));
    if version < 150_000 {
        return Err(Error::Version { found });
    }
    if row.get::<_, bool>(2) {
        return client
            .batch_execute(BOOTSTRAP_SQL)
            .await
            .map_err(|source| refused(source, version));
    }
    let missing: Option<String> = client
        .query_one(
            "select coalesce(
                 (select 'the role ' || w.name
                  from unnest(array['kardan_owner', 'kardan_migrator', 'kardan_api', 'kardan_bot', 'kardan_worker',
                      'kardan_admin', 'kardan_monitor', 'kardan_maintenance']) as w (name)
                  where not exists (select from pg_roles as r where r.rolname = w.name)
                  limit 1),
                 (select 'the extension ' || w.name
                  from unnest(array['pg_trgm', 'pg_partman']) as w (name)
                  where not exists (select from pg_extension as e where e.extname = w.name)
                  limit 1))",
            &[],
        )
        .await
        .map_err(during("look for roles and extensions"))?
        .get(0);
    match missing {
        Some(missing) => Err(Error::NotBootstrapped {
            missing,
            login: row.get(3),
        }),
        None => Ok(()),
    }
}

fn refused(source: tokio_postgres::Error, version: i32) -> Error {
    let major = version / 10_000;
    let text = source
        .as_db_error()
        .map(|db| db.message().to_owned())
        .unwrap_or_default();
    let is_absent = source.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        || source.code() == Some(&SqlState::UNDEFINED_FILE);
    for (name, package) in [
        ("pg_partman", format!("postgresql-{major}-partman")),
        ("pg_trgm", "postgresql-contrib".to_owned()),
        ("pg_cron", format!("postgresql-{major}-cron")),
    ] {
        if is_absent && text.contains(name) {
            return Error::ExtensionMissing { name, package };
        }
    }
    Error::Database {
        during: "make roles and extensions",
        source,
    }
}
