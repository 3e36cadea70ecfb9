//! Two programs for `./dev bench events`: many who listen and measure, and the reference, a server that does nothing but
//! broadcast. What is measured lies in `listen`; the program that starts both is `bench/events.py`.

mod broadcast;
mod client;
mod figures;
mod listen;

use std::net::SocketAddr;

use clap::Parser;

/// Measures streams of events.
#[derive(Parser)]
enum Line {
    /// Listen many times, and tell how long events took
    Listen(listen::Listen),
    /// Serve GET /v1/events, and POST /say?count=N&bytes=N, which is heard by all
    Broadcast {
        /// Address and port
        #[arg(long)]
        listen: SocketAddr,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Line::parse() {
        Line::Listen(listen) => listen::run(listen).await,
        Line::Broadcast { listen } => broadcast::run(listen).await,
    }
}
