//! Receivers: OTLP over HTTP and over gRPC, remote write, Loki's push, the Pushgateway, and StatsD. All count what they take, and hand it to
//! the pipeline or to what stands before it.

pub mod grpc;
pub mod http;
mod known;
pub mod loki;
pub mod pushgateway;
mod reading;
pub mod remote_write;
pub mod statsd;

pub(crate) use reading::drain;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use watchglass_model::Timestamp;

use crate::counters::Counters;
use crate::mistake::{Kind, Mistakes};
use crate::pipeline::Pipeline;
use crate::refusal::Refusal;

/// What every receiver has: where requests go, where mistakes are noted, and its own counters.
#[derive(Debug, Clone)]
pub struct Receiver {
    pipeline: Pipeline,
    mistakes: Mistakes,
    counters: Arc<Counters>,
    port: u16,
}

impl Receiver {
    /// A receiver with a name for its counters, at a port.
    pub fn new(pipeline: Pipeline, mistakes: Mistakes, name: &'static str, port: u16) -> Self {
        Self { counters: pipeline.counters(name), pipeline, mistakes, port }
    }

    /// Notes a mistake of a sender and gives the sentence for it.
    fn mistake(&self, kind: Kind, seen: &str) -> String {
        self.mistakes.note(kind, self.port, seen, now())
    }

    /// Counts a refusal, and notes it where it is the sender's mistake.
    fn refused(&self, refusal: &Refusal) {
        self.counters.refused(now());
        match refusal {
            Refusal::Invalid { message, .. } => drop(self.mistake(Kind::Invalid, message)),
            Refusal::TooLarge { .. } => drop(self.mistake(Kind::TooLarge, &refusal.to_string())),
            Refusal::Overloaded { .. } => {}
        }
    }
}

/// When a request arrives: the only clock of the crate.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = since.map_or(0, |since| since.as_nanos());
    Timestamp(u64::try_from(nanos).unwrap_or(u64::MAX))
}
