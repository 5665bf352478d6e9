//! What a query took, beside its results: `stats=true`, and `stats=all` for the samples of each step
//! (Prometheus `util/stats/query_stats.go`).

use std::time::Duration;

use serde_json::json;
use watchglass_promql::{SampleCounts, When};

use super::encode::Json;

/// How much is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// Sums.
    Sums,
    /// Each step too.
    Steps,
}

impl Wants {
    /// By the parameter `stats`: anything but nothing asks for sums.
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "" => None,
            "all" => Some(Self::Steps),
            _ => Some(Self::Sums),
        }
    }
}

/// What a query took.
#[derive(Debug)]
pub(super) struct Statistics {
    pub(super) counts: SampleCounts,
    pub(super) queued: Duration,
    pub(super) evaluated: Duration,
    pub(super) when: When,
}

impl Statistics {
    /// Adds them to the object that is being written, as its last field.
    pub(super) fn add_to(&self, json: &mut Json, wants: Wants) {
        let (queued, evaluated) = (self.queued.as_secs_f64(), self.evaluated.as_secs_f64());
        // Selecting and sorting are parts of the evaluation here, and are not measured apart from it.
        let timings = json!({
            "evalTotalTime": evaluated,
            "resultSortTime": 0,
            "queryPreparationTime": 0,
            "innerEvalTime": evaluated,
            "execQueueTime": queued,
            "execTotalTime": evaluated,
        });
        json.raw(",\"stats\":{\"timings\":").raw(&timings.to_string());
        json.raw(",\"samples\":{");
        if wants == Wants::Steps {
            json.raw("\"totalQueryableSamplesPerStep\":");
            json.list(self.when.times().zip(&self.counts.per_step), |json, (time, count)| {
                json.raw("[").time(time).raw(&format!(",{count}]"));
            });
            json.raw(",");
        }
        let (total, peak) = (self.counts.total(), self.counts.peak);
        json.raw(&format!("\"totalQueryableSamples\":{total},\"peakSamples\":{peak}}}}}"));
    }
}
