//! The rows of a batch. A row says where its parts end in their columns; they begin where those of the row before end.

use std::ops::Range;
use std::sync::Arc;

use watchglass_model::{FloatHistogram, Millis};

use crate::entry::MetricType;
use crate::native::NativeError;

/// A sample with a float.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FloatSample {
    /// When.
    pub time: Millis,
    /// What; its bits as they came, for one NaN ends a series.
    pub value: f64,
    /// When the series began to count; zero where not known.
    pub start: Millis,
}

/// A sample with a native histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct HistogramSample {
    /// When.
    pub time: Millis,
    /// When the series began to count; zero where not known.
    pub start: Millis,
    /// What, or why Prometheus would not take it.
    pub histogram: Result<Arc<FloatHistogram>, NativeError>,
}

/// An exemplar.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ExemplarRow {
    pub(super) references_end: u32,
    pub(super) value: f64,
    pub(super) time: Millis,
}

/// A series.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SeriesRow {
    pub(super) references_end: u32,
    pub(super) samples_end: u32,
    pub(super) histograms_end: u32,
    pub(super) exemplars_end: u32,
    pub(super) metadata: Option<MetadataRow>,
}

/// What the metric of a series is (2.0).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MetadataRow {
    pub(super) kind: MetricType,
    pub(super) help: u32,
    pub(super) unit: u32,
}

/// The places from the end of one row to the end of the next.
pub(super) fn places(start: u32, end: u32) -> Range<usize> {
    start as usize..end as usize
}

/// A length as the end of a row.
pub(super) fn end(length: usize) -> u32 {
    u32::try_from(length).expect("a request is limited to far below 4 GiB")
}
