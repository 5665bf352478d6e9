//! Binding: both loopback addresses where only one is asked for, and who is in the way where it fails.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, UdpSocket};

use crate::holder::holder_of;

/// Why an address could not be bound.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else has it.
    #[error("{address} is taken{}", by(.holder.as_ref()))]
    Taken {
        /// The address.
        address: SocketAddr,
        /// Who has it, as in `python3 (pid 4711)`, where that can be known.
        holder: Option<String>,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

fn by(holder: Option<&String>) -> String {
    holder.map_or_else(String::new, |holder| format!(" by {holder}"))
}

/// Sockets that listen for one receiver.
#[derive(Debug)]
pub struct Listeners {
    /// The address to tell senders.
    pub address: SocketAddr,
    /// One socket, or two where the address is a loopback address: `localhost` means either.
    pub sockets: Vec<TcpListener>,
}

impl Listeners {
    /// Binds an address; port 0 picks a free one. For `127.0.0.1` the same port of `::1` is bound too, and the
    /// other way round, where that is possible.
    pub async fn bind(address: SocketAddr) -> Result<Self, BindError> {
        let first = listen(address).await?;
        let address =
            first.local_addr().map_err(|source| BindError::Refused { address, source })?;
        let mut sockets = vec![first];
        if let Some(other) = other_loopback(address)
            && let Ok(second) = TcpListener::bind(other).await
        {
            sockets.push(second);
        }
        Ok(Self { address, sockets })
    }
}

/// Sockets for lines of text: datagrams and connections at the same address.
#[derive(Debug)]
pub struct LineListeners {
    /// The address to tell senders.
    pub address: SocketAddr,
    /// For datagrams, one for each of `tcp`.
    pub udp: Vec<UdpSocket>,
    /// For connections.
    pub tcp: Vec<TcpListener>,
}

/// How many free ports are tried for one that is free for datagrams too.
const ATTEMPTS: usize = 8;

impl LineListeners {
    /// Binds an address for both; port 0 picks one that is free for both.
    pub async fn bind(address: SocketAddr) -> Result<Self, BindError> {
        let mut attempts = if address.port() == 0 { ATTEMPTS } else { 1 };
        loop {
            let Listeners { address: found, sockets: tcp } = Listeners::bind(address).await?;
            match datagrams(&tcp).await {
                Ok(udp) => return Ok(Self { address: found, udp, tcp }),
                Err(source) => {
                    attempts -= 1;
                    if attempts == 0 {
                        drop(tcp);
                        return Err(refused(found, source));
                    }
                }
            }
        }
    }
}

async fn datagrams(beside: &[TcpListener]) -> io::Result<Vec<UdpSocket>> {
    let mut sockets = Vec::new();
    for listener in beside {
        sockets.push(UdpSocket::bind(listener.local_addr()?).await?);
    }
    Ok(sockets)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| refused(address, source))
}

fn refused(address: SocketAddr, source: io::Error) -> BindError {
    if source.kind() == io::ErrorKind::AddrInUse {
        BindError::Taken { address, holder: holder_of(address.port()) }
    } else {
        BindError::Refused { address, source }
    }
}

fn other_loopback(address: SocketAddr) -> Option<SocketAddr> {
    let other: IpAddr = match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => Ipv4Addr::LOCALHOST.into(),
        _ => return None,
    };
    Some(SocketAddr::new(other, address.port()))
}
