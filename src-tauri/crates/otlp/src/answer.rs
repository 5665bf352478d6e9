//! What a receiver answers, in both encodings: export responses and `google.rpc.Status`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Export, Rejected, write};

/// How a request and its answer are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `application/x-protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

impl Encoding {
    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

/// The answer to a request that was taken: `Export…ServiceResponse`, with a partial success where there is
/// something to tell.
pub fn encode_response(export: Export, encoding: Encoding, rejected: &Rejected) -> Vec<u8> {
    let tells = rejected.count > 0 || !rejected.message.is_empty();
    match encoding {
        Encoding::Json if !tells => b"{}".to_vec(),
        Encoding::Json => {
            let count = match export {
                Export::Traces => "rejectedSpans",
                Export::Logs => "rejectedLogRecords",
                Export::Metrics => "rejectedDataPoints",
            };
            let partial = json!({
                count: rejected.count.to_string(),
                "errorMessage": rejected.message,
            });
            json!({ "partialSuccess": partial }).to_string().into_bytes()
        }
        Encoding::Protobuf if !tells => Vec::new(),
        Encoding::Protobuf => {
            let mut partial = Vec::new();
            write::number(&mut partial, 1, rejected.count);
            write::bytes(&mut partial, 2, rejected.message.as_bytes());
            let mut out = Vec::new();
            write::bytes(&mut out, 1, &partial);
            out
        }
    }
}

/// gRPC's status codes, as far as receivers use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Code {
    /// The request is wrong; sending it again does not help.
    InvalidArgument = 3,
    /// There is no such thing.
    NotFound = 5,
    /// The sender may not do that.
    PermissionDenied = 7,
    /// More than is allowed.
    ResourceExhausted = 8,
    /// Not done here.
    Unimplemented = 12,
    /// Our own fault.
    Internal = 13,
    /// Not now; sending it again helps.
    Unavailable = 14,
}

/// `google.rpc.Status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What kind of failure.
    pub code: Code,
    /// What happened, for a developer.
    pub message: String,
    /// When to send it again; becomes a `RetryInfo`.
    pub retry_after: Option<Duration>,
    /// The field that was wrong; becomes a `BadRequest`.
    pub field: Option<String>,
}

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

impl Status {
    /// A status without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None, field: None }
    }

    /// Its bytes, for an HTTP body or, in protobuf, for `grpc-status-details-bin`.
    pub fn encode(&self, encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Protobuf => self.protobuf(),
            Encoding::Json => self.json().to_string().into_bytes(),
        }
    }

    fn protobuf(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write::number(&mut out, 1, self.code as u64);
        write::bytes(&mut out, 2, self.message.as_bytes());
        if let Some(delay) = self.retry_after {
            let mut duration = Vec::new();
            write::number(&mut duration, 1, delay.as_secs());
            write::number(&mut duration, 2, u64::from(delay.subsec_nanos()));
            let mut retry = Vec::new();
            write::bytes(&mut retry, 1, &duration);
            write::bytes(&mut out, 3, &any(RETRY_INFO, &retry));
        }
        if let Some(field) = &self.field {
            let mut violation = Vec::new();
            write::bytes(&mut violation, 1, field.as_bytes());
            write::bytes(&mut violation, 2, self.message.as_bytes());
            let mut bad = Vec::new();
            write::bytes(&mut bad, 1, &violation);
            write::bytes(&mut out, 3, &any(BAD_REQUEST, &bad));
        }
        out
    }

    fn json(&self) -> Value {
        let mut details = Vec::new();
        if let Some(delay) = self.retry_after {
            let delay = format!("{}s", delay.as_secs_f64());
            details.push(json!({ "@type": RETRY_INFO, "retryDelay": delay }));
        }
        if let Some(field) = &self.field {
            let violation = json!({ "field": field, "description": self.message });
            details.push(json!({ "@type": BAD_REQUEST, "fieldViolations": [violation] }));
        }
        let code = self.code as i32;
        if details.is_empty() {
            return json!({ "code": code, "message": self.message });
        }
        json!({ "code": code, "message": self.message, "details": details })
    }
}

/// `google.protobuf.Any`.
fn any(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write::bytes(&mut out, 1, name.as_bytes());
    write::bytes(&mut out, 2, content);
    out
}
