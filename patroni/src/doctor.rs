//! What is wrong with a cluster, or will be when something breaks; each finding with what to do.

use serde::Serialize;
use serde_json::Value;

use crate::status::{Node, Status};
use crate::{Error, Place};

mod settings;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to do.
    Ok,
    /// It works, and will hurt when something else breaks.
    Warning,
    /// It does not work.
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was looked at.
    pub check: &'static str,
    /// What was seen.
    pub found: String,
    /// What to do; empty when there is nothing to do.
    pub next: String,
}

/// A standby further behind than this would not be promoted.
const FAR_BEHIND: i64 = 1 << 20;
/// A slot that holds more than this back fills the disk sooner or later.
const HELD_BACK: i64 = 1 << 30;
/// etcd stops taking writes at 2 GiB unless told otherwise.
const ETCD_LARGE: u64 = 1 << 30;
/// The versions of Patroni whose interface this was written for.
const PATRONI_MAJOR: &str = "4.";

impl Place {
    /// Looks at everything that has hurt somebody.
    ///
    /// # Errors
    /// As [`Place::status`].
    pub async fn doctor(&self) -> Result<(Status, Vec<Finding>), Error> {
        let status = self.status().await?;
        let findings = findings(&status);
        Ok((status, findings))
    }
}

fn findings(status: &Status) -> Vec<Finding> {
    let mut found = vec![leader(status), mode(status), redundancy(status)];
    found.push(etcd(status));
    found.extend(colocated(status));
    found.extend(status.nodes.iter().flat_map(|one| node(status, one)));
    found.push(versions(status));
    found.extend(settings::findings(&status.config));
    found
}

const fn ok(check: &'static str, found: String) -> Finding {
    Finding {
        level: Level::Ok,
        check,
        found,
        next: String::new(),
    }
}

fn finding(level: Level, check: &'static str, found: String, next: impl Into<String>) -> Finding {
    Finding {
        level,
        check,
        found,
        next: next.into(),
    }
}

fn leader(status: &Status) -> Finding {
    match &status.leader {
        Some(name) => ok("leader", format!("{name} leads")),
        None => finding(
            Level::Failure,
            "leader",
            "nobody leads".to_owned(),
            "look at the nodes' logs and at etcd; a node leads when a majority of etcd is there and its data is not behind",
        ),
    }
}

fn mode(status: &Status) -> Finding {
    if status.paused {
        finding(
            Level::Warning,
            "failover",
            "automatic failover is off".to_owned(),
            "kardan cluster resume",
        )
    } else {
        ok("failover", "automatic".to_owned())
    }
}

fn redundancy(status: &Status) -> Finding {
    let counting = status
        .nodes
        .iter()
        .filter(|n| n.counts_for_commits())
        .count();
    match counting {
        0 => finding(
            Level::Failure,
            "redundancy",
            "no standby acknowledges commits: writes wait until one does".to_owned(),
            "bring a standby back: kardan cluster status says what it lacks; kardan cluster reinit NODE copies it anew",
        ),
        1 => finding(
            Level::Warning,
            "redundancy",
            "one standby acknowledges commits: the next loss stops writes".to_owned(),
            "bring the other standby back: kardan cluster status",
        ),
        _ => ok(
            "redundancy",
            format!("{counting} standbys acknowledge commits"),
        ),
    }
}

fn etcd(status: &Status) -> Finding {
    let silent: Vec<&str> = status
        .etcd
        .iter()
        .filter(|member| member.leads.is_none())
        .map(|member| member.url.as_str())
        .collect();
    let large = status
        .etcd
        .iter()
        .any(|member| member.db_bytes.is_some_and(|bytes| bytes > ETCD_LARGE));
    let complaints: Vec<&str> = status
        .etcd
        .iter()
        .filter(|member| member.leads.is_some())
        .flat_map(|member| &member.trouble)
        .map(String::as_str)
        .collect();
    if !silent.is_empty() {
        finding(
            if silent.len() * 2 >= status.etcd.len() {
                Level::Failure
            } else {
                Level::Warning
            },
            "etcd",
            format!("silent: {}", silent.join(", ")),
            "start them; two of three are needed for any change of leader",
        )
    } else if !complaints.is_empty() {
        finding(
            Level::Failure,
            "etcd",
            complaints.join("; "),
            "etcdctl alarm list; etcdctl defrag",
        )
    } else if large {
        finding(
            Level::Warning,
            "etcd",
            "more than 1 GiB of data; at 2 GiB it takes no writes".to_owned(),
            "etcdctl defrag on each member, and look at ETCD_AUTO_COMPACTION_RETENTION",
        )
    } else if status.etcd.len() < 3 {
        finding(
            Level::Warning,
            "etcd",
            format!("{} known here", status.etcd.len()),
            "name all three with --etcd; fewer than three members survive no loss",
        )
    } else {
        ok("etcd", format!("{} members, all there", status.etcd.len()))
    }
}

