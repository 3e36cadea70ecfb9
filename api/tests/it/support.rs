//! A server for one test, and short words for talking to it.

use std::net::SocketAddr;

use clap::Parser as _;
use kardan_api::{Config, token};
use kardan_schema::people::{self, TokenIssue};
use kardan_schema::{ListingId, Role, Scope, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The bot whose signature the servers of tests believe.
pub const BOT_TOKEN: &str = "7000000001:test";

/// A running server with a database of its own.
pub struct Server {
    pub db: Database,
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub running: JoinHandle<Result<(), kardan_api::Error>>,
    /// The folder of its photos.
    pub photos: tempfile::TempDir,
    client: reqwest::Client,
}

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

impl Server {
    /// A server with a bot and without limits.
    pub async fn start() -> anyhow::Result<Self> {
        Self::with(&["--bot-token", BOT_TOKEN]).await
    }

    /// A server with these arguments.
    pub async fn with(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::on(Database::create().await?, arguments).await
    }

    /// The same on a database that is there.
    async fn on(db: Database, arguments: &[&str]) -> anyhow::Result<Self> {
        let url = db.url_as("kardan_api");
        let mut line = vec!["test", "--database-url", &url];
        if !arguments.contains(&"--pool-size") {
            line.extend(["--pool-size", "4"]);
        }
        if !arguments.contains(&"--rate-anonymous") {
            line.extend(["--rate-anonymous", "0"]);
        }
        if !arguments.contains(&"--rate-token") {
            line.extend(["--rate-token", "0"]);
        }
        let photos = tempfile::tempdir()?;
        let folder = photos.path().display().to_string();
        if !arguments.contains(&"--photos") {
            line.extend(["--photos", &folder]);
        }
        line.extend(arguments);
        let config = Line::try_parse_from(line)?.config;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let token = stop.clone();
        let running = tokio::spawn(async move { kardan_api::serve(config, listener, token).await });
        Ok(Self {
            db,
            address,
            stop,
            running,
            photos,
            client: reqwest::Client::new(),
        })
    }

    /// The server after its restart, on the same database.
    pub async fn again(self, arguments: &[&str]) -> anyhow::Result<Self> {
        self.stop.cancel();
        self.running.await??;
        Self::on(self.db, arguments).await
    }

    /// Somebody who has this token already.
    pub fn back(&self, user: UserId, token: String) -> Person<'_> {
        Person {
            server: self,
            user,
            token,
        }
    }

    /// A request without a token.
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    /// A read without a token.
    pub async fn get(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.ask(Method::GET, path).send().await?)
    }

    /// A new person with this role, whose token may do everything.
    pub async fn person(&self, role: Role) -> anyhow::Result<Person<'_>> {
        let user = self.db.person(role).await?;
        Ok(Person {
            server: self,
            user,
            token: self.token(user, Scope::ALL).await?,
        })
    }

    /// A seller, a buyer, and the listing that the one has for the other.
    pub async fn sale(&self) -> anyhow::Result<(Person<'_>, Person<'_>, ListingId)> {
        let (seller, buyer) = (
            self.person(Role::User).await?,
            self.person(Role::User).await?,
        );
        let listing = self
            .db
            .listing(seller.user, &ListingFixture::default())
            .await?;
        Ok((seller, buyer, listing))
    }

    /// A token with these scopes.
    pub async fn token(&self, user: UserId, scopes: &[Scope]) -> anyhow::Result<String> {
        let secret = token::new(token::TokenKind::Personal)?;
        let issue = TokenIssue {
            user,
            name: "test".to_owned(),
            scopes: scopes.to_vec(),
            token_hash: token::hash(&secret),
            ttl_seconds: 3600,
        };
        people::token_issue(&*self.db.as_role("kardan_admin").await?, &issue).await?;
        Ok(secret)
    }

    /// Waits until so many sessions of this database wait for a lock.
    pub async fn wait_for_locks(&self, count: i64) -> anyhow::Result<()> {
        // A session of its own: inside a transaction the view would not move.
        let watcher = self.superuser().await?;
        let waiting = "select count(*) from pg_stat_activity as a
             where a.datname = current_database() and a.wait_event_type = 'Lock'";
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        while watcher.query_one(waiting, &[]).await?.get::<_, i64>(0) < count {
            assert!(
                tokio::time::Instant::now() < deadline,
                "{count} sessions never waited"
            );
        }
        Ok(())
    }

    /// A session that looks behind the program.
    pub async fn superuser(&self) -> anyhow::Result<Session> {
        self.db.superuser().await
    }
}

/// Somebody with a token.
pub struct Person<'a> {
    server: &'a Server,
    pub user: UserId,
    pub token: String,
}

impl Person<'_> {
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.server.ask(method, path).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.ask(Method::GET, path).send().await?)
    }

    /// Sends a body and expects this status; gives the answer's body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        status: u16,
    ) -> anyhow::Result<Value> {
        expect(self.ask(method, path).json(body).send().await?, status).await
    }

    /// Changes a version.
    pub async fn change(
        &self,
        method: Method,
        path: &str,
        version: i64,
        body: Option<&Value>,
        status: u16,
    ) -> anyhow::Result<Value> {
        let mut request = self
            .ask(method, path)
            .header("if-match", format!("\"{version}\""));
        if let Some(body) = body {
            request = request.json(body);
        }
        expect(request.send().await?, status).await
    }
}

/// The body of an answer that must have this status.
pub async fn expect(response: Response, status: u16) -> anyhow::Result<Value> {
    let (found, url) = (response.status().as_u16(), response.url().clone());
    let text = response.text().await?;
    assert_eq!(found, status, "{url}: {text}");
    Ok(if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text)?
    })
}

/// Expects a problem with this status and code, and that it is a whole one.
pub async fn problem(response: Response, status: u16, code: &str) -> anyhow::Result<Value> {
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let id = response.headers()["x-request-id"].to_str()?.to_owned();
    let path = response.url().path().to_owned();
    let body = expect(response, status).await?;
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], format!("urn:kardan:problem:{code}"));
    assert_eq!(body["request_id"], id);
    assert_eq!(body["instance"], path);
    assert!(!body["title"].as_str().unwrap().is_empty());
    Ok(body)
}
