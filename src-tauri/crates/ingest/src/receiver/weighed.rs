//! A body whose bytes are taken from the budget as they come.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::Frame;
use parking_lot::Mutex;
use tonic::Status;

use super::grpc::grpc_status;
use crate::budget::Share;
use crate::pipeline::Pipeline;

/// Ends with the status that gRPC gives an overloaded server, once the budget is used up.
pub(super) struct Weighed {
    body: Body,
    share: Arc<Mutex<Share>>,
}

impl Weighed {
    pub(super) fn new(body: Body, share: Arc<Mutex<Share>>) -> Self {
        Self { body, share }
    }
}

impl HttpBody for Weighed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(ctx)) {
            None => return Poll::Ready(None),
            Some(Err(error)) => return Poll::Ready(Some(Err(Status::from_error(error.into())))),
            Some(Ok(frame)) => frame,
        };
        let size = frame.data_ref().map_or(0, Bytes::len);
        if self.share.lock().grow(size).is_err() {
            let status = grpc_status(&Pipeline::busy().status());
            return Poll::Ready(Some(Err(status)));
        }
        Poll::Ready(Some(Ok(frame)))
    }
}
