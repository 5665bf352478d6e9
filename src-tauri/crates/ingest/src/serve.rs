//! Connections: accepts them, tells TLS from plain text by the first byte, and serves HTTP/1 and HTTP/2 on both.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::mistake::{Kind, Mistakes};
use crate::receiver::now;

/// The first byte of a TLS handshake, with which no HTTP begins.
const TLS_HANDSHAKE: u8 = 0x16;

/// How long a connection may stay silent before its first byte.
const FIRST_BYTE: Duration = Duration::from_mins(1);

/// How long requests under way may take when the program ends.
const GRACE: Duration = Duration::from_secs(5);

/// Windows of HTTP/2, large enough that loopback is never waiting for them.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;

/// Serves `router` on every listener until `stop`, then lets requests under way finish.
pub async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    mistakes: Mistakes,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    let accepting = TaskTracker::new();
    for listener in listeners {
        let surface = Surface {
            router: router.clone(),
            mistakes: mistakes.clone(),
            stop: stop.clone(),
            connections: connections.clone(),
        };
        accepting.spawn(surface.accept_all(listener));
    }
    accepting.close();
    accepting.wait().await;
    connections.close();
    // What has not finished by then is cut off when the runtime ends.
    let _ = timeout(GRACE, connections.wait()).await;
}

#[derive(Clone)]
struct Surface {
    router: Router,
    mistakes: Mistakes,
    stop: CancellationToken,
    connections: TaskTracker,
}

impl Surface {
    async fn accept_all(self, listener: TcpListener) {
        let port = listener.local_addr().map_or(0, |address| address.port());
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let surface = self.clone();
                    self.connections.spawn(async move {
                        if let Err(error) = surface.connection(stream, peer, port).await {
                            tracing::debug!(%peer, port, %error, "a connection ended early");
                        }
                    });
                }
                Err(error) => {
                    // Too many open files, most likely: waiting is all that helps.
                    tracing::warn!(port, %error, "cannot accept a connection");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn connection(
        &self,
        mut stream: TcpStream,
        peer: SocketAddr,
        port: u16,
    ) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut first = [0];
        let seen = tokio::select! {
            () = self.stop.cancelled() => return Ok(()),
            seen = timeout(FIRST_BYTE, stream.peek(&mut first)) => seen??,
        };
        if seen == 0 {
            return Ok(());
        }
        if first == [TLS_HANDSHAKE] {
            let seen = peer.to_string();
            let sentence = self.mistakes.note(Kind::TlsOnPlainPort, port, &seen, now());
            return refuse_tls(&mut stream, &sentence).await;
        }
        self.http(stream).await.map_err(io::Error::other)
    }

    async fn http(
        &self,
        stream: TcpStream,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30));
        builder
            .http2()
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .keep_alive_interval(Duration::from_secs(30));
        let service = TowerToHyperService::new(self.router.clone());
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        tokio::pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    }
}

/// Answers a TLS handshake in plain text: that is what TLS clients complain about most clearly.
async fn refuse_tls(stream: &mut TcpStream, sentence: &str) -> io::Result<()> {
    let length = sentence.len() + 1;
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{sentence}\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
