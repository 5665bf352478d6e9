//! Reading the body of an HTTP request: bounded, within the budget, decompressed.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::budget::Share;
use crate::inflate::{Compression, InflateError, inflate};
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// How long a sender may pause within a body.
const PAUSE: Duration = Duration::from_secs(30);

/// How much of a body that is too large is thrown away.
const DRAIN: usize = 256 << 20;

/// Bodies larger than this are decompressed off the threads that serve connections: they can grow a thousandfold.
const LARGE: usize = 4 << 10;

/// Reads a whole body of at most `limit` bytes.
pub(super) async fn read_body(
    mut body: Body,
    limit: usize,
    share: &mut Share,
) -> Result<Bytes, Refusal> {
    let mut whole = BytesMut::new();
    loop {
        let frame = match timeout(PAUSE, body.frame()).await {
            Err(_) => return Err(broken("the body stopped coming")),
            Ok(None) => return Ok(whole.freeze()),
            Ok(Some(Err(error))) => return Err(broken(&error.to_string())),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if whole.len() + piece.len() > limit {
            drop(whole);
            drain(body, DRAIN).await;
            return Err(Refusal::TooLarge { limit });
        }
        if share.grow(piece.len()).is_err() {
            drop(whole);
            drain(body, DRAIN).await;
            return Err(Pipeline::busy());
        }
        whole.extend_from_slice(&piece);
    }
}

/// Decompresses a body; its share becomes that of what it holds.
pub(super) async fn decompress(
    pipeline: &Pipeline,
    compression: Compression,
    body: Bytes,
    share: &mut Share,
) -> Result<Bytes, Refusal> {
    let limit = pipeline.limits().request_bytes;
    let size = body.len();
    let mut taken = pipeline.share();
    let work = move || {
        let inflated = inflate(compression, &body, limit, |bytes| taken.grow(bytes).is_ok());
        (inflated, taken)
    };
    let (inflated, taken) = if size < LARGE {
        work()
    } else {
        spawn_blocking(work).await.map_err(|_| Pipeline::busy())?
    };
    // The compressed bytes are gone: from here on the request weighs what it holds.
    *share = taken;
    let refusal = match inflated {
        Ok(inflated) => return Ok(Bytes::from(inflated)),
        Err(InflateError::TooLarge) => Refusal::TooLarge { limit },
        Err(InflateError::Exhausted) => Pipeline::busy(),
        Err(InflateError::Corrupt(error)) => broken(&format!(
            "the body of {size} bytes is not what its content encoding says: {error}"
        )),
    };
    Err(refusal)
}

/// Reads up to so many bytes and throws them away: a sender that is still writing does not see an answer.
pub(crate) async fn drain(mut body: Body, most: usize) {
    let mut thrown = 0;
    while let Ok(Some(Ok(frame))) = timeout(PAUSE, body.frame()).await {
        thrown += frame.data_ref().map_or(0, Bytes::len);
        if thrown > most {
            return;
        }
    }
}

/// The refusal of a body that is not what it should be.
pub(super) fn broken(message: &str) -> Refusal {
    Refusal::Invalid { message: message.to_owned(), field: String::new() }
}
