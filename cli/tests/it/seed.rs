//! `kardan seed`.

use kardan_testdb::Database;

use crate::process::{kardan, run};

#[tokio::test]
async fn a_marked_database_is_seeded_once_grows_and_says_what_is_in_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let url = db.url_as("postgres");
    let with = |seed: &str, more: &[&str]| {
        let mut command = kardan();
        command.args([
            "seed",
            "--database-url",
            &url,
            "--seed",
            seed,
            "--to",
            "2026-01-01",
        ]);
        run(command.args(more))
    };
    let seed = |more: &[&str]| with("3", more);
    let (code, _, err) = seed(&["--scale", "0.0002"]);
    assert!(code == 5 && err.contains("--mark"), "{code} {err}");
    let (code, out, err) = seed(&["--mark"]);
    assert!(code == 0 && out.contains("may be filled"), "{err}");
    let (code, out, err) = seed(&["--scale", "0.0002", "--json"]);
    assert_eq!(code, 0, "{err}");
    let said: serde_json::Value = serde_json::from_str(&out)?;
    let rows = said.pointer("/tables/market_data.listings/rows");
    assert_eq!(
        rows.and_then(serde_json::Value::as_i64),
        Some(200),
        "{said}"
    );

    let (code, _, err) = seed(&["--scale", "0.0002"]);
    assert!(code == 5 && err.contains("--append"), "{err}");
    let (code, out, err) = seed(&["--append", "--scale", "0.0003"]);
    assert!(code == 0 && out.contains("market_data.listings"), "{err}");
    let (code, _, err) = with("4", &["--append", "--scale", "0.0004"]);
    assert!(code == 5 && err.contains("another seed"), "{code} {err}");
    Ok(())
}

#[test]
fn a_plan_needs_no_database() -> anyhow::Result<()> {
    let (code, out, _) = run(kardan().args(["seed", "--scale", "1", "--dry-run", "--json"]));
    assert_eq!(code, 0);
    let said: serde_json::Value = serde_json::from_str(&out)?;
    assert_eq!(
        said.get("listings").and_then(serde_json::Value::as_u64),
        Some(1_000_000)
    );
    let (code, out, _) = run(kardan().args(["seed", "--dry-run"]));
    assert!(code == 0 && out.contains("nothing was written"));
    let (code, _, err) = run(kardan().args(["seed", "--scale", "0", "--dry-run"]));
    assert!(code == 1 && err.contains("--scale"), "{err}");
    Ok(())
}
