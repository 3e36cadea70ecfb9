//! What Alertmanager reports, told to administrators.

use chrono::{DateTime, Utc};
use kardan_schema::notify::{self, Alert, AlertsReported};
use kardan_schema::{Reason, Role, UserId};
use serde_json::Value;

use super::Office;
use crate::support::reason;

fn at(hour: u32) -> DateTime<Utc> {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

fn rings(name: &str, hour: u32) -> Alert {
    Alert {
        fingerprint: format!("f-{name}"),
        name: name.to_owned(),
        severity: "warning".to_owned(),
        summary: format!("{name} rings"),
        description: String::new(),
        runbook: String::new(),
        started_at: at(hour),
        ended_at: None,
    }
}

fn over(name: &str, from: u32, to: u32) -> Alert {
    Alert {
        ended_at: Some(at(to)),
        ..rings(name, from)
    }
}

impl Office {
    async fn operator(&self) -> anyhow::Result<UserId> {
        let admin = self.db.person(Role::Admin).await?;
        self.on_telegram(admin).await?;
        Ok(admin)
    }

    /// How many of these are news, and how many are told.
    async fn report(&self, by: UserId, alerts: &[Alert]) -> anyhow::Result<(i32, i32)> {
        let AlertsReported {
            news_count,
            told_count,
        } = notify::alerts_report(&*self.api, by, &Alert::list(alerts)).await?;
        Ok((news_count, told_count))
    }

    /// What was told last: how many ring, how many are over, and the names in their order.
    async fn alerts_told(&self, recipient: i64) -> anyhow::Result<(i64, i64, Vec<String>)> {
        let row = self
            .owner
            .query_one(
                "select o.data from notify_data.outbox as o where o.recipient = $1 and o.kind = 'alert.reported'
                 order by o.id desc limit 1",
                &[&recipient],
            )
            .await?;
        let data: Value = row.get(0);
        let alerts = data["alerts"].as_array().unwrap();
        let names = alerts
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned());
        Ok((
            data["firing"].as_i64().unwrap(),
            data["resolved"].as_i64().unwrap(),
            names.collect(),
        ))
    }
}

#[tokio::test]
async fn an_alert_is_told_when_it_begins_and_when_it_ends_and_never_twice() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (admin, second) = (office.operator().await?, office.operator().await?);
    office.person().await?;
    let both = [rings("a", 1), rings("b", 1)];
    assert_eq!(office.report(admin, &both).await?, (2, 2));
    assert_eq!(office.report(admin, &both).await?, (0, 0));
    assert_eq!(
        office.alerts_told(second.0).await?,
        (2, 0, vec!["a".into(), "b".into()])
    );
    let mixed = [over("a", 1, 2), rings("b", 1), rings("c", 2)];
    assert_eq!(office.report(admin, &mixed).await?, (2, 2));
    assert_eq!(
        office.alerts_told(second.0).await?,
        (1, 1, vec!["c".into(), "a".into()])
    );
    // Late, and again from another Alertmanager.
    assert_eq!(office.report(admin, &both).await?, (0, 0));
    assert_eq!(office.report(admin, &[over("a", 1, 2)]).await?, (0, 0));
    // It rings anew.
    assert_eq!(office.report(admin, &[rings("a", 5)]).await?, (1, 2));
    Ok(())
}

#[tokio::test]
async fn the_worst_that_rings_comes_first_and_ten_are_told_by_name() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.operator().await?;
    let mut alerts: Vec<_> = (0..12)
        .map(|number| rings(&format!("n{number}"), 3))
        .collect();
    alerts.push(over("done", 1, 2));
    alerts.push(Alert {
        severity: "critical".to_owned(),
        ..rings("worst", 4)
    });
    // Twice in one report, and with letters that a database does not take.
    alerts.push(over("done", 1, 2));
    alerts[0].summary = "\0".repeat(3);
    alerts[1].description = "ж".repeat(20_000);
    assert_eq!(office.report(admin, &alerts).await?, (14, 1));
    let (firing, resolved, names) = office.alerts_told(admin.0).await?;
    assert_eq!((firing, resolved, names.len()), (13, 1, 10));
    assert_eq!(names[0], "worst");
    assert!(!names.contains(&"done".to_owned()), "{names:?}");
    Ok(())
}

#[tokio::test]
async fn a_chat_of_the_setting_is_told_instead_of_people() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.operator().await?;
    let set = |value: &str| {
        format!("update ops_data.settings set value = '\"{value}\"' where key = 'alerts.chat'")
    };
    office.run(&set("-1001234567890123")).await?;
    office
        .run("update ops_data.settings set value = '\"en\"' where key = 'alerts.chat_language'")
        .await?;
    assert_eq!(office.report(admin, &[rings("a", 1)]).await?, (1, 1));
    assert_eq!(office.alerts_told(-1_001_234_567_890_123).await?.2, ["a"]);
    let (_, taken) = office.claim(10).await?;
    assert_eq!((taken.len(), taken[0].chat_id), (1, -1_001_234_567_890_123));
    assert_eq!(taken[0].data["language"], "en");
    // What is no number of a chat loses no alert.
    office.run(&set("@kardan")).await?;
    assert_eq!(office.report(admin, &[rings("b", 1)]).await?, (1, 1));
    assert_eq!(office.alerts_told(admin.0).await?.2, ["b"]);
    Ok(())
}

#[tokio::test]
async fn a_report_that_fails_is_new_when_it_is_repeated() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (admin, moderator) = (
        office.operator().await?,
        office.db.person(Role::Moderator).await?,
    );
    let mut nameless = rings("b", 1);
    nameless.fingerprint.clear();
    for (by, alerts, why) in [
        (moderator, vec![rings("a", 1)], Reason::RoleRequired),
        (
            admin,
            vec![rings("a", 1), nameless],
            Reason::AlertFingerprintLength,
        ),
        (admin, vec![rings("a", 1); 1001], Reason::AlertsCount),
    ] {
        let refused = notify::alerts_report(&*office.api, by, &Alert::list(&alerts)).await;
        assert_eq!(reason(refused), why);
    }
    assert_eq!(office.report(admin, &[rings("a", 1)]).await?, (1, 1));
    Ok(())
}

#[tokio::test]
async fn what_was_over_90_days_ago_is_forgotten_and_what_rings_is_not() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.operator().await?;
    office
        .run(
            "insert into notify_data.alerts (fingerprint, started_at, ended_at, heard_at)
             select n, ops.clock_now() - b, ops.clock_now() - e, ops.clock_now() - b
             from (values ('old', interval '92 days', interval '91 days'), ('new', interval '92 days', interval '1 day'),
                 ('rings', interval '80 days', null)) as v (n, b, e)",
        )
        .await?;
    assert_eq!(office.report(admin, &[]).await?, (0, 0));
    let left = "select count(*) from notify_data.alerts where fingerprint in ('new', 'rings')";
    assert_eq!(office.count(left).await?, 2);
    assert_eq!(
        office
            .count("select count(*) from notify_data.alerts")
            .await?,
        2
    );
    Ok(())
}
