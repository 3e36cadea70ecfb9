//! One test's database and the sessions in it.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};

use crate::server::{Server, server};

/// A database of this test alone; dropped with the value.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: &'static Server,
}

/// A connected session; it ends with the value.
#[derive(Debug)]
pub struct Session {
    client: Client,
    connection: JoinHandle<()>,
}

impl Database {
    /// A fresh copy of the template: every migration and the program applied, starting catalogue in place.
    ///
    /// # Errors
    /// When the server refuses.
    ///
    /// # Panics
    /// When there is no server.
    pub async fn create() -> anyhow::Result<Self> {
        Self::from_template(Some(&server().template)).await
    }

    /// An empty database, for tests of the migrations themselves.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn empty() -> anyhow::Result<Self> {
        Self::from_template(None).await
    }

    async fn from_template(template: Option<&str>) -> anyhow::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = server();
        let name = format!(
            "t_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let admin = Session::open(&server.url("postgres", "postgres")).await?;
        let orders = match template {
            // Copying files is a third of the work of copying pages through the log.
            Some(template) => {
                format!("create database {name} template {template} strategy file_copy")
            }
            None => format!("create database {name} template template0"),
        };
        admin.batch_execute(&orders).await?;
        let database = Self { name, server };
        if template.is_some() {
            // Privileges and settings of a database as a whole are not part of a template's copy.
            admin
                .batch_execute(&server.privileges_of(&database.name))
                .await?;
        }
        Ok(database)
    }

    /// A connection string for this database and role.
    #[must_use]
    pub fn url_as(&self, role: &str) -> String {
        self.server.url(role, &self.name)
    }

    /// Its name on the server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session as this role.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn as_role(&self, role: &str) -> anyhow::Result<Session> {
        Session::open(&self.url_as(role)).await
    }

    /// A session as the superuser, for looking behind the program and for arranging what only time or luck would bring.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn superuser(&self) -> anyhow::Result<Session> {
        self.as_role("postgres").await
    }

    /// Moves the program's clock by this interval against the real one.
    ///
    /// # Errors
    /// When `shift` is no interval.
    pub async fn shift_clock(&self, shift: &str) -> anyhow::Result<()> {
        let session = self.superuser().await?;
        session
            .batch_execute(&format!(
                "create or replace function ops.clock_now() returns timestamptz language sql stable parallel safe
                 return transaction_timestamp() + interval '{shift}'"
            ))
            .await?;
        Ok(())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.drop_later(self.name.clone());
    }
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls)
            .await
            .context("connecting")?;
        let connection = tokio::spawn(async move {
            // The error reaches whoever uses the client.
            let _ = connection.await;
        });
        Ok(Self { client, connection })
    }
}

impl Deref for Session {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
