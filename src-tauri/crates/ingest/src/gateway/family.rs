//! Metric families as they are held: what a metric is, when it was pushed, and its samples with all their labels.

use std::collections::BTreeMap;

use watchglass_exposition::MetricType;
use watchglass_model::{
    Labels, LabelsBuilder, METRIC_NAME, Millis, Sample, SampleValue, Timestamp,
};
use watchglass_storage::MetricMetadata;

/// One metric of a group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Family {
    pub(super) kind: MetricType,
    pub(super) help: String,
    /// When it came.
    pub(super) pushed: Timestamp,
    pub(super) samples: Vec<HeldSample>,
}

/// One sample of a family, under the name of its series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeldSample {
    pub(super) name: String,
    /// Every label, those with an empty value among them: `instance=""` is shown.
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: SampleValue,
    /// What names it in the store, where an empty value is no label.
    pub(super) series: Labels,
}

impl HeldSample {
    pub(super) fn new(name: String, labels: BTreeMap<String, String>, value: SampleValue) -> Self {
        let mut series = LabelsBuilder::default();
        for (label, value) in &labels {
            series.set(label, value);
        }
        series.set(METRIC_NAME, &name);
        Self { series: series.build(), name, labels, value }
    }

    /// As it is written at `time`.
    pub(super) fn at(&self, time: Millis) -> (Labels, Vec<Sample>) {
        (self.series.clone(), vec![Sample { time, value: self.value.clone(), start: 0 }])
    }
}

impl Family {
    /// What is told of it.
    pub(super) fn metadata(&self) -> MetricMetadata {
        let kind = self.kind.as_str().to_owned();
        MetricMetadata { kind, help: self.help.clone(), unit: String::new() }
    }

    /// The type as the protocol's messages name it.
    pub(super) const fn type_name(&self) -> &'static str {
        match self.kind {
            MetricType::Counter => "COUNTER",
            MetricType::Gauge => "GAUGE",
            MetricType::Summary => "SUMMARY",
            MetricType::Histogram => "HISTOGRAM",
            MetricType::GaugeHistogram => "GAUGE_HISTOGRAM",
            MetricType::Info | MetricType::StateSet | MetricType::Unknown => "UNTYPED",
        }
    }

    /// The label that tells the samples of one metric apart; empty where each is a metric of its own.
    pub(super) const fn part(&self) -> &'static str {
        match self.kind {
            MetricType::Histogram | MetricType::GaugeHistogram => "le",
            MetricType::Summary => "quantile",
            _ => "",
        }
    }
}
