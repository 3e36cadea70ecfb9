//! The part that only a superuser may do: roles and extensions. Run by itself when the login may, checked otherwise.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::Error;
use crate::error::during;

/// The statements for a superuser; they may run again at any time.
pub static BOOTSTRAP_SQL: &str = include_str!("../bootstrap.sql");

/// Who is connected to what.
#[derive(Debug)]
pub(crate) struct Login {
    is_superuser: bool,
    version: i32,
}

/// Refuses a server, a database or a login that cannot be migrated. Changes nothing.
pub(crate) async fn inspect(client: &Client) -> Result<Login, Error> {
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
    let is_superuser: bool = row.get(2);
    if !is_superuser {
        inspect_ordinary(client, row.get(3)).await?;
    }
    Ok(Login {
        is_superuser,
        version,
    })
}

/// The superuser's part, when it is one.
pub(crate) async fn run(client: &Client, login: &Login) -> Result<(), Error> {
    if !login.is_superuser {
        return Ok(());
    }
    client
        .batch_execute(BOOTSTRAP_SQL)
        .await
        .map_err(|source| refused(source, login.version))
}

async fn inspect_ordinary(client: &Client, login: String) -> Result<(), Error> {
    let missing: Option<String> = client
        .query_one(
            "select coalesce(
                 (select 'the role ' || w.name
                  from unnest(array['kardan_owner', 'kardan_migrator', 'kardan_api', 'kardan_bot', 'kardan_worker',
                      'kardan_admin', 'kardan_monitor', 'kardan_maintenance']) with ordinality as w (name, place)
                  where not exists (select from pg_roles as r where r.rolname = w.name)
                  order by w.place
                  limit 1),
                 (select 'the extension ' || w.name
                  from unnest(array['pg_trgm', 'pg_partman']) with ordinality as w (name, place)
                  where not exists (select from pg_extension as e where e.extname = w.name)
                  order by w.place
                  limit 1),
                 (select 'the schema ops_data' where to_regnamespace('ops_data') is null),
                 (select 'the right of kardan_owner to create in this database'
                  where not has_database_privilege('kardan_owner', current_database(), 'create')))",
            &[],
        )
        .await
        .map_err(during("look for roles and extensions"))?
        .get(0);
    if let Some(missing) = missing {
        return Err(Error::NotBootstrapped { missing, login });
    }
    let is_migrator: bool = client
        .query_one(
            "select pg_has_role('kardan_owner', 'member') and pg_has_role('kardan_maintenance', 'member')",
            &[],
        )
        .await
        .map_err(during("look for the memberships of the login"))?
        .get(0);
    if is_migrator {
        Ok(())
    } else {
        Err(Error::NotMigrator { login })
    }
}

/// The extension that PostgreSQL's sentence is about, with Debian's package.
fn package_of(text: &str, major: i32) -> Option<(&'static str, String)> {
    [
        ("pg_partman", format!("postgresql-{major}-partman")),
        ("pg_trgm", "postgresql-contrib".to_owned()),
        ("pg_cron", format!("postgresql-{major}-cron")),
    ]
    .into_iter()
    .find(|(name, _)| text.contains(name))
}

/// Names the package when the files of an extension are not on the server.
fn refused(source: tokio_postgres::Error, version: i32) -> Error {
    let is_absent = source.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        || source.code() == Some(&SqlState::UNDEFINED_FILE);
    let text = source.as_db_error().map_or("", |db| db.message());
    if is_absent && let Some((name, package)) = package_of(text, version / 10_000) {
        return Error::ExtensionMissing { name, package };
    }
    Error::Database {
        during: "make roles and extensions",
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_extension_has_its_package() {
        let package = |text| package_of(text, 15).map(|(_, package)| package);
        assert_eq!(
            package("extension \"pg_partman\" is not available").as_deref(),
            Some("postgresql-15-partman")
        );
        assert_eq!(
            package("could not open extension control file \"/x/pg_trgm.control\"").as_deref(),
            Some("postgresql-contrib")
        );
        assert_eq!(package("something else"), None);
    }
}
