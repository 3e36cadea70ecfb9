//! `kardan load` and the scripts for pgbench, on a seeded market.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use kardan_testdb::Database;
use serde_json::Value;

use crate::process::{Up, kardan, run};

/// A market of a thousand listings that is shown today.
async fn seeded() -> anyhow::Result<Database> {
    let db = Database::create().await?;
    for arguments in [["--mark"].as_slice(), &["--scale", "0.001"]] {
        let mut command = kardan();
        command.args(["seed", "--database-url", &db.url_as("postgres")]);
        let (code, _, err) = run(command.args(arguments));
        assert_eq!(code, 0, "{err}");
    }
    Ok(db)
}

/// The API of a database, and its address.
fn serve(db: &Database, photos: &Path) -> (Up, String) {
    let mut command = kardan();
    command.args(["serve", "--listen", "127.0.0.1:0", "--proxies", "1"]);
    command.args(["--database-url", &db.url_as("kardan_api")]);
    command.arg("--photos").arg(photos).env("NO_COLOR", "1");
    let mut api = Up::start(&mut command);
    api.wait_for("address=");
    let (_, rest) = api.said.split_once("address=").unwrap();
    let address = format!("http://{}", rest.split_whitespace().next().unwrap());
    (api, address)
}

/// Answers by route, method and status, as the API has counted them.
async fn counted(address: &str) -> anyhow::Result<BTreeMap<String, u64>> {
    let text = reqwest::get(format!("{address}/metrics"))
        .await?
        .text()
        .await?;
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("kardan_api_request_seconds_count{") else {
            continue;
        };
        let (labels, count) = rest.rsplit_once("} ").unwrap();
        let label = |name: &str| {
            let (_, rest) = labels.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let key = format!("{} {} {}", label("method"), label("route"), label("status"));
        counts.insert(key, count.parse()?);
    }
    Ok(counts)
}

