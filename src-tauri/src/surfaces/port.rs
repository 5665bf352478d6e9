//! A port that may be taken without harm.

use std::net::SocketAddr;

use watchglass_ingest::{BindError, LineListeners, Listeners};
use watchglass_workbench::{Listening, ReceiverName, ReceiverState};

/// The sockets of a port, or who has them.
#[derive(Debug)]
pub(super) enum Port<S = Listeners> {
    Bound(S),
    Taken(SocketAddr, Option<String>),
}

/// Sockets that know where they are.
pub(super) trait Bound {
    fn address(&self) -> SocketAddr;
}

impl Bound for Listeners {
    fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Bound for LineListeners {
    fn address(&self) -> SocketAddr {
        self.address
    }
}

impl<S: Bound> Port<S> {
    pub(super) fn of(bound: Result<S, BindError>) -> Self {
        match bound {
            Ok(sockets) => Self::Bound(sockets),
            Err(BindError::Taken { address, holder }) => Self::Taken(address, holder),
            Err(BindError::Refused { address, source }) => {
                Self::Taken(address, Some(source.to_string()))
            }
        }
    }

    pub(super) fn bound(&self) -> Option<SocketAddr> {
        match self {
            Self::Bound(sockets) => Some(sockets.address()),
            Self::Taken(..) => None,
        }
    }

    pub(super) fn listening(&self, name: ReceiverName, protocol: &str) -> Listening {
        let (address, state, taken_by) = match self {
            Self::Bound(sockets) => (sockets.address(), ReceiverState::Listening, None),
            Self::Taken(address, holder) => (*address, ReceiverState::Taken, holder.clone()),
        };
        Listening {
            name,
            protocol: protocol.to_owned(),
            address: address.to_string(),
            state,
            taken_by,
        }
    }
}
