//! Each alert has a section that tells what it means, what to look at and what mends it.

use std::collections::BTreeSet;

use super::files::{all, at, read, rules, stem};

const ALERTS: &str = "monitoring/prometheus/alerts";
const PAGES: &str = "docs/src/runbooks";

#[test]
fn every_alert_leads_to_its_section_and_every_section_belongs_to_an_alert() {
    let groups: BTreeSet<_> = all(ALERTS, "yml").iter().map(|file| stem(file)).collect();
    let pages: BTreeSet<_> = all(PAGES, "md").iter().map(|page| stem(page)).collect();
    assert_eq!(groups, pages);
    for file in all(ALERTS, "yml") {
        let group = stem(&file);
        let alerts: Vec<_> = rules(&file)
            .iter()
            .map(|rule| rule.name().to_owned())
            .collect();
        let page = read(&at(PAGES).join(format!("{group}.md")));
        let sections: Vec<_> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        assert_eq!(sections, alerts, "{group}");
        for rule in rules(&file) {
            let anchor = rule.name().to_lowercase();
            assert_eq!(
                rule.annotations["runbook"],
                format!("{PAGES}/{group}.md#{anchor}")
            );
        }
    }
}

#[test]
fn every_section_has_a_meaning_a_look_and_what_mends() {
    for page in all(PAGES, "md") {
        let text = read(&page);
        for section in text.split("\n## ").skip(1) {
            let name = section.lines().next().unwrap_or_default();
            for part in ["**Meaning.** ", "**Check.** ", "**Mend.** "] {
                assert!(section.contains(part), "{}: {name}: no {part}", stem(&page));
            }
        }
    }
}