#[tokio::test]
async fn people_do_everything_and_the_api_has_counted_what_the_report_says() -> anyhow::Result<()> {
    let db = seeded().await?;
    let (url, folder) = (db.url_as("postgres"), tempfile::tempdir()?);
    let (api, address) = serve(&db, folder.path());
    let page = folder.path().join("load.html");
    let load = |more: &[&str]| {
        let mut command = kardan();
        command.args(["load", "--database-url", &url, "--target", &address]);
        command.args([
            "--seed", "5", "--rate", "30", "--think", "30ms", "--people", "200",
        ]);
        run(command.args(more))
    };
    let session = db.superuser().await?;
    let listings = "select count(*) from market_data.listings";
    let before: i64 = session.query_one(listings, &[]).await?.get(0);

    let everything =
        "browse=1,search=1,open=1,contact=1,favourite=1,post=2,moderate=2,deal=1,review=1";
    let (code, out, err) = load(&[
        "--mix",
        everything,
        "--duration",
        "6s",
        "--fail-above-errors",
        "0%",
        "--json",
        "-",
        "--html",
        page.to_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{out}{err}");
    let report: Value = serde_json::from_str(&out)?;
    assert_eq!(report.pointer("/total/failed"), Some(&0.into()), "{out}");
    let mut said: BTreeMap<String, u64> = BTreeMap::new();
    let mut journeys: BTreeMap<&str, u64> = BTreeMap::new();
    for step in report.get("steps").and_then(Value::as_array).unwrap() {
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap();
        for (status, count) in step.get("statuses").and_then(Value::as_object).unwrap() {
            let key = format!("{} {} {status}", text("method"), text("route"));
            *said.entry(key).or_default() += count.as_u64().unwrap();
        }
        *journeys.entry(text("journey")).or_default() += 1;
    }
    assert_eq!(journeys.len(), 9, "{journeys:?}");
    let mut counted = counted(&address).await?;
    // Asked before the test, and by it.
    counted.retain(|key, _| !key.contains("/v1/me ") && key.contains("/v1/"));
    assert_eq!(said, counted);
    let total = report.pointer("/total/requests").and_then(Value::as_u64);
    assert_eq!(total, Some(said.values().sum()));

    let after: i64 = session.query_one(listings, &[]).await?.get(0);
    let made = said
        .get("POST /v1/listings 201")
        .copied()
        .unwrap_or_default();
    assert!(made > 0);
    assert_eq!(after - before, made.cast_signed());
    let alive =
        "select count(*) from people_data.tokens where name = 'kardan load' and revoked_at is null";
    assert_eq!(session.query_one(alive, &[]).await?.get::<_, i64>(0), 0);
    assert!(std::fs::read_to_string(&page)?.contains("moderate"));

    let (code, out, _) = load(&[
        "--mix",
        "open=1",
        "--duration",
        "1s",
        "--fail-above-p99",
        "0.001ms",
    ]);
    assert!(code == 4 && out.contains("p99_ms: at most"), "{code} {out}");
    assert_eq!(api.stop(), 0);
    Ok(())
}

#[tokio::test]
async fn a_database_that_is_not_marked_and_a_wrong_flag_are_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let url = db.url_as("postgres");
    let load = |more: &[&str]| {
        let mut command = kardan();
        command.args(["load", "--database-url", &url]);
        run(command.args(more))
    };
    let (code, _, err) = load(&[]);
    assert!(
        code == 5 && err.contains("not marked") && err.contains("--yes"),
        "{code} {err}"
    );
    // Whoever insists is told what is missing next.
    let (code, _, err) = load(&["--yes"]);
    assert!(code == 5 && err.contains("kardan seed"), "{code} {err}");
    for (arguments, said) in [
        (["--mix", "buy=1"], "no journey"),
        (["--duration", "10"], "no duration"),
        (["--rate", "0"], "no rate"),
        (["--fail-above-errors", "200%"], "no share"),
        (["--target", "localhost"], "no address"),
    ] {
        let (code, _, err) = load(&arguments);
        assert!(
            code == 2 && err.contains(said),
            "{arguments:?}: {code} {err}"
        );
    }
    let (code, _, err) = load(&["--rate", "1", "--users", "1"]);
    assert!(code == 2 && err.contains("--users"), "{err}");
    Ok(())
}

#[tokio::test]
async fn every_script_for_pgbench_does_its_journey_on_a_seeded_market() -> anyhow::Result<()> {
    let db = seeded().await?;
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/load");
    let pgbench = |names: &[&str], times: &str| {
        let mut command = Command::new(kardan_testdb::server().bin_dir.join("pgbench"));
        command.args(["-n", "-M", "prepared", "-c", "2", "-t", times]);
        for name in names {
            command.arg("-f").arg(scripts.join(format!("{name}.sql")));
        }
        let (code, out, err) = run(command.arg(db.url_as("postgres")));
        assert!(
            code == 0 && out.contains("failed transactions: 0"),
            "{names:?}: {out}{err}"
        );
    };
    let mut names: Vec<String> = std::fs::read_dir(&scripts)?
        .map(|entry| {
            Ok(entry?
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned())
        })
        .collect::<std::io::Result<_>>()?;
    names.sort();
    // One for each journey of `kardan load`, in whose order offers come before decisions.
    let journeys = kardan_load::mix::Journey::ALL.map(kardan_load::mix::Journey::name);
    let mut sorted = journeys.to_vec();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    let session = db.superuser().await?;
    let done = "select
            (select count(*) from market_data.deals as d where d.state = 'completed'),
            (select count(*) from market_data.reviews),
            (select count(*) from market_data.moderation_items as i where i.decision = 'approved'),
            (select count(*) from market_data.listings)";
    let before = session.query_one(done, &[]).await?;
    for name in journeys {
        pgbench(&[name], "5");
    }
    let after = session.query_one(done, &[]).await?;
    let more: Vec<i64> = (0..4)
        .map(|at| after.get::<_, i64>(at) - before.get::<_, i64>(at))
        .collect();
    // Two clients, five times each: deals of deal.sql and review.sql, reviews, decisions, listings.
    assert_eq!(more, [20, 10, 10, 10]);
    pgbench(&["post", "moderate"], "10");
    Ok(())
}
