//! `tail`: lines as they arrive, over a websocket.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use watchglass_logql::Direction;
use watchglass_storage::Nanos;
use watchglass_workbench::{LineTail, TailQuery, TailedLines};

use super::encode::{self, Encoding};
use super::fault::{Answer, Fault};
use super::parameters::Parameters;
use super::query::now;
use crate::routes::Held;

/// How many lines of the past where the client does not say, and from when on.
const LINES: usize = 100;
const HOUR: Nanos = 3_600 * 1_000_000_000;
/// How long lines may be held back, in seconds.
const LONGEST_DELAY: u64 = 5;
/// A sign of life now and then, which tells both sides that the other has gone.
const PING: Duration = Duration::from_secs(1);
/// The code of a close that says what went wrong (RFC 6455, section 7.4.1).
const INTERNAL_ERROR: u16 = 1011;

/// Follows a query.
pub(super) async fn tail(
    State(workbench): Held,
    upgrade: WebSocketUpgrade,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answer {
    let text = parameters.get("delay_for");
    let delay = if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
    let delay = delay.ok().filter(|delay| *delay <= LONGEST_DELAY);
    let Some(delay) = delay else {
        return Err(Fault::bad(format!("delay_for can't be greater than {LONGEST_DELAY}")));
    };
    let start = parameters.time_or("start", now(&workbench).saturating_sub(HOUR))?;
    let query = TailQuery {
        text: parameters.query(),
        start,
        limit: parameters.limit("limit", LINES)?,
        delay: Duration::from_secs(delay),
    };
    let tail = workbench.line_tail(query).await?;
    let encoding = Encoding::of(&headers);
    let response: Response = upgrade.on_upgrade(move |socket| follow(socket, tail, encoding));
    Ok(response)
}

async fn follow(mut socket: WebSocket, mut tail: LineTail, encoding: Encoding) {
    let mut ping = tokio::time::interval(PING);
    loop {
        let message = tokio::select! {
            lines = tail.next() => if let Some(lines) = lines {
                Message::Text(written(&lines, encoding).into())
            } else {
                let reason = "the server is closing".into();
                let close = CloseFrame { code: INTERNAL_ERROR, reason };
                // Who has gone already misses nothing.
                let _ = socket.send(Message::Close(Some(close))).await;
                return;
            },
            _ = ping.tick() => Message::Ping(Vec::new().into()),
            // Clients only say that they are there or that they go.
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

fn written(lines: &TailedLines, encoding: Encoding) -> String {
    let mut message =
        json!({ "streams": encode::streams(&lines.streams, encoding, Direction::Forward) });
    if let Some(flags) = encoding.flags() {
        message["encodingFlags"] = json!(flags);
    }
    if lines.lost_batches > 0 {
        let lost =
            format!("{} batches of lines came faster than they were read", lines.lost_batches);
        message["dropped_entries"] = json!([{ "labels": { "reason": lost }, "timestamp": "0" }]);
    }
    encode::escaped(&message.to_string())
}
