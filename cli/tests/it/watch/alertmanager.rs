//! Debian's Alertmanager with the routes of the repository, and a server that takes its mail.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::prometheus::free_port;
use super::stack::Ends;

/// What was mailed, letter by letter.
#[derive(Clone, Default)]
pub struct Mail(Arc<Mutex<Vec<String>>>);

impl Mail {
    pub fn letters(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    async fn listen(&self) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, mail) = (listener.local_addr()?, self.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mail = mail.clone();
                tokio::spawn(async move { mail.take(stream).await });
            }
        });
        Ok(address)
    }

    /// SMTP as far as a letter needs it (RFC 5321).
    async fn take(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test ESMTP\r\n").await?;
        let mut letter: Option<String> = None;
        while let Some(line) = lines.next_line().await? {
            let answer = match (&mut letter, line.as_str()) {
                (Some(text), ".") => {
                    self.0.lock().unwrap().push(std::mem::take(text));
                    letter = None;
                    "250 taken"
                }
                (Some(text), line) => {
                    text.push_str(line);
                    text.push('\n');
                    continue;
                }
                (None, "DATA") => {
                    letter = Some(String::new());
                    "354 go on"
                }
                (None, "QUIT") => "221 bye",
                (None, _) => "250 test",
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

pub struct Alertmanager {
    pub address: SocketAddr,
    pub mail: Mail,
    http: reqwest::Client,
    _process: Ends,
    _folder: TempDir,
}

impl Alertmanager {
    /// Both addresses of the API in its file are this one, so everything is reported twice.
    pub async fn start(api: &str, token: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let secret = folder.path().join("token");
        std::fs::write(&secret, token)?;
        let mail = Mail::default();
        let post = mail.listen().await?;
        let file = super::root().join("monitoring/alertmanager/alertmanager.yml");
        let mut routes = std::fs::read_to_string(file)?;
        for (theirs, here) in [
            ("http://api1:8080/v1", api.to_owned()),
            ("http://api2:8080/v1", api.to_owned()),
            ("/run/kardan/token", secret.display().to_string()),
            // The one connection that is not encrypted here.
            (
                "mail.example.org:587",
                format!("{post}\n  smtp_require_tls: false"),
            ),
            ("group_wait: 30s", "group_wait: 1s".to_owned()),
            ("group_interval: 5m", "group_interval: 1s".to_owned()),
        ] {
            anyhow::ensure!(routes.contains(theirs), "{theirs} is not in it any more");
            routes = routes.replace(theirs, &here);
        }
        let config = folder.path().join("alertmanager.yml");
        std::fs::write(&config, routes)?;
        let address = free_port();
        let process = Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("Alertmanager of Debian's package prometheus-alertmanager")?;
        Ok(Self {
            address,
            mail,
            http: reqwest::Client::new(),
            _process: Ends(process),
            _folder: folder,
        })
    }

    /// An alert, as Prometheus tells of it; how old, and whether it is over.
    pub async fn hears(&self, name: &str, severity: &str, is_over: bool) -> anyhow::Result<()> {
        let now = chrono::Utc::now();
        let ends = now + chrono::TimeDelta::seconds(if is_over { -1 } else { 300 });
        let alert = json!([{
            "labels": {"alertname": name, "severity": severity},
            "annotations": {"summary": format!("{name} rings & rings"), "runbook": "docs/src/runbooks/market.md"},
            "startsAt": "2026-03-01T10:00:00Z", "endsAt": ends,
        }]);
        let url = format!("http://{}/api/v2/alerts", self.address);
        let answer = self.http.post(url).json(&alert).send().await?;
        answer.error_for_status()?;
        Ok(())
    }
}
