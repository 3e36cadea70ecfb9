//! The programs, on a PostgreSQL of their own.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::alertmanager::Alertmanager;
use super::prometheus::free_port;
use super::telegram::{TOKEN, Telegram, person};
use crate::process::{Up, kardan, run};

/// A process that ends with the value.
pub struct Ends(pub Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What Prometheus reads.
pub struct Target {
    pub job: &'static str,
    address: String,
    path: String,
    node: Option<&'static str>,
    /// Whether it is a page that was recorded, and no program.
    is_record: bool,
}

impl Target {
    fn real(job: &'static str, address: impl ToString, node: Option<&'static str>) -> Self {
        Self {
            job,
            address: address.to_string(),
            path: "/metrics".to_owned(),
            node,
            is_record: false,
        }
    }

    /// The entry in Prometheus' configuration. Each target is an entry, since paths differ, and takes its job by a label.
    pub fn scrape(&self) -> Value {
        let mut labels = json!({"job": self.job});
        if let Some(node) = self.node {
            labels["node"] = node.into();
        }
        if self.is_record {
            labels["recorded"] = "yes".into();
        }
        json!({
            "job_name": format!("{} {}{}", self.job, self.address, self.path),
            "metrics_path": self.path,
            "static_configs": [{"targets": [self.address], "labels": labels}],
        })
    }
}

pub struct Stack {
    pub targets: Vec<Target>,
    pub alertmanager: Alertmanager,
    pub telegram: Telegram,
    api: String,
    http: reqwest::Client,
    database: tokio_postgres::Client,
    _processes: Vec<Ends>,
    _up: Up,
    _folder: TempDir,
}

/// Whoever has written to the bot is told something, which the outbox brings them.
const NOTICE: &str = "
    select notify.tell(array_agg(i.user_id), 'listing.approved', gen_random_uuid()::text, ops.clock_now(), '{\"title\": \"Фильтр\"}')
    from people_data.identities as i where i.subject = '77' having count(*) > 0";

/// Figures that take a week, a standby or a fault to come about.
const PAST: &str = "
    insert into ops_data.query_history (at, queryid, calls, total_ms, row_count, blocks_read)
        select date_trunc('hour', ops.clock_now(), 'UTC') - back, 7, 100, ms, 0, 0
        from (values (interval '1 hour', 300.0), (interval '7 days 1 hour', 100.0)) as v (back, ms);
    insert into ops_data.job_runs (job_name, started_at) values ('idempotency_purge', ops.clock_now());
    with p as (
        insert into market_data.promotions (kind, listing_id, created_by, text, begins_at, ends_at, impressions_wanted, state,
            currency, price_minor, payment, payment_reference, paid_at, decided_by, decided_at, created_at, updated_at)
        select 'insertion', l.id, l.owner_user_id, 'Buy', n.at, n.at + interval '1 day', 1000, 'approved', 'RUB', 100, 'paid', 'a', n.at,
            l.owner_user_id, n.at, n.at, n.at
        from market_data.listings as l cross join (select ops.clock_now() as at) as n
        where l.status = 'published' and l.owner_user_id is not null
        limit 1
        returning id)
    insert into market_data.promotion_totals (promotion_id, shown, clicked) select p.id, 7, 2 from p;
    select pg_create_physical_replication_slot('db2', true);
    select pg_advisory_lock(7);";

/// The administrator's number at Telegram.
pub const OPERATOR: i64 = 88;

const ON_TELEGRAM: &str = "
    insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
    select 'telegram', $1, i.user_id, ops.clock_now(), ops.clock_now()
    from people_data.identities as i where i.subject = 'alertmanager'";

impl Stack {
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), mode)?;
        let data = folder.path().join("data");
        let mut up = Up::embedded(&data);
        up.wait_for("Ctrl-C stops everything");
        let api = up.word_after("API");
        let (_, url, _) = run(kardan().args(["url", "--data-dir"]).arg(&data));
        let url = url.trim().to_owned();
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(PAST).await?;
        let (waiter, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        // Somebody waits all the time, so that each look at what sessions wait for sees something.
        tokio::spawn(async move { waiter.batch_execute("select pg_advisory_lock(7)").await });
        let telegram = Telegram::default();
        let at = telegram.listen().await?;
        let [exporter, worker, bot] = [free_port(), free_port(), free_port()];
        let as_role =
            |role: &str| url.replacen("postgres://postgres", &format!("postgres://{role}"), 1);
        let processes = vec![
            start(
                kardan()
                    .args(["exporter", "--collector.database_wraparound"])
                    .arg(format!("--web.listen-address={exporter}"))
                    .env("DATA_SOURCE_NAME", as_role("kardan_monitor")),
            ),
            start(
                kardan()
                    .args(["worker", "--listen", &worker.to_string(), "--photos"])
                    .arg(data.join("photos"))
                    .env("DATABASE_URL", as_role("kardan_worker")),
            ),
            start(
                kardan()
                    .args(["bot", "--bot-token", TOKEN, "--telegram-api-url", &at])
                    .args(["--bot-listen", &bot.to_string(), "--photos"])
                    .arg(data.join("photos"))
                    .env("DATABASE_URL", as_role("kardan_bot")),
            ),
        ];
        let alertmanager = Alertmanager::start(&api, &operator(&client, &url).await?).await?;
        let pages = pages(&backups(&url, &folder.path().join("backups"))?)?;
        let mut targets = vec![
            Target::real("postgres", exporter, Some("db1")),
            Target::real(
                "api",
                api.trim_start_matches("http://").trim_end_matches("/v1"),
                None,
            ),
            Target::real("worker", worker, None),
            Target::real("bot", bot, None),
            Target::real("alertmanager", alertmanager.address, None),
        ];
        targets.extend(serve(pages).await?);
        Ok(Self {
            targets,
            alertmanager,
            telegram,
            api,
            http: reqwest::Client::new(),
            database: client,
            _processes: processes,
            _up: up,
            _folder: folder,
        })
    }

    /// People search, write to the bot, and are told something.
    pub async fn work(&self) -> anyhow::Result<()> {
        for path in [
            "listings?query=w712-95",
            "listings?query=nothing-of-this-name",
            "categories",
        ] {
            self.http.get(format!("{}/{path}", self.api)).send().await?;
        }
        self.telegram.writes(&person(77, "Anna", "ru"), "/start");
        self.database.batch_execute(NOTICE).await?;
        Ok(())
    }
}

