//! Who is told of which alert, by Alertmanager's own tool.

use std::process::Command;

use super::files::{all, at, rules};

fn amtool(args: &[&str]) -> String {
    let done = Command::new("amtool")
        .args(args)
        .output()
        .expect("amtool of Debian's package prometheus-alertmanager");
    let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap());
    assert!(done.status.success(), "{args:?}\n{said:?}");
    said[0].trim().to_owned()
}

#[test]
fn every_critical_alert_and_every_one_of_the_way_itself_is_mailed_and_told_and_the_rest_is_told() {
    let file = at("monitoring/alertmanager/alertmanager.yml");
    let file = file.to_str().unwrap();
    amtool(&["check-config", file]);
    for rule in all("monitoring/prometheus/alerts", "yml")
        .iter()
        .flat_map(|file| rules(file))
    {
        let (name, severity) = (rule.name(), rule.labels["severity"].as_str());
        let is_of_the_way = ["KardanOutbox", "KardanBot", "KardanApi", "KardanAlerts"]
            .iter()
            .any(|start| name.starts_with(start));
        let wanted = match severity {
            "info" => "nobody",
            "critical" => "mail,kardan",
            _ if is_of_the_way => "mail,kardan",
            _ => "kardan",
        };
        let labels = [format!("alertname={name}"), format!("severity={severity}")];
        let told = amtool(&[
            "config",
            "routes",
            "test",
            "--config.file",
            file,
            &labels[0],
            &labels[1],
        ]);
        assert_eq!(told, wanted, "{name}");
    }
}
