//! `kardan exporter` and `kardan top` as processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use kardan_testdb::Database;

use crate::process::{kardan, run};

/// Ends with the value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_variables_of_upstream_are_enough_and_a_signal_ends_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut child = kardan()
        .args([
            "exporter",
            "--web.listen-address=127.0.0.1:0",
            "--log.format",
            "json",
        ])
        .env("DATA_SOURCE_NAME", db.url_as("kardan_monitor"))
        .stderr(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let running = Running(child);
    let mut address = None;
    let mut rest = lines.map_while(Result::ok);
    for line in rest.by_ref() {
        let said: serde_json::Value = serde_json::from_str(&line)?;
        let fields = said.get("fields").unwrap();
        if fields.get("message").and_then(|m| m.as_str()) == Some("listening") {
            address = fields
                .get("address")
                .and_then(|a| a.as_str())
                .map(str::to_owned);
            break;
        }
    }
    let body = reqwest::get(format!("http://{}/metrics", address.unwrap()))
        .await?
        .text()
        .await?;
    assert!(
        body.contains("\npg_up 1\n") && body.contains("kardan_listings"),
        "{body}"
    );
    let pid = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()?
            .success()
    );
    let mut running = running;
    assert!(running.0.wait()?.success());
    Ok(())
}

#[test]
fn flags_that_there_are_not_and_files_with_mistakes_end_it_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exporter.yml");
    std::fs::write(&file, "auth_modules:\n  a:\n    typ: userpass\n").unwrap();
    let file = file.to_str().unwrap();
    for (args, code, said) in [
        (&["--collector.nonsense"][..], 2, "--collector.nonsense"),
        (&["--dialect", "9"], 2, "--dialect"),
        (
            &["--data-source", "host=a sslmode=maybe"],
            1,
            "sslmode=maybe",
        ),
        (&["--config.file", file], 1, "exporter.yml"),
        (&["--web.config.file", "/no/such/file"], 1, "/no/such/file"),
    ] {
        let (found, _, err) = run(kardan().arg("exporter").args(args));
        assert_eq!(found, code, "{args:?}: {err}");
        assert!(err.contains(said), "{args:?}: {err}");
    }
    let (code, out, _) = run(kardan().args(["exporter", "--dumpmaps"]));
    assert!(
        code == 0 && out.contains("locks\tpg_locks_count\tgauge\tNumber of locks"),
        "{out}"
    );
}

// The waiting session goes on while this thread waits for the program.
#[tokio::test(flavor = "multi_thread")]
async fn top_prints_a_pane_once_sorted_as_asked() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut holder = db.superuser().await?;
    holder
        .batch_execute("create table public.held (); set application_name = 'the holder'")
        .await?;
    let lock = holder.transaction().await?;
    lock.batch_execute("lock table public.held in share mode")
        .await?;
    let waiter = db.superuser().await?;
    let waiting = tokio::spawn(async move {
        waiter
            .batch_execute("begin; lock table public.held in access exclusive mode")
            .await
    });
    let url = db.url_as("kardan_monitor");
    let top = |args: &[&str]| {
        run(kardan()
            .args(["top", "--database-url", &url, "--once"])
            .args(args))
    };
    let (code, out, err) = top(&[
        "--pane",
        "sessions",
        "--sort",
        "application",
        "--rows",
        "200",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("the holder") && out.contains("transaction"),
        "{out}"
    );
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let tree = loop {
        let (code, out, err) = top(&["--pane", "locks"]);
        assert_eq!(code, 0, "{err}");
        if out.contains("└ ") {
            break out;
        }
        assert!(std::time::Instant::now() < deadline, "{out}");
    };
    assert!(
        tree.contains("public.held") && tree.contains("AccessExclusiveLock"),
        "{tree}"
    );
    waiting.abort();
    let (code, out, _) = top(&["--interval", "0.2"]);
    assert_eq!(code, 0);
    for title in [
        "Sessions",
        "Locks",
        "Statements now",
        "Replication",
        "Partitions",
    ] {
        assert!(out.contains(title), "{title}: {out}");
    }
    assert!(out.contains("market_data.listing_events"), "{out}");
    for (args, code, said) in [
        (&["--pane", "nonsense"][..], 2, "possible values"),
        (
            &["--pane", "locks", "--sort", "nonsense"],
            1,
            "no column \"nonsense\"",
        ),
    ] {
        let (found, _, err) = top(args);
        assert!(found == code && err.contains(said), "{found}: {err}");
    }
    let nowhere = "postgres://somebody:hunter2@127.0.0.1:1/kardan";
    let (code, _, err) = run(kardan().args(["top", "--once", "--database-url", nowhere]));
    assert!(code == 3 && !err.contains("hunter2"), "{code}: {err}");
    Ok(())
}

#[tokio::test]
async fn top_draws_a_screen_turns_its_panes_and_quits() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let command = format!(
        "stty rows 24 cols 100; exec {} top --database-url \"{}\"",
        env!("CARGO_BIN_EXE_kardan"),
        db.url_as("kardan_monitor")
    );
    // A terminal of its own.
    let mut child = Running(
        Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--flush",
                "--command",
                &command,
                "/dev/null",
            ])
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let mut keys = child.0.stdin.take().unwrap();
    let mut screen = child.0.stdout.take().unwrap();
    let mut seen = String::new();
    let mut read_until = |what: &str| {
        let mut bytes = [0; 4096];
        while !seen.contains(what) {
            let count = screen.read(&mut bytes).unwrap();
            assert!(count > 0, "no {what:?} in {seen}");
            seen.push_str(&String::from_utf8_lossy(bytes.get(..count).unwrap()));
        }
    };
    read_until("q quit");
    keys.write_all(b"5")?;
    // Only what changes is drawn: the tab in reverse.
    read_until("[7m5 Partitions");
    keys.write_all(b"q")?;
    assert!(child.0.wait()?.success());
    Ok(())
}
