//! Breaking it, and mending what was broken. Each fault ends with everything back that it took away; what the cluster makes
//! of that is its own affair.

use std::time::Duration;

use kardan_cluster::Place;
use kardan_cluster::status::Status;
use kardan_cluster::switchover::Wish;
use serde_json::json;
use tokio::time::sleep;

use crate::Error;
use crate::containers::Containers;
use crate::fault::{Fault, Frozen, Side};

/// The volume of a node's data, in its container.
const DATA: &str = "/var/lib/postgresql/17/kardan";
/// A disk larger than this is nobody's to fill.
const SMALL_DISK: u64 = 8 << 30;

/// Where a fault happens.
pub struct Scene<'a> {
    pub place: &'a Place,
    pub containers: &'a Containers,
    pub tell: &'a (dyn Fn(&str) + Sync),
}

/// What a fault showed beside what clients saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// What must not have happened.
    pub violation: Option<String>,
}

/// The nodes of a moment.
struct Cast {
    primary: String,
    standbys: Vec<String>,
    etcd_leader: String,
    etcd_others: Vec<String>,
}

impl Scene<'_> {
    /// Breaks and mends.
    pub async fn play(&self, fault: &Fault) -> Result<Seen, Error> {
        let cast = self.cast(&self.place.status().await?)?;
        let mut seen = Seen::default();
        match fault {
            Fault::PostmasterKill => {
                let line = format!("kill -9 $(head -n 1 {DATA}/postmaster.pid)");
                self.containers.shell(&cast.primary, &line).await?;
            }
            Fault::PowerLoss { seconds } => {
                self.power_off(std::slice::from_ref(&cast.primary)).await?;
                sleep(Duration::from_secs(*seconds)).await;
                self.containers.start(&[cast.primary]).await?;
            }
            Fault::Freeze { who, seconds } => {
                let frozen = match who {
                    Frozen::Primary => vec![cast.primary],
                    Frozen::Etcd => vec![cast.etcd_leader],
                    Frozen::Both => vec![cast.primary, cast.etcd_leader],
                };
                self.containers.pause(&frozen).await?;
                sleep(Duration::from_secs(*seconds)).await;
                self.containers.unpause(&frozen).await?;
            }
            Fault::Partition { from, seconds } => {
                let rules = self.rules(*from, &cast).await?;
                self.containers.network(&cast.primary, &rules).await?;
                sleep(Duration::from_secs(*seconds)).await;
                self.containers.network(&cast.primary, MEND_NETWORK).await?;
            }
            Fault::SlowNetwork { seconds } => {
                self.containers.network(&cast.primary, SLOW).await?;
                sleep(Duration::from_secs(*seconds)).await;
                self.containers.network(&cast.primary, MEND_NETWORK).await?;
            }
            Fault::EtcdQuorum { seconds } => {
                let mut frozen = vec![cast.etcd_leader];
                frozen.extend(cast.etcd_others.into_iter().take(1));
                self.containers.pause(&frozen).await?;
                sleep(Duration::from_secs(*seconds)).await;
                self.containers.unpause(&frozen).await?;
            }
            Fault::FullDisk => self.full_disk(&cast.primary).await?,
            Fault::Switchovers { count } => {
                for _ in 0..*count {
                    let wish = Wish::default();
                    let plan = self.place.switchover_plan(&wish).await?;
                    let done = self.place.switchover(&plan, &wish).await?;
                    (self.tell)(&format!(
                        "{} leads; clients waited {} ms",
                        done.to, done.stall_ms
                    ));
                    self.place.wait_whole(Duration::from_secs(60)).await?;
                }
            }
            Fault::StaleStandby { seconds } => seen = self.stale_standby(cast, *seconds).await?,
            Fault::RollingRestart => {
                let order = Place::restart_order(&self.place.status().await?, &[])?;
                self.place.restart_rolling(&order, true, self.tell).await?;
            }
            Fault::Asynchronous => self.asynchronous(cast).await?,
        }
        Ok(seen)
    }

    fn cast(&self, status: &Status) -> Result<Cast, Error> {
        let primary = status
            .leader
            .clone()
            .ok_or_else(|| Error::refused("nobody leads; a drill begins with a whole cluster"))?;
        let etcd_leader = status
            .etcd_leader()
            .ok_or_else(|| Error::refused("nobody leads etcd"))?
            .host()
            .to_owned();
        let others = |prefix, one: &str| {
            let mut all = self.containers.like(prefix);
            all.retain(|name| name != one);
            all
        };
        Ok(Cast {
            standbys: others("db", &primary),
            etcd_others: others("etcd", &etcd_leader),
            primary,
            etcd_leader,
        })
    }

    /// As a machine loses its power: nothing of it is heard any more, no FIN and no RST either, and it hears nothing.
    async fn power_off(&self, nodes: &[String]) -> Result<(), Error> {
        let cut = nodes
            .iter()
            .map(|node| self.containers.network(node, CUT_OFF));
        futures_util::future::try_join_all(cut).await?;
        self.containers.kill(nodes).await
    }

    async fn rules(&self, from: Side, cast: &Cast) -> Result<String, Error> {
        let peers = match from {
            Side::All => return Ok(CUT_OFF.to_owned()),
            Side::OneWay => return Ok("iptables -A INPUT ! -i lo -j DROP".to_owned()),
            Side::Etcd => self.containers.like("etcd"),
            Side::Standbys => cast.standbys.clone(),
            Side::Clients => self.containers.like("haproxy"),
        };
        let addresses = self.containers.addresses(&peers).await?;
        let rules = addresses.iter().map(|address| {
            format!(
                "iptables -A INPUT -s {address} -j DROP; iptables -A OUTPUT -d {address} -j DROP"
            )
        });
        Ok(rules.collect::<Vec<_>>().join("; "))
    }

    /// Fills the primary's disk up to what its agent must not wait for, until another node leads or half a minute is over.
    async fn full_disk(&self, primary: &str) -> Result<(), Error> {
        let status = self.place.status().await?;
        let disk = status
            .nodes
            .iter()
            .find(|node| node.name == primary)
            .and_then(|node| node.disk)
            .ok_or_else(|| Error::refused(format!("the agent of {primary} does not answer")))?;
        if disk.total_bytes > SMALL_DISK {
            return Err(Error::refused(
                "F8 fills the primary's disk, and that one is large and shared; start the cluster by ./dev cluster drill, \
                 which gives it small disks, or leave F8 out",
            ));
        }
        let line = format!(
            "free=$(df --output=avail --block-size=1M {DATA} | tail -n 1); fallocate -l $((free - 100))M {DATA}/../filler"
        );
        self.containers.shell(primary, &line).await?;
        for _ in 0..60 {
            sleep(Duration::from_millis(500)).await;
            let now = self
                .place
                .status()
                .await
                .ok()
                .and_then(|status| status.leader);
            if now.is_some_and(|now| now != primary) {
                break;
            }
        }
        self.containers.shell(primary, MEND_DISK).await.map(drop)
    }

    /// A standby that missed the last seconds is all that is left: it must not lead, however long that takes.
    async fn stale_standby(&self, cast: Cast, seconds: u64) -> Result<Seen, Error> {
        let Some((stale, rest)) = cast.standbys.split_first() else {
            return Err(Error::refused("F12 needs standbys"));
        };
        let stale = std::slice::from_ref(stale);
        let mut gone = rest.to_vec();
        gone.push(cast.primary);
        self.containers.pause(stale).await?;
        // The others acknowledge what this one will never have seen.
        sleep(Duration::from_secs(3)).await;
        self.power_off(&gone).await?;
        self.containers.unpause(stale).await?;
        let mut seen = Seen::default();
        // The lease of the dead leader has to run out before anybody could be tempted.
        for _ in 0..(seconds + 20) * 2 {
            sleep(Duration::from_millis(500)).await;
            let leader = self
                .place
                .status()
                .await
                .ok()
                .and_then(|status| status.leader);
            if leader.as_ref() == stale.first() {
                seen.violation = Some(format!("{} was stale, and led", stale.concat()));
                break;
            }
        }
        self.containers.start(&gone).await?;
        Ok(seen)
    }

    /// A cluster that is known to be bad: commits wait for nobody, both standbys miss some, and the primary is lost. They are
    /// cut off and not frozen: what reached the sockets of a frozen one is read when it thaws.
    async fn asynchronous(&self, cast: Cast) -> Result<(), Error> {
        self.place
            .configure(&json!({"synchronous_mode": false, "synchronous_mode_strict": false}))
            .await?;
        sleep(Duration::from_secs(6)).await;
        let rules = self.rules(Side::Standbys, &cast).await?;
        self.containers.network(&cast.primary, &rules).await?;
        sleep(Duration::from_secs(4)).await;
        self.power_off(std::slice::from_ref(&cast.primary)).await?;
        sleep(Duration::from_secs(30)).await;
        self.containers.start(&[cast.primary]).await?;
        self.place.wait_leader(Duration::from_secs(60)).await?;
        self.place
            .configure(&json!({"synchronous_mode": "quorum", "synchronous_mode_strict": true}))
            .await?;
        Ok(())
    }
}

