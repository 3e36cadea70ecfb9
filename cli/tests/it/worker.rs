//! `kardan worker` as a process that is killed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kardan_schema::Role;
use kardan_schema::market::{self, ShopCreate};
use kardan_schema::notify::{self, WebhookCreate, WebhookDeliveryList};
use kardan_testdb::Database;

use crate::process::kardan;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A worker that does not outlive its test.
struct Worker(Child);

impl Worker {
    fn start(db: &Database) -> Self {
        let mut command = kardan();
        command.args([
            "worker",
            "--task",
            "webhooks",
            "--webhooks-private",
            "--poll",
            "0.05",
        ]);
        command.args(["--database-url", &db.url_as("kardan_worker")]);
        command.arg("--photos").arg(std::env::temp_dir());
        Self(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// SIGKILL: it has no time for anything.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The id and the body of each call, with the connection that waits for an answer.
fn calls(listener: TcpListener) -> Receiver<(String, String, TcpStream)> {
    let (send, calls) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut id, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or_default() == 0 || line == "\r\n" {
                    break;
                }
                match line.trim_end().split_once(": ") {
                    Some(("webhook-id", value)) => value.clone_into(&mut id),
                    Some(("content-length", value)) => length = value.parse().unwrap(),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            if reader.read_exact(&mut body).is_err() {
                continue;
            }
            let body = String::from_utf8(body).unwrap();
            if send.send((id, body, stream)).is_err() {
                return;
            }
        }
    });
    calls
}

#[tokio::test]
async fn a_worker_that_is_killed_between_sending_and_telling_so_loses_nothing() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    db.superuser()
        .await?
        .batch_execute("update ops_data.settings set value = '1' where key = 'webhooks.http'")
        .await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let wish = ShopCreate {
        actor: owner,
        name: "Brakes and more".to_owned(),
        description: String::new(),
        place: None,
    };
    let shop = market::shop_create(&*api, &wish).await?.shop_id;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let hook = WebhookCreate {
        actor: owner,
        shop,
        url: format!("http://{}/hook", listener.local_addr()?),
        types: Vec::new(),
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
    };
    let webhook = notify::webhook_create(&*api, &hook).await?.webhook_id;
    let calls = calls(listener);
    let session = db.superuser().await?;
    for kind in ["deal.requested", "deal.confirmed"] {
        let sql = "select notify.announce($1, null, $2, ops.clock_now(), '{\"listing_id\": 7}')";
        session.execute(sql, &[&kind, &shop]).await?;
    }

    // The program has the event, and the worker never hears that.
    let mut first = Worker::start(&db);
    let (id, body, _unanswered) = calls.recv_timeout(PATIENCE)?;
    first.kill();
    // Another worker must wait until the lease of the dead one is over.
    let mut second = Worker::start(&db);
    db.shift_clock("61 seconds").await?;
    let (again, repeated, mut stream) = calls.recv_timeout(PATIENCE)?;
    assert_eq!(
        (again, repeated),
        (id, body),
        "the same event, under the same id"
    );
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
    drop(stream);
    let (_, next, mut stream) = calls.recv_timeout(PATIENCE)?;
    assert!(next.contains("deal.confirmed"), "{next}");
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
    drop(stream);

    let list = WebhookDeliveryList {
        actor: owner,
        shop,
        webhook,
        limit: None,
        after: None,
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let all = notify::webhook_delivery_list(&*api, &list).await?;
        if all.len() == 2 && all.iter().all(|delivery| delivery.state == "done") {
            let attempts: Vec<_> = all.iter().map(|delivery| delivery.attempts).collect();
            assert_eq!(attempts, [1, 2]);
            break;
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "{all:?}");
    }
    second.kill();
    Ok(())
}
