//! What counts as a refusal and what as a failure, why there is no test at all, and how one is ended early.

use std::sync::Arc;
use std::time::Duration;

use kardan_load::options::Pace;
use kardan_load::threshold::Thresholds;
use kardan_load::{Error, Progress};
use tokio_util::sync::CancellationToken;

use crate::fake::{LONG, cast, options, problem, run, run_until, says, server, server_until};

const PACE: Pace = Pace::Rate { per_second: 100.0 };

#[tokio::test]
async fn a_limit_of_a_person_is_a_refusal_and_a_broken_server_a_failure() -> anyhow::Result<()> {
    let (target, stop) = server_until(40, |_, request| async move {
        match (request.method().as_str(), request.uri().path()) {
            ("POST", path) if path.ends_with("/contacts") => problem(429, "contact_limit"),
            ("PUT", _) => problem(500, "internal"),
            _ => says(200, "{}"),
        }
    })
    .await?;
    let mix = "contact=1,favourite=1";
    let report = run_until(&options(&target, PACE, mix, LONG), &stop).await?;
    let of = |name: &str| {
        let step = report.steps.iter().find(|step| step.step == name);
        step.map(|step| (step.row.requests, step.row.refused, step.row.failed))
            .unwrap()
    };
    let (asked, refused, failed) = of("contacts");
    assert!(asked > 0 && (refused, failed) == (asked, 0));
    let (added, refused, failed) = of("add");
    assert!(added > 0 && (refused, failed) == (0, added));
    // After a failure nobody goes on.
    assert!(report.steps.iter().all(|step| step.step != "list"));
    assert_eq!(report.total.refused, asked);
    assert_eq!(report.total.failed, added);
    let reasons: Vec<_> = report
        .reasons
        .iter()
        .map(|one| (one.reason.as_str(), one.is_failure, one.count))
        .collect();
    assert_eq!(
        reasons,
        [
            ("500 internal", true, added),
            ("429 contact_limit", false, asked)
        ]
    );
    assert_eq!(report.total.statuses.get(&429), Some(&asked));

    let asked = Thresholds {
        p99: Some(Duration::from_secs(3600)),
        errors: Some(report.total.failed_share / 2.0),
    };
    let holds: Vec<bool> = asked.judge(&report).iter().map(|one| one.holds).collect();
    assert_eq!(holds, [true, false]);
    Ok(())
}

#[tokio::test]
async fn who_gets_no_answer_has_failed_and_has_waited_as_long_as_they_could() -> anyhow::Result<()>
{
    let (target, stop) = server_until(10, |_, _| std::future::pending()).await?;
    let mut short = options(&target, PACE, "open=1", LONG);
    short.timeout = Duration::from_millis(150);
    let report = run_until(&short, &stop).await?;
    assert!(report.total.requests > 0);
    assert_eq!(report.total.failed, report.total.requests);
    let reason = &report.reasons[0];
    assert_eq!(reason.reason, "no answer in time");
    assert!(report.total.latency.p50 >= 149.0);
    assert!(report.total.statuses.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_test_that_is_stopped_tells_what_it_measured_until_then() -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let from_within = stop.clone();
    let target = server(move |number, _| {
        if number == 20 {
            from_within.cancel();
        }
        async { says(200, "{}") }
    })
    .await?;
    for pace in [PACE, Pace::Users { users: 5 }] {
        let whole = options(&target, pace, "browse=1", Duration::from_secs(3600));
        let (progress, asked) = (Arc::new(Progress::default()), Thresholds::default());
        let report = kardan_load::run(&whole, asked, cast(), &progress, &stop).await?;
        assert!(report.is_stopped && report.seconds < 3600.0);
        if matches!(pace, Pace::Rate { .. }) {
            assert!(report.total.requests > 20);
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_during_the_ramp_is_shown_and_not_counted() -> anyhow::Result<()> {
    // Of a hundred a second, thirty do not come within a ramp of a fifth of a second.
    let (target, stop) = server_until(60, |_, _| async { says(200, "{}") }).await?;
    let mut ramped = options(&target, PACE, "browse=1", LONG);
    ramped.ramp = Duration::from_millis(200);
    let report = run_until(&ramped, &stop).await?;
    assert!(report.ramp_requests > 0 && report.total.requests > 0);
    let shown: u64 = report.timeline.iter().map(|one| one.requests).sum();
    assert_eq!(shown, report.ramp_requests + report.total.requests);
    Ok(())
}

#[tokio::test]
async fn without_an_api_or_with_another_ones_database_nobody_is_sent() -> anyhow::Result<()> {
    let nobody = options("http://127.0.0.1:9", PACE, "open=1", LONG);
    let error = run(&nobody).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");

    let routes = axum::Router::new()
        .route("/health/ready", axum::routing::get(|| async { "{}" }))
        .fallback(|| async { problem(401, "token_unknown") });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let other = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let error = run(&options(&other, PACE, "open=1", LONG))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--database-url"), "{error}");
    Ok(())
}
