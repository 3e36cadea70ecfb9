//! Where connections come in: several addresses, each connection through TLS when that is configured. A slow handshake
//! keeps nobody else waiting.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tracing::debug;

use super::config::WebConfig;
use crate::Error;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

type Io = Either<TcpStream, TlsStream<TcpStream>>;

/// Connections that are ready to be served.
pub(super) struct Door {
    arrived: mpsc::Receiver<(Io, SocketAddr)>,
    first: SocketAddr,
    /// They end with the door, and their addresses are free again.
    _listeners: JoinSet<()>,
}

impl Door {
    /// Listens on every address.
    pub(super) async fn open(
        listen: &[String],
        web: Arc<WebConfig>,
    ) -> Result<(Self, Vec<SocketAddr>), Error> {
        let (sender, arrived) = mpsc::channel(64);
        let (mut addresses, mut listeners) = (Vec::new(), JoinSet::new());
        for text in listen {
            let address = address(text)?;
            let failed = |source| Error::Listen { address, source };
            let listener = bind(address).await.map_err(failed)?;
            addresses.push(listener.local_addr().map_err(failed)?);
            listeners.spawn(accept(listener, web.clone(), sender.clone()));
        }
        let first = *addresses.first().ok_or(Error::Flag {
            flag: "--web.listen-address",
            reason: "no address".to_owned(),
        })?;
        let door = Self {
            arrived,
            first,
            _listeners: listeners,
        };
        Ok((door, addresses))
    }
}

/// `:9187` is every address.
fn address(text: &str) -> Result<SocketAddr, Error> {
    let full = match text.strip_prefix(':') {
        Some(port) => format!("[::]:{port}"),
        None => text.replace("localhost:", "127.0.0.1:"),
    };
    full.parse().map_err(|_| Error::Flag {
        flag: "--web.listen-address",
        reason: format!("{text:?} is no address with a port, such as :9187 or 127.0.0.1:9187"),
    })
}

/// Every address is IPv4's alone where there is no IPv6.
async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error)
            if address.ip().is_unspecified() && error.kind() != std::io::ErrorKind::AddrInUse =>
        {
            TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, address.port())).await
        }
        other => other,
    }
}

async fn accept(
    listener: TcpListener,
    web: Arc<WebConfig>,
    sender: mpsc::Sender<(Io, SocketAddr)>,
) {
    while !sender.is_closed() {
        let (stream, from) = match listener.accept().await {
            Ok(arrived) => arrived,
            Err(error) => {
                // Out of file descriptors, most likely: some will come back.
                debug!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "the socket does not take TCP_NODELAY");
        }
        let (tls, sender) = (web.now().tls, sender.clone());
        tokio::spawn(async move {
            let io = match tls {
                None => Either::Left(stream),
                Some(config) => {
                    let shaking = TlsAcceptor::from(config).accept(stream);
                    match tokio::time::timeout(HANDSHAKE, shaking).await {
                        Ok(Ok(stream)) => Either::Right(stream),
                        Ok(Err(error)) => return debug!(%error, %from, "no TLS"),
                        Err(_) => return debug!(%from, "the TLS handshake took too long"),
                    }
                }
            };
            // The server has stopped when nobody takes it.
            let _ = sender.send((io, from)).await;
        });
    }
}

impl Listener for Door {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.arrived.recv().await {
            Some(arrived) => arrived,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.first)
    }
}
