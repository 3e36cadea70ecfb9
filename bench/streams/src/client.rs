//! One who listens, over a socket of its own and with as little memory as can be: only the times in what comes are read.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context as _, ensure};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::figures::Figures;

/// What stands before the time in an event.
const MARK: &[u8] = b"\"sent_us\":";

/// Kept of what was read, in case a time is split between two reads.
const KEPT: usize = 64;

/// A connection on which an answer goes on.
pub struct Client {
    number: usize,
    stream: TcpStream,
    text: Vec<u8>,
}

impl Client {
    /// Connects from one of several addresses of this machine, for an address has 28 000 ports, and asks.
    pub async fn open(
        number: usize,
        server: SocketAddr,
        path: &str,
        token: &str,
    ) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let last = u8::try_from(number % 8)? + 1;
        socket.bind(SocketAddr::new(
            IpAddr::V4(Ipv4Addr::new(127, 0, 1, last)),
            0,
        ))?;
        let mut stream = socket.connect(server).await?;
        let ask = format!(
            "GET {path} HTTP/1.1\r\nhost: {server}\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).await?;
        let text = Vec::new();
        Ok(Self {
            number,
            stream,
            text,
        })
    }

    /// Waits until the stream is ready.
    pub async fn ready(&mut self) -> anyhow::Result<()> {
        while !contains(&self.text, b"event: ready") {
            ensure!(
                self.read().await?,
                "the stream ended: {}",
                String::from_utf8_lossy(&self.text)
            );
        }
        ensure!(
            self.text.starts_with(b"HTTP/1.1 200 "),
            "{}",
            String::from_utf8_lossy(&self.text)
        );
        self.text = Vec::new();
        Ok(())
    }

    /// Notes what it hears, until the stream ends.
    pub async fn listen(mut self, figures: &Figures) -> anyhow::Result<()> {
        while self.read().await? {
            while let Some((sent, end)) = time(&self.text) {
                figures.hear(self.number, sent);
                self.text.drain(..end);
            }
            let old = self.text.len().saturating_sub(KEPT);
            self.text.drain(..old);
            self.text.shrink_to(2 * KEPT);
        }
        Ok(())
    }

    async fn read(&mut self) -> anyhow::Result<bool> {
        loop {
            self.stream.readable().await?;
            // On the stack, not in the client: ten thousand of these wait.
            let mut buffer = [0; 16 * 1024];
            match self.stream.try_read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(count) => {
                    self.text
                        .extend_from_slice(buffer.get(..count).unwrap_or_default());
                    return Ok(true);
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("a client's connection broke"),
            }
        }
    }
}

fn contains(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|window| window == what)
}

/// The first time in a text that is there as a whole, and where it ends.
fn time(text: &[u8]) -> Option<(u64, usize)> {
    let begin = text.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let rest = text.get(begin..)?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    let number = std::str::from_utf8(rest.get(..digits)?).ok()?;
    Some((number.parse().ok()?, begin + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_counts_when_its_end_is_there() {
        assert_eq!(time(b"{\"sent_us\":12,"), Some((12, 13)));
        assert_eq!(time(b"{\"sent_us\":12"), None);
        assert_eq!(time(b"{\"sent_"), None);
    }
}
