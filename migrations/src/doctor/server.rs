//! The server and the database as a whole: version, locale, extensions.

use tokio_postgres::Client;

use super::{Finding, Level, many, one};
use crate::Error;

pub(super) async fn version(client: &Client) -> Result<Finding, Error> {
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
pub(super) async fn locale(client: &Client) -> Result<Finding, Error> {
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

pub(super) async fn extensions(client: &Client) -> Result<Vec<Finding>, Error> {
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
