//! The few statements this crate itself sends to a started server.

use std::fs;
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use crate::folder::{self, Folder};
use crate::{Error, socket};

/// How often a server that recovers is looked at.
const RECOVERY_LOOK: Duration = Duration::from_millis(200);

/// What the server says about itself, and its password over TCP.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) version: u32,
    pub(crate) password: String,
}

/// Asks for the version and sees to it that the superuser has the password on file. A cluster
/// without that file (just made, or put back from a copy) gets a new password, as soon as it has recovered.
pub(crate) async fn settle(folder: &Folder, port: u16) -> Result<Facts, Error> {
    let failed = |operation| {
        let log = folder.log_file();
        move |source| Error::Query {
            operation,
            log,
            source,
        }
    };
    let client = connect(folder, port).await.map_err(failed("connect"))?;
    let row = client
        .query_one("select current_setting('server_version_num')::int4", &[])
        .await
        .map_err(failed("read the version"))?;
    let version: i32 = row.try_get(0).map_err(failed("read the version"))?;
    let version = version.unsigned_abs();

    let path = folder.password_file();
    match fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => {
            return Ok(Facts {
                version,
                password: text.trim().to_owned(),
            });
        }
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::file("read", &path, e));
        }
        _ => {}
    }
    // A copy lets people in to read before it can be written to.
    while is_recovering(&client)
        .await
        .map_err(failed("wait for recovery"))?
    {
        tokio::time::sleep(RECOVERY_LOOK).await;
    }
    let password = random_password().map_err(|e| Error::System {
        operation: "draw a password for",
        path: path.clone(),
        source: e.into(),
    })?;
    // The statement holds the password: it must appear neither in the log nor in statistics.
    let statements = [
        "set log_statement = 'none'",
        "set log_min_duration_statement = -1",
        "set log_min_error_statement = 'panic'",
        "set pg_stat_statements.track = 'none'",
        &format!("alter role postgres password '{password}'"),
    ];
    for statement in statements {
        client
            .batch_execute(statement)
            .await
            .map_err(failed("set the password"))?;
    }
    // Written last: a crash before this line means a new password, not a wrong one.
    folder::replace(&path, &format!("{password}\n"), 0o600, None)?;
    Ok(Facts { version, password })
}

async fn is_recovering(client: &Client) -> Result<bool, tokio_postgres::Error> {
    let row = client.query_one("select pg_is_in_recovery()", &[]).await?;
    row.try_get(0)
}

async fn connect(folder: &Folder, port: u16) -> Result<Client, tokio_postgres::Error> {
    let mut config = tokio_postgres::Config::new();
    config
        .host_path(socket::place(folder))
        .port(port)
        .user("postgres")
        .dbname("postgres");
    config.application_name("kardan-embedded");
    let (client, connection) = config.connect(NoTls).await?;
    // Ends when the client is dropped; its failures reach the client's own calls.
    tokio::spawn(connection);
    Ok(client)
}

/// 128 random bits as hexadecimal digits, which need no quoting anywhere.
fn random_password() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
