//! The page of a report, and the report as text.

use std::time::Duration;

use kardan_load::options::Pace;
use kardan_load::threshold::Thresholds;
use kardan_load::{page, text};

use crate::fake::{LONG, options, problem, run, run_until, says, server_until};

#[tokio::test]
async fn the_page_says_everything_and_needs_nothing_from_elsewhere() -> anyhow::Result<()> {
    let (target, stop) = server_until(60, |number, _| async move {
        match number % 7 {
            // What a server says is text, whatever is in it.
            3 => problem(500, "<script>alert(1)</script>"),
            _ => says(200, "{}"),
        }
    })
    .await?;
    let pace = Pace::Rate { per_second: 100.0 };
    let both = options(&target, pace, "browse=1,open=1", LONG);
    let mut report = run_until(&both, &stop).await?;
    let asked = Thresholds {
        p99: Some(Duration::from_nanos(1)),
        errors: None,
    };
    report.thresholds = asked.judge(&report);
    assert!(report.is_above());

    let html = page::html(&report)?;
    for outside in ["<script", "src=", "href=", "url(", "@import", "<link"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("500 &lt;script&gt;"));
    assert!(html.contains("does not hold"));
    assert_eq!(html.matches("<svg").count(), 4);
    // Every colour has a value for light and for dark.
    assert!(html.contains("prefers-color-scheme: dark"));
    assert!(!html.contains("\"#"), "a colour of its own");
    let said = text::text(&report);
    for step in &report.steps {
        assert!(html.contains(step.step) && said.contains(step.step));
    }
    assert!(said.contains("does not hold"), "{said}");

    // Nothing was measured: there is a page all the same, and no threshold holds.
    let nothing = options(
        &target,
        Pace::Rate { per_second: 1e-3 },
        "open=1",
        Duration::from_millis(100),
    );
    let report = run(&nothing).await?;
    assert_eq!(report.total.requests, 0);
    assert!(!asked.judge(&report)[0].holds);
    assert!(page::html(&report)?.contains("<svg"));
    Ok(())
}