/// A machine that carries both leads loses both at once, and a frozen one has cost acknowledged commits.
fn colocated(status: &Status) -> Option<Finding> {
    let primary = status.leading().ok()?;
    let (etcd, node) = (status.etcd_leader()?.host(), primary.host());
    Some(if etcd == node {
        finding(
            Level::Warning,
            "etcd leader",
            format!("{node} leads both the database and etcd"),
            "give etcd nodes of its own; until then: etcdctl move-leader",
        )
    } else {
        ok("etcd leader", format!("{etcd}, not the primary's machine"))
    })
}

fn node(status: &Status, node: &Node) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut tell = |level, check, what: String, next: String| {
        found.push(finding(
            level,
            check,
            format!("{}: {what}", node.name),
            next,
        ));
    };
    for trouble in &node.trouble {
        tell(
            Level::Failure,
            "node",
            trouble.clone(),
            "is the machine up, and the service on it?".to_owned(),
        );
    }
    if let (Some(own), Some(all)) = (&node.system_identifier, &status.system_identifier)
        && own != all
    {
        tell(
            Level::Failure,
            "identity",
            format!("its database is another one ({own}, the cluster's is {all})"),
            format!(
                "if nothing on it is needed: kardan cluster reinit {}",
                node.name
            ),
        );
    }
    if node.lag_bytes.is_some_and(|bytes| bytes > FAR_BEHIND) {
        tell(
            Level::Warning,
            "lag",
            format!(
                "{} bytes behind: it would not be promoted",
                node.lag_bytes.unwrap_or_default()
            ),
            "is it busy, is its disk slow, does a long query hold replay up? kardan top".to_owned(),
        );
    }
    if node.pending_restart {
        tell(
            Level::Warning,
            "settings",
            "waits for a restart to take settings on".to_owned(),
            format!("kardan cluster restart {}", node.name),
        );
    }
    match &node.disk {
        None if node.trouble.is_empty() => tell(
            Level::Warning,
            "agent",
            "its agent does not answer: nobody looks after its disk and its freezes".to_owned(),
            "start nodes by: kardan agent … -- patroni …".to_owned(),
        ),
        Some(disk) if disk.is_low() => tell(
            Level::Failure,
            "disk",
            format!(
                "{} MiB are left, and {} MiB are too little",
                disk.available_bytes >> 20,
                disk.low_below_bytes >> 20
            ),
            "a larger volume, or less on it: which slot keeps WAL (kardan cluster status), which tables are large (kardan top)"
                .to_owned(),
        ),
        _ => {}
    }
    if node.watchdog == Some(false) {
        tell(
            Level::Warning,
            "watchdog",
            "no /dev/watchdog: a node that hangs is ended by nobody but its agent".to_owned(),
            "modprobe softdog, and give the device to the node".to_owned(),
        );
    }
    for slot in &node.slots {
        let lost = slot.wal_status.as_deref() == Some("lost");
        let held = slot.retained_bytes.unwrap_or_default() > HELD_BACK && !slot.active;
        if lost || held {
            tell(
                if lost { Level::Failure } else { Level::Warning },
                "slots",
                format!(
                    "slot {} {}",
                    slot.name,
                    if lost {
                        "has lost what it was for"
                    } else {
                        "keeps more than 1 GiB of WAL for nobody"
                    }
                ),
                "bring back whom it belongs to, or: select pg_drop_replication_slot(…)".to_owned(),
            );
        }
    }
    found
}

fn versions(status: &Status) -> Finding {
    let differ = |versions: Vec<&String>| {
        versions
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a != b))
    };
    let of =
        |get: fn(&Node) -> Option<&String>| status.nodes.iter().filter_map(get).collect::<Vec<_>>();
    let patroni = of(|node| node.patroni.as_ref());
    if let Some(other) = patroni
        .iter()
        .find(|version| !version.starts_with(PATRONI_MAJOR))
    {
        return finding(
            Level::Failure,
            "versions",
            format!("Patroni {other}; this program was written for {PATRONI_MAJOR}x"),
            "use the program of the release that runs there",
        );
    }
    if differ(patroni) || differ(of(|node| node.version.as_ref())) {
        return finding(
            Level::Warning,
            "versions",
            "nodes run different versions".to_owned(),
            "finish the upgrade: standbys first, then kardan cluster switchover and the former leader",
        );
    }
    ok("versions", "the same everywhere".to_owned())
}

/// A setting's value as people write it.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "unset".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
