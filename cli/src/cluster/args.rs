//! What `kardan cluster --help` says.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kardan_cluster::PlaceConfig;

/// The three-node cluster.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kardan cluster status --watch\n  kardan cluster switchover --to db2\n  \
    kardan cluster restart --dry-run\n  kardan cluster doctor --json"
)]
pub struct Cluster {
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(subcommand)]
    pub action: Action,
}

/// Where the cluster is, and who asks.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// etcd's addresses, with commas between them.
    #[arg(
        long,
        global = true,
        env = "KARDAN_ETCD",
        value_delimiter = ',',
        default_value = "https://etcd1:2379,https://etcd2:2379,https://etcd3:2379",
        value_name = "URLS"
    )]
    pub etcd: Vec<String>,
    /// Folder with ca.crt, node.crt, node.key, and url: the administration of each PgBouncer, a line each.
    #[arg(
        long,
        global = true,
        env = "KARDAN_CLUSTER_KEYS",
        default_value = ".kardan/cluster/operator",
        value_name = "DIR"
    )]
    pub keys: PathBuf,
    /// Patroni's namespace and scope.
    #[arg(
        long,
        global = true,
        env = "KARDAN_CLUSTER_PREFIX",
        default_value = "/kardan/kardan",
        value_name = "PREFIX"
    )]
    pub prefix: String,
    /// A file like /etc/hosts, for names that this machine does not know.
    #[arg(long, global = true, env = "KARDAN_CLUSTER_HOSTS", value_name = "FILE")]
    pub hosts: Option<PathBuf>,
}

impl PlaceArgs {
    pub fn config(&self) -> PlaceConfig {
        PlaceConfig {
            etcd: self.etcd.clone(),
            keys: self.keys.clone(),
            prefix: self.prefix.clone(),
            hosts: self.hosts.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Who leads, who follows how far behind, and whether etcd is well.
    Status(StatusArgs),
    /// Look for what is wrong, or will be when something breaks; each finding names the next step.
    Doctor {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Let another node lead, while clients wait at PgBouncer and see no error.
    #[command(
        after_help = "Examples:\n  kardan cluster switchover\n  kardan cluster switchover --to db2 --yes --json\n\n\
        Transactions that run longer than --pause call it off; then everything goes on as before. Clients are let go on \
        whatever happens, also when this command is killed."
    )]
    Switchover(SwitchoverArgs),
    /// Restart PostgreSQL, a node at a time: standbys first, the leader last.
    Restart(RestartArgs),
    /// Throw a standby's data away and copy the leader's.
    Reinit {
        /// The node.
        node: String,
        #[command(flatten)]
        agreed: Agreed,
    },
    /// Switch automatic failover off, for work that it must not interfere with.
    Pause(Agreed),
    /// Switch automatic failover on again.
    Resume,
    /// Break the cluster of compose.yml on purpose, while clients work on it, and say what they lost.
    #[command(
        after_help = "Examples:\n  kardan cluster drill --dry-run --seed 7\n  kardan cluster drill --faults F1,F3 --minutes 10\n  \
        kardan cluster drill --scenario .kardan/drill/scenario.json\n\n\
        F1 postmaster killed, F2 power loss, F3 freeze and thaw, F4 partition, F6 slow and lossy network, F7 etcd without a \
        majority, F8 full disk, F11 ten switchovers, F12 only a stale standby left, F13 rolling restart; F0 makes the cluster \
        lose commits, to prove that the drill sees it.\n\nExit code 4: something was lost, doubled or out of order."
    )]
    Drill(Box<super::drill::DrillArgs>),
    /// Lets PgBouncer's clients go on when the command that held them is gone.
    #[command(hide = true)]
    Guard,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Look again every two seconds, until Ctrl-C.
    #[arg(long, conflicts_with = "json")]
    pub watch: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SwitchoverArgs {
    /// The node that shall lead; without it, the nearest standby.
    #[arg(long, value_name = "NODE")]
    pub to: Option<String>,
    /// Seconds that running transactions may take to end.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60), value_name = "SECONDS")]
    pub pause: u64,
    /// Seconds that the new leader may take.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(5..=300), value_name = "SECONDS")]
    pub patience: u64,
    #[command(flatten)]
    pub agreed: Agreed,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RestartArgs {
    /// These nodes only.
    pub nodes: Vec<String>,
    /// Let the leader's successor lead first, so that clients see no error.
    #[arg(long)]
    pub switchover: bool,
    #[command(flatten)]
    pub agreed: Agreed,
}

/// Agreement to what interrupts somebody.
#[derive(Debug, Clone, Args)]
pub struct Agreed {
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
}
