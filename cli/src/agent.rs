//! `kardan agent`.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use kardan_cluster::Place;
use kardan_cluster::agent::{self, AgentConfig};

use crate::cluster::PlaceArgs;
use crate::stop;

/// What stands beside Patroni on a database node.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  kardan agent --name db1 --keys /run/kardan --data /var/lib/postgresql/17/kardan -- \
    patroni /etc/kardan/patroni.yml\n\nIt starts Patroni, passes SIGTERM on, and ends with Patroni's exit code."
)]
pub struct AgentArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// This node's name in Patroni.
    #[arg(long, env = "PATRONI_NAME", value_name = "NODE")]
    name: String,
    /// PostgreSQL's data directory.
    #[arg(long, env = "KARDAN_AGENT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The folder of PostgreSQL's socket.
    #[arg(long, default_value = "/var/run/postgresql", value_name = "DIR")]
    socket: PathBuf,
    /// Where metrics (/metrics) and the room on the disk (/disk) are served.
    #[arg(long, default_value_t = SocketAddr::from(([0, 0, 0, 0], agent::PORT)), value_name = "ADDRESS")]
    listen: SocketAddr,
    /// MiB that a disk must have left; a tenth of its size, if that is more.
    #[arg(
        long,
        env = "KARDAN_AGENT_ROOM",
        default_value_t = 1024,
        value_name = "MIB"
    )]
    room: u64,
    /// Seconds of standstill that count as a freeze: twice Patroni's loop_wait.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60), value_name = "SECONDS")]
    frozen_after: u64,
    /// The member of etcd on this machine, if there is one: it shall not lead while this node does.
    #[arg(long, env = "KARDAN_AGENT_ETCD_BESIDE", value_name = "URL")]
    etcd_beside: Option<String>,
    /// Patroni, and what it is told.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

pub async fn run(args: AgentArgs) -> anyhow::Result<ExitCode> {
    let place = Place::open(&args.place.config())?;
    let config = AgentConfig {
        name: args.name,
        data: args.data,
        socket: args.socket,
        listen: args.listen,
        room: args.room << 20,
        frozen_after: Duration::from_secs(args.frozen_after),
        etcd_beside: args.etcd_beside.filter(|url| !url.is_empty()),
        command: args.command,
    };
    let ended = agent::run(place, config, stop::on_signal()?).await?;
    // As a shell tells a death by signal.
    let code = ended.code().or(ended.signal().map(|signal| 128 + signal));
    Ok(ExitCode::from(
        code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
    ))
}
