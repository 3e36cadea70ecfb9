//! What can be broken. The classes have the numbers of the design, so that reports of different releases can be compared.

use std::fmt;
use std::str::FromStr;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// A kind of fault, as `--faults` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// The primary's postmaster is killed.
    F1,
    /// The primary's machine loses its power.
    F2,
    /// A node, or the member of etcd beside the primary, stands still for a while.
    F3,
    /// The primary is cut off.
    F4,
    /// A slow and lossy network.
    F6,
    /// etcd has no majority.
    F7,
    /// The primary's disk is full.
    F8,
    /// Ten switchovers in a row.
    F11,
    /// A stale standby is all that is left.
    F12,
    /// A rolling restart.
    F13,
    /// Not one of the drill: a cluster that is known to lose commits, to prove that the drill sees it.
    F0,
}

impl Class {
    /// Every class, in order.
    pub const ALL: [Self; 10] = [
        Self::F1,
        Self::F2,
        Self::F3,
        Self::F4,
        Self::F6,
        Self::F7,
        Self::F8,
        Self::F11,
        Self::F12,
        Self::F13,
    ];

    /// In a few words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::F1 => "postmaster killed",
            Self::F2 => "power loss",
            Self::F3 => "freeze and thaw",
            Self::F4 => "partition",
            Self::F6 => "slow, lossy network",
            Self::F7 => "etcd without a majority",
            Self::F8 => "full disk",
            Self::F11 => "ten switchovers",
            Self::F12 => "only a stale standby left",
            Self::F13 => "rolling restart",
            Self::F0 => "asynchronous commits, then power loss",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = |class: &&Self| class.to_string().eq_ignore_ascii_case(text);
        Self::ALL
            .iter()
            .chain(&[Self::F0])
            .find(named)
            .copied()
            .ok_or_else(|| {
                let all = Self::ALL.map(|class| format!("{class} ({})", class.says()));
                format!("there is no fault '{text}'; there are {}", all.join(", "))
            })
    }
}

/// Whom a primary is cut off from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Everybody.
    All,
    /// etcd.
    Etcd,
    /// The standbys.
    Standbys,
    /// HAProxy, and whoever comes through it.
    Clients,
    /// It hears nobody; everybody hears it.
    OneWay,
}

/// Who stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frozen {
    /// The primary.
    Primary,
    /// The member that leads etcd.
    Etcd,
    /// Both at once.
    Both,
}

/// One fault with everything that is chosen about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// F1.
    PostmasterKill,
    /// F2: its packets are dropped, then everything on it is killed; the power is back later.
    PowerLoss {
        /// Seconds without power.
        seconds: u64,
    },
    /// F3.
    Freeze {
        /// Who.
        who: Frozen,
        /// Seconds.
        seconds: u64,
    },
    /// F4.
    Partition {
        /// From whom.
        from: Side,
        /// Seconds.
        seconds: u64,
    },
    /// F6: a second of latency and every twentieth packet lost, to and from the primary.
    SlowNetwork {
        /// Seconds.
        seconds: u64,
    },
    /// F7: two of three members stand still.
    EtcdQuorum {
        /// Seconds.
        seconds: u64,
    },
    /// F8.
    FullDisk,
    /// F11.
    Switchovers {
        /// How many.
        count: u64,
    },
    /// F12: one standby freezes, the others lose their power, it thaws; it must not lead.
    StaleStandby {
        /// Seconds for which it is all that is left.
        seconds: u64,
    },
    /// F13.
    RollingRestart,
    /// F0.
    Asynchronous,
}

impl Fault {
    /// One of this class; what is free about it is chosen by `random`.
    pub(crate) fn of(class: Class, random: &mut Pcg64Mcg) -> Self {
        let mut one_of = |choices: &[u64]| {
            let at = random.random_range(0..choices.len());
            choices.get(at).copied().unwrap_or_default()
        };
        match class {
            Class::F1 => Self::PostmasterKill,
            Class::F2 => Self::PowerLoss {
                seconds: one_of(&[25, 40]),
            },
            Class::F3 => Self::Freeze {
                who: match one_of(&[0, 0, 1, 2]) {
                    0 => Frozen::Primary,
                    1 => Frozen::Etcd,
                    _ => Frozen::Both,
                },
                seconds: one_of(&[10, 25, 45]),
            },
            Class::F4 => Self::Partition {
                from: match one_of(&[0, 1, 2, 3, 4]) {
                    0 => Side::All,
                    1 => Side::Etcd,
                    2 => Side::Standbys,
                    3 => Side::Clients,
                    _ => Side::OneWay,
                },
                seconds: 30,
            },
            Class::F6 => Self::SlowNetwork { seconds: 30 },
            Class::F7 => Self::EtcdQuorum { seconds: 60 },
            Class::F8 => Self::FullDisk,
            Class::F11 => Self::Switchovers { count: 10 },
            Class::F12 => Self::StaleStandby { seconds: 12 },
            Class::F13 => Self::RollingRestart,
            Class::F0 => Self::Asynchronous,
        }
    }

    /// Its class.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::PostmasterKill => Class::F1,
            Self::PowerLoss { .. } => Class::F2,
            Self::Freeze { .. } => Class::F3,
            Self::Partition { .. } => Class::F4,
            Self::SlowNetwork { .. } => Class::F6,
            Self::EtcdQuorum { .. } => Class::F7,
            Self::FullDisk => Class::F8,
            Self::Switchovers { .. } => Class::F11,
            Self::StaleStandby { .. } => Class::F12,
            Self::RollingRestart => Class::F13,
            Self::Asynchronous => Class::F0,
        }
    }

    /// About how long it takes, until the cluster is whole again, in seconds.
    #[must_use]
    pub const fn lasts(&self) -> u64 {
        match self {
            Self::PostmasterKill => 15,
            Self::PowerLoss { seconds } => *seconds + 20,
            Self::Freeze { seconds, .. }
            | Self::Partition { seconds, .. }
            | Self::SlowNetwork { seconds }
            | Self::EtcdQuorum { seconds } => *seconds + 12,
            Self::FullDisk => 25,
            Self::Switchovers { count } => *count * 9,
            Self::StaleStandby { seconds } => *seconds + 60,
            Self::RollingRestart => 45,
            Self::Asynchronous => 80,
        }
    }

    /// May writes stop for longer than a client tries? Only where nobody who could lead is left.
    #[must_use]
    pub const fn may_outlast_clients(&self) -> bool {
        matches!(self, Self::StaleStandby { .. } | Self::Asynchronous)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.class(), self.class().says())?;
        match self {
            Self::PowerLoss { seconds }
            | Self::SlowNetwork { seconds }
            | Self::EtcdQuorum { seconds }
            | Self::StaleStandby { seconds } => write!(f, ", {seconds} s"),
            Self::Freeze { who, seconds } => {
                let who = match who {
                    Frozen::Primary => "primary",
                    Frozen::Etcd => "etcd's leader",
                    Frozen::Both => "primary and etcd's leader",
                };
                write!(f, ", {who}, {seconds} s")
            }
            Self::Partition { from, seconds } => {
                let from = match from {
                    Side::All => "from all",
                    Side::Etcd => "from etcd",
                    Side::Standbys => "from standbys",
                    Side::Clients => "from clients",
                    Side::OneWay => "one-way",
                };
                write!(f, " {from}, {seconds} s")
            }
            _ => Ok(()),
        }
    }
}
