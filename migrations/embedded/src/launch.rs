//! From a cluster to a ready server: choose a port, write the settings, start, and judge a start
//! that fails. What can be helped by trying again is tried again; the rest becomes an error.

use std::time::{Duration, Instant};

use crate::folder::{Folder, START_BYTES, free_bytes};
use crate::install::Installation;
use crate::log::{self, Reason};
use crate::postmaster::{Outcome, Postmaster};
use crate::{Config, Error, port, settings};

/// Another program may take a free port between our look and the server's.
const PORT_TRIES: u32 = 5;

/// Starts the server and gives it with its port.
pub(crate) async fn launch(
    folder: &Folder,
    install: &Installation,
    config: &Config,
    preload: &[String],
) -> Result<(Postmaster, u16), Error> {
    let deadline = Instant::now() + config.start_timeout;
    let mut tries = 0;
    loop {
        let port = port::choose(config.port, folder)?;
        settings::write(folder, config, port, preload)?;
        let mut server = Postmaster::spawn(folder, install, log::open(folder)?)?;
        let outcome = server.wait_ready(deadline).await;
        let text = log::read(folder);
        let (log, tail) = (folder.log_file(), log::tail(&text));
        match outcome {
            Outcome::Ready => {
                port::remember(port, folder)?;
                return Ok((server, port));
            }
            Outcome::Late => {
                server.stop().await?;
                return Err(Error::Slow {
                    seconds: config.start_timeout.as_secs(),
                    log,
                    tail,
                });
            }
            Outcome::Ended => {}
        }
        let free = free_bytes(&folder.pg()).unwrap_or(u64::MAX);
        match log::reason(&text) {
            Reason::PortTaken if config.port.is_some() => return Err(Error::PortTaken { port }),
            Reason::PortTaken if tries < PORT_TRIES => tries += 1,
            Reason::StillAttached if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            // On a full disk the server cannot even write why it ends.
            reason if reason == Reason::DiskFull || free < START_BYTES => {
                return Err(Error::DiskFull {
                    path: folder.pg(),
                    free,
                    needed: START_BYTES,
                });
            }
            _ => return Err(Error::Refused { log, tail }),
        }
    }
}