fn start(command: &mut Command) -> Ends {
    Ends(
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    )
}

/// A token that reports alerts, of an administrator whom the bot can write to.
async fn operator(client: &tokio_postgres::Client, url: &str) -> anyhow::Result<String> {
    let (code, token, err) = run(kardan()
        .args([
            "token",
            "create",
            "--user",
            "alertmanager",
            "--role",
            "admin",
        ])
        .args(["--scope", "alert", "--days", "366"])
        .env("DATABASE_URL", url));
    anyhow::ensure!(code == 0, "kardan token create: {err}");
    client
        .execute(ON_TELEGRAM, &[&OPERATOR.to_string()])
        .await?;
    Ok(token.trim().to_owned())
}

/// The figures of a backup that was made and drilled.
fn backups(url: &str, repository: &Path) -> anyhow::Result<String> {
    let mut said = String::new();
    for words in [&["take"][..], &["drill"], &["metrics"]] {
        let (code, out, err) = run(kardan()
            .arg("backup")
            .args(words)
            .env("DATABASE_URL", url)
            .env("KARDAN_BACKUPS", repository));
        anyhow::ensure!(code == 0, "kardan backup {words:?}: {code}\n{out}{err}");
        said = out;
    }
    Ok(said)
}

/// Job, node, whether it is a record, text.
type Page = (&'static str, Option<&'static str>, bool, String);

/// What is no program here.
fn pages(backups: &str) -> anyhow::Result<Vec<Page>> {
    let folder = super::root().join("monitoring/tests/reference/targets");
    let recorded = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.prom")));
    Ok(vec![
        ("backup", None, false, backups.to_owned()),
        ("postgres", Some("db2"), true, recorded("postgres")?),
        ("patroni", Some("db1"), true, recorded("patroni")?),
        ("patroni", Some("db2"), true, recorded("patroni-standby")?),
        ("agent", Some("db1"), true, recorded("agent")?),
        ("etcd", None, true, recorded("etcd")?),
        ("haproxy", None, true, recorded("haproxy")?),
        ("pgbouncer", None, true, recorded("pgbouncer")?),
    ])
}

async fn serve(pages: Vec<Page>) -> anyhow::Result<Vec<Target>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (mut router, mut targets) = (Router::new(), Vec::new());
    for (number, (job, node, is_record, text)) in pages.into_iter().enumerate() {
        let path = format!("/{number}");
        router = router.route(&path, get(async move || text.clone()));
        targets.push(Target {
            job,
            address: address.to_string(),
            path,
            node,
            is_record,
        });
    }
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(targets)
}
