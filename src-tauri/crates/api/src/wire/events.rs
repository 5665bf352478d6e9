//! What happens now: arrivals and mistakes.

use serde::Serialize;
use utoipa::ToSchema;
use watchglass_workbench as workbench;

use super::ids::{Nanos, TraceHex};

/// What came since the arrival before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Arrival {
    pub(crate) spans: u64,
    pub(crate) log_records: u64,
    pub(crate) points: u64,
    /// Of series: scraped, written remotely, or made of points.
    pub(crate) samples: u64,
    pub(crate) services: Vec<String>,
    /// At most 50.
    #[schema(value_type = Vec<String>)]
    pub(crate) trace_ids: Vec<TraceHex>,
    pub(crate) time: Nanos,
}

/// What senders do wrong, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mistakes {
    pub(crate) mistakes: Vec<Mistake>,
}

/// Something that a sender does wrong, and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mistake {
    pub(crate) kind: String,
    pub(crate) port: u16,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) remedy: String,
    /// A line to paste, or empty.
    pub(crate) line: String,
    pub(crate) count: u64,
    pub(crate) first_seen: Nanos,
    pub(crate) last_seen: Nanos,
}

impl From<workbench::Arrival> for Arrival {
    fn from(arrival: workbench::Arrival) -> Self {
        Self {
            spans: arrival.spans,
            log_records: arrival.log_records,
            points: arrival.points,
            samples: arrival.samples,
            services: arrival.services,
            trace_ids: arrival.trace_ids.into_iter().map(TraceHex).collect(),
            time: arrival.time.into(),
        }
    }
}

impl From<workbench::Mistake> for Mistake {
    fn from(mistake: workbench::Mistake) -> Self {
        Self {
            kind: mistake.kind.to_owned(),
            port: mistake.port,
            title: mistake.title,
            detail: mistake.detail,
            remedy: mistake.remedy,
            line: mistake.line,
            count: mistake.count,
            first_seen: mistake.first_seen.into(),
            last_seen: mistake.last_seen.into(),
        }
    }
}