const CUT_OFF: &str = "iptables -A INPUT ! -i lo -j DROP; iptables -A OUTPUT ! -o lo -j DROP";
/// A second there and a second back, and every twentieth packet lost; only the loss where this kernel cannot delay.
const SLOW: &str = "for device in $(ls /sys/class/net); do
    [ $device = lo ] || tc qdisc add dev $device root netem delay 1000ms loss 5% 2>/dev/null ||
        iptables -A OUTPUT -o $device -m statistic --mode random --probability 0.05 -j DROP
done";
const MEND_NETWORK: &str = "iptables -F; for device in $(ls /sys/class/net); do tc qdisc del dev $device root 2>/dev/null || true; done";
const MEND_DISK: &str = "rm -f /var/lib/postgresql/17/filler";

/// Takes back whatever a drill that was ended in the middle has left: paused, killed and cut off nodes, a full disk.
pub async fn mend(containers: &Containers) -> Result<(), Error> {
    for (service, state) in containers.states().await? {
        let one = std::slice::from_ref(&service);
        match state.as_str() {
            "paused" => containers.unpause(one).await?,
            "exited" if service.starts_with("db") || service.starts_with("etcd") => {
                containers.start(one).await?;
            }
            _ => {}
        }
    }
    for node in containers.like("db") {
        containers.network(&node, MEND_NETWORK).await?;
        containers.shell(&node, MEND_DISK).await?;
    }
    Ok(())
}
