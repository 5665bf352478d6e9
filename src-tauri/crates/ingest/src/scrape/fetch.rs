//! One request: what is asked for, and the answer within its limits of time and size.

use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Response, Url};
use watchglass_configuration::ScrapeConfig;
use watchglass_exposition::{Escaping, ScrapeProtocol, accept_header};

use super::client::{ClientFault, Requester};
use crate::inflate::{Compression, InflateError, inflate};

/// Bytes of an answer that are taken where no limit is configured.
const MOST_BYTES: usize = 256 << 20;

/// What a target answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchFault {
    #[error("Get \"{0}\": {1}")]
    Request(Url, String),
    #[error("Get \"{0}\": context deadline exceeded")]
    Timeout(Url),
    #[error("server returned HTTP status {0}")]
    Status(reqwest::StatusCode),
    #[error("body size limit exceeded")]
    TooLarge,
    #[error("cannot read the body: {0}")]
    Body(String),
    #[error(transparent)]
    Client(#[from] ClientFault),
}

/// What is the same in every request to the targets of a job.
#[derive(Debug, Clone)]
pub(crate) struct Fetch {
    requester: Requester,
    accept: String,
    is_compressed: bool,
    limit: usize,
}

impl Fetch {
    pub(crate) fn new(requester: Requester, config: &ScrapeConfig) -> Self {
        let protocols: Vec<_> = config
            .scrape_protocols
            .iter()
            .filter_map(|name| ScrapeProtocol::from_name(name))
            .collect();
        let escaping = Escaping::from_name(&config.escaping).unwrap_or_default();
        let limit = usize::try_from(config.limits.body_size).ok().filter(|limit| *limit > 0);
        Self {
            requester,
            accept: accept_header(&protocols, escaping),
            is_compressed: config.enable_compression,
            limit: limit.unwrap_or(MOST_BYTES),
        }
    }

    /// Asks `url`, and gives up after `timeout`.
    pub(crate) async fn get(&self, url: &Url, timeout: Duration) -> Result<Answer, FetchFault> {
        let answer = tokio::time::timeout(timeout, self.answer(url, timeout));
        answer.await.unwrap_or_else(|_| Err(FetchFault::Timeout(url.clone())))
    }

    async fn answer(&self, url: &Url, timeout: Duration) -> Result<Answer, FetchFault> {
        let encoding = if self.is_compressed { "gzip" } else { "identity" };
        let request = self.requester.get(url.clone()).await?;
        let request = request
            .header(ACCEPT, &self.accept)
            .header(ACCEPT_ENCODING, encoding)
            .header("X-Prometheus-Scrape-Timeout-Seconds", timeout.as_secs_f64().to_string());
        let response = request.send().await;
        let response =
            response.map_err(|fault| FetchFault::Request(url.clone(), causes(&fault)))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchFault::Status(response.status()));
        }
        let header = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (content_type, encoding) = (header(CONTENT_TYPE), header(CONTENT_ENCODING));
        let body = self.inflated(self.body(response).await?, &encoding)?;
        Ok(Answer { body, content_type })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, FetchFault> {
        let mut body = Vec::new();
        loop {
            let piece = response.chunk().await;
            let Some(piece) = piece.map_err(|fault| FetchFault::Body(causes(&fault)))? else {
                return Ok(body);
            };
            if body.len() + piece.len() > self.limit {
                return Err(FetchFault::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
    }

    fn inflated(&self, body: Vec<u8>, encoding: &str) -> Result<Vec<u8>, FetchFault> {
        let unknown = |name| FetchFault::Body(format!("unknown Content-Encoding {name:?}"));
        match Compression::named(encoding).map_err(unknown)? {
            None => Ok(body),
            Some(compression) => {
                inflate(compression, &body, self.limit, |_| true).map_err(|fault| match fault {
                    InflateError::Corrupt(fault) => FetchFault::Body(fault.to_string()),
                    InflateError::TooLarge | InflateError::Exhausted => FetchFault::TooLarge,
                })
            }
        }
    }
}

/// An error with what is behind it: the innermost says what happened.
fn causes(fault: &dyn std::error::Error) -> String {
    let mut innermost = fault;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
