//! StatsD: lines in datagrams and over TCP. What they say is added up by [`Statsd`].

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Receiver, now};
use crate::listeners::LineListeners;
use crate::statsd::Statsd;

/// The longest datagram there is, and the longest line over TCP.
const LONGEST: usize = 65_535;

/// Connections that are served at once.
const MOST_CONNECTIONS: usize = 256;

/// Takes lines from all sockets until `stop`.
pub async fn serve(
    listeners: LineListeners,
    receiver: Receiver,
    statsd: Statsd,
    stop: CancellationToken,
) {
    let lines = Lines { receiver, statsd };
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let tasks = TaskTracker::new();
    for socket in listeners.udp {
        let (lines, stop) = (lines.clone(), stop.clone());
        tasks.spawn(async move { stop.run_until_cancelled(lines.datagrams(socket)).await });
    }
    for listener in listeners.tcp {
        let (lines, stop, places) = (lines.clone(), stop.clone(), Arc::clone(&places));
        tasks.spawn(async move {
            stop.clone().run_until_cancelled(lines.connections(listener, places, stop)).await
        });
    }
    tasks.close();
    tasks.wait().await;
}

#[derive(Clone)]
struct Lines {
    receiver: Receiver,
    statsd: Statsd,
}

impl Lines {
    async fn datagrams(self, socket: UdpSocket) {
        let mut datagram = vec![0; LONGEST];
        loop {
            match socket.recv_from(&mut datagram).await {
                Ok((length, _)) => {
                    self.statsd.count(|counts| counts.udp_packets += 1);
                    self.take(datagram.get(..length).unwrap_or_default());
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot receive a datagram");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn connections(
        self,
        listener: TcpListener,
        places: Arc<Semaphore>,
        stop: CancellationToken,
    ) {
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (lines, stop) = (self.clone(), stop.clone());
                    tokio::spawn(async move {
                        stop.run_until_cancelled(lines.connection(stream)).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn connection(&self, stream: TcpStream) {
        self.statsd.count(|counts| counts.tcp_connections += 1);
        match self.stream(stream).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                self.statsd.count(|counts| counts.tcp_too_long_lines += 1);
                self.receiver.counters.refused(now());
            }
            Err(_) => self.statsd.count(|counts| counts.tcp_errors += 1),
        }
    }

    /// Takes line by line; one that is too long ends the connection.
    async fn stream(&self, stream: impl AsyncRead + Unpin) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            // One byte more than allowed tells a line that is too long.
            let most = LONGEST as u64 + 1;
            let read = (&mut reader).take(most).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Ok(());
            }
            if line.len() > LONGEST {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.take(&line);
        }
    }

    fn take(&self, lines: &[u8]) {
        let (taken, rejected) = self.statsd.take(lines);
        self.receiver.counters.took_events(now(), taken, rejected, lines.len());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use watchglass_storage::{MemorySeries, MemoryStore};

    use super::*;
    use crate::{Endpoints, Limits, Mistakes, Pipeline, TranslationSettings};

    fn lines() -> Lines {
        let pipeline = Pipeline::new(
            Arc::new(MemoryStore::new()),
            Arc::new(MemorySeries::new(0)),
            TranslationSettings::default(),
            Limits::default(),
        );
        let mistakes = Mistakes::new(Endpoints::default());
        let statsd = Statsd::new(pipeline.clone());
        Lines { receiver: Receiver::new(pipeline, mistakes, "statsd", 8125), statsd }
    }

    #[tokio::test]
    async fn a_stream_is_taken_line_by_line_and_the_last_needs_no_end() {
        let lines = lines();
        lines.stream(&b"a:1|c\r\nb:2|g\n\nwrong\nc:3|c"[..]).await.unwrap();
        let counts = lines.statsd.counts();
        assert_eq!((counts.lines, counts.events), (4, [2, 1, 0]));
        let total = lines.receiver.counters.read(now()).total;
        assert_eq!((total.points, total.rejected), (3, 1));
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_read_to_its_end() {
        let lines = lines();
        let long = [b"a:1|c\n".to_vec(), vec![b'x'; 10 * LONGEST]].concat();
        let fault = lines.stream(&long[..]).await.unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::InvalidData);
        assert_eq!(lines.statsd.counts().events, [1, 0, 0]);
    }
}
