//! The settings in etcd beside the recommended ones. The reasons are told at length in docs/src/cluster.md.

use serde_json::Value;

use super::{Finding, Level, finding, ok, shown};

struct Advice {
    /// Where it stands: `/` leads into a part.
    name: &'static str,
    /// Values that are good, as they are written.
    good: &'static [&'static str],
    /// What happens otherwise.
    otherwise: &'static str,
}

const ADVICE: &[Advice] = &[
    Advice {
        name: "ttl",
        good: &["20"],
        otherwise: "a dead machine costs up to this many seconds; Patroni allows no less than 20",
    },
    Advice {
        name: "loop_wait",
        good: &["1", "2"],
        otherwise: "whoever leads is looked at this seldom",
    },
    Advice {
        name: "retry_timeout",
        good: &["3", "4", "5"],
        otherwise: "with loop_wait it must fit twice into ttl",
    },
    Advice {
        name: "synchronous_mode",
        good: &["quorum", "true", "on"],
        otherwise: "acknowledged commits are lost with the primary",
    },
    Advice {
        name: "synchronous_mode_strict",
        good: &["true", "on"],
        otherwise: "without a standby commits are acknowledged that nobody else has",
    },
    Advice {
        name: "maximum_lag_on_failover",
        good: &["1048576"],
        otherwise: "a standby this far behind may lead",
    },
    Advice {
        name: "check_timeline",
        good: &["true", "on"],
        otherwise: "a standby of an old timeline may lead",
    },
    Advice {
        name: "failsafe_mode",
        good: &["true", "on"],
        otherwise: "losing etcd stops all writes at once",
    },
    Advice {
        name: "primary_start_timeout",
        good: &["0"],
        otherwise: "a crashed primary is waited for before it is replaced",
    },
    Advice {
        name: "primary_stop_timeout",
        good: &["5", "10", "15"],
        otherwise: "a primary that does not stop keeps the others waiting",
    },
    Advice {
        name: "postgresql/use_slots",
        good: &["true", "on"],
        otherwise: "a standby that was away needs a whole copy",
    },
    Advice {
        name: "postgresql/use_pg_rewind",
        good: &["true", "on"],
        otherwise: "a former primary needs a whole copy",
    },
    Advice {
        name: "postgresql/remove_data_directory_on_rewind_failure",
        good: &["false", "off"],
        otherwise: "data is deleted by a program and not by people",
    },
    Advice {
        name: "postgresql/parameters/synchronous_commit",
        good: &["on", "remote_apply"],
        otherwise: "a commit is acknowledged before a standby has it on disk",
    },
    Advice {
        name: "postgresql/parameters/wal_log_hints",
        good: &["on"],
        otherwise: "pg_rewind works only with data checksums then",
    },
    Advice {
        name: "postgresql/parameters/wal_sender_timeout",
        good: &["5s", "5000"],
        otherwise: "a dead standby is believed alive for this long",
    },
    Advice {
        name: "postgresql/parameters/wal_receiver_timeout",
        good: &["5s", "5000"],
        otherwise: "a dead primary is believed alive for this long",
    },
    Advice {
        name: "postgresql/parameters/tcp_user_timeout",
        good: &["5000", "5s"],
        otherwise: "a client that is gone holds its locks for this long",
    },
    Advice {
        name: "postgresql/parameters/client_connection_check_interval",
        good: &["2s", "2000"],
        otherwise: "a statement runs on for a client that is gone",
    },
    Advice {
        name: "postgresql/parameters/idle_in_transaction_session_timeout",
        good: &["60s", "1min", "60000"],
        otherwise: "a forgotten transaction holds locks and keeps dead rows",
    },
];

/// Differences, or one line that says there are none.
pub fn findings(config: &Value) -> Vec<Finding> {
    let mut found: Vec<Finding> = ADVICE
        .iter()
        .filter_map(|advice| {
            let have = shown(find(config, advice.name));
            (!advice.good.contains(&have.as_str())).then(|| {
                finding(
                    Level::Warning,
                    "settings",
                    format!("{} is {have}: {}", advice.name, advice.otherwise),
                    format!(
                        "patronictl edit-config --set {}={}",
                        advice.name.replace('/', "."),
                        advice.good.first().unwrap_or(&"")
                    ),
                )
            })
        })
        .collect();
    // Without a bound, a standby that stays away fills the primary's disk; with which, depends on the disk.
    let name = "postgresql/parameters/max_slot_wal_keep_size";
    let bound = shown(find(config, name));
    if matches!(bound.as_str(), "unset" | "-1") {
        found.push(finding(
            Level::Warning,
            "settings",
            format!("{name} is {bound}: a standby that stays away fills the disk"),
            "patronictl edit-config --set postgresql.parameters.max_slot_wal_keep_size=… (a third of the disk)",
        ));
    }
    if found.is_empty() {
        found.push(ok("settings", "as recommended".to_owned()));
    }
    found
}

fn find<'a>(config: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('/').try_fold(config, |part, key| part.get(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::findings;

    #[test]
    fn a_bare_configuration_is_told_what_it_lacks_with_the_command_for_it() {
        let found = findings(&json!({"ttl": 30, "postgresql": {"parameters": {}}}));
        let ttl = found
            .iter()
            .find(|one| one.found.starts_with("ttl is 30"))
            .expect("ttl");
        assert_eq!(ttl.next, "patronictl edit-config --set ttl=20");
        assert!(
            found
                .iter()
                .any(|one| one.found.contains("max_slot_wal_keep_size is unset"))
        );
        assert!(found.iter().any(|one| {
            one.next
                .contains("postgresql.parameters.synchronous_commit=on")
        }));
    }

    #[test]
    fn what_the_images_bring_along_is_what_is_recommended() {
        let text = include_str!("../../etc/patroni.yml");
        let file: serde_json::Value = serde_saphyr::from_str(text).expect("patroni.yml");
        let found = findings(&file["bootstrap"]["dcs"]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].found, "as recommended");
    }
}
