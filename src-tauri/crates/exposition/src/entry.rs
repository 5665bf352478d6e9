//! What an exposition consists of, whatever its format: metadata and samples, borrowed from the bytes read.

use std::borrow::Cow;
use std::ops::ControlFlow;

use watchglass_model::{FloatHistogram, Labels, LabelsBuilder, METRIC_NAME, Millis};

use crate::labels::{LabelError, validated};
use crate::number::canonical_text;

/// What a metric is, as its exporter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MetricType {
    /// Only grows, until it is reset.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
    /// A histogram whose buckets go up and down.
    GaugeHistogram,
    /// Observations in quantiles.
    Summary,
    /// Labels that describe something; the value is 1.
    Info,
    /// One of several states; the value is 0 or 1.
    StateSet,
    /// Not said.
    #[default]
    Unknown,
}

impl MetricType {
    /// The name in `OpenMetrics` and in Prometheus' API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::Unknown => "unknown",
        }
    }

    /// Whether its samples count from a start that the exporter may tell.
    pub(crate) const fn has_start(self) -> bool {
        matches!(self, Self::Counter | Self::Histogram | Self::Summary)
    }

    /// The label that holds a float, whose text Prometheus normalises.
    pub(crate) const fn bound(self) -> &'static str {
        match self {
            Self::Histogram => "le",
            Self::Summary => "quantile",
            _ => "",
        }
    }
}

/// One piece of an exposition.
#[derive(Debug)]
pub enum Entry<'s> {
    /// What a metric tells.
    Help {
        /// The metric family.
        metric: Cow<'s, str>,
        /// The text, without escapes.
        text: Cow<'s, str>,
    },
    /// What a metric is.
    Type {
        /// The metric family.
        metric: Cow<'s, str>,
        /// Its type.
        kind: MetricType,
    },
    /// What a metric is measured in.
    Unit {
        /// The metric family.
        metric: Cow<'s, str>,
        /// The unit; may be empty.
        unit: &'s str,
    },
    /// A sample.
    Sample(Sample<'s>),
}

/// One sample with what belongs to it.
#[derive(Debug)]
pub struct Sample<'s> {
    /// What it is a sample of.
    pub series: Series<'s>,
    /// The value.
    pub value: Value,
    /// When, if the exporter says so; else the time of the scrape.
    pub time: Option<Millis>,
    /// When the series began to count, if that is known.
    pub start: Option<Millis>,
    /// Measurements behind it. Text formats have at most one.
    pub exemplars: &'s [Exemplar<'s>],
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A float.
    Float(f64),
    /// A native histogram.
    Histogram(Box<FloatHistogram>),
}

/// The name and labels of a series, still as they were written.
#[derive(Debug, Clone, Copy)]
pub struct Series<'s> {
    pub(crate) text: &'s [u8],
    pub(crate) name: &'s str,
    pub(crate) labels: &'s [(&'s str, &'s str)],
    /// The label that a bucket or quantile adds to those of its metric (protobuf).
    pub(crate) extra: Option<(&'s str, &'s str)>,
    /// Whether names and values hold escapes (text).
    pub(crate) is_escaped: bool,
    /// The label whose value is to be normalised; may be empty.
    pub(crate) bound: &'static str,
}

impl<'s> Series<'s> {
    /// What the exporter wrote to name the series. Within one target the same bytes name the same series, so that a
    /// scraper may look up by them what it found out about the series at an earlier scrape.
    pub const fn text(&self) -> &'s [u8] {
        self.text
    }

    /// The metric's name.
    pub fn name(&self) -> Cow<'s, str> {
        self.unescaped(self.name)
    }

    /// The labels in the order written, without the metric's name; `le` and `quantile` normalised.
    pub fn pairs(&self) -> impl Iterator<Item = (Cow<'s, str>, Cow<'s, str>)> + use<'s> {
        let series = *self;
        series.labels.iter().copied().chain(series.extra).map(move |(name, value)| {
            let value = series.unescaped(value);
            let is_bound = !series.bound.is_empty() && name == series.bound;
            (series.unescaped(name), if is_bound { canonical_text(value) } else { value })
        })
    }

    /// The labels, the metric's name among them, if Prometheus would take them.
    pub fn labels(&self) -> Result<Labels, LabelError> {
        let name = (Cow::Borrowed(METRIC_NAME.as_bytes()), bytes(self.name()));
        validated(
            std::iter::once(name)
                .chain(self.pairs().map(|(name, value)| (bytes(name), bytes(value)))),
        )
    }

    fn unescaped(&self, text: &'s str) -> Cow<'s, str> {
        if self.is_escaped { unescaped(text, true) } else { Cow::Borrowed(text) }
    }
}

fn bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// A measurement behind a sample.
#[derive(Debug, Clone, Copy)]
pub struct Exemplar<'s> {
    pub(crate) labels: &'s [(&'s str, &'s str)],
    pub(crate) is_escaped: bool,
    /// What was measured.
    pub value: f64,
    /// When, if the exporter says so.
    pub time: Option<Millis>,
}

impl Exemplar<'_> {
    /// What tells the measurement apart, most often `trace_id` and `span_id`.
    pub fn labels(&self) -> Labels {
        let mut labels = LabelsBuilder::default();
        for (name, value) in self.labels {
            labels.set(unescaped(name, self.is_escaped), unescaped(value, self.is_escaped));
        }
        labels.build()
    }
}

/// What to make of an exposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// `OpenMetrics`: `_created` lines become the start times of other samples instead of samples.
    pub created_as_start: bool,
    /// Protobuf: native histograms are read; else only the classic histogram beside them.
    pub native_histograms: bool,
    /// Protobuf: where there are both, the classic histogram is read too.
    pub classic_beside_native: bool,
}

impl Default for ReadOptions {
    /// As Prometheus with native histograms.
    fn default() -> Self {
        Self { created_as_start: false, native_histograms: true, classic_beside_native: false }
    }
}

/// Why an exposition cannot be read. What came before has been handed out already: the scrape is to be rolled back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// The line at fault, from 1; of a protobuf exposition the metric family at fault, from 1.
    pub line: usize,
    /// What is wrong, in upstream's words.
    pub message: String,
}

/// Takes entries until it has enough.
pub(crate) trait Visit: FnMut(Entry<'_>) -> ControlFlow<()> {}

impl<F: FnMut(Entry<'_>) -> ControlFlow<()>> Visit for F {}

/// Text without its escapes: `\\`, `\n`, and `\"` where quotes are escaped too. Others stay as they are.
pub(crate) fn unescaped(text: &str, is_quoted: bool) -> Cow<'_, str> {
    let Some(mut place) = memchr::memchr(b'\\', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let (mut made, mut rest) = (String::with_capacity(text.len()), text);
    loop {
        let (before, escape) = rest.split_at(place);
        made.push_str(before);
        let (char, length) = match escape.as_bytes().get(1) {
            Some(b'\\') => ('\\', 2),
            Some(b'n') => ('\n', 2),
            Some(b'"') if is_quoted => ('"', 2),
            _ => ('\\', 1),
        };
        made.push(char);
        rest = escape.get(length..).unwrap_or_default();
        match memchr::memchr(b'\\', rest.as_bytes()) {
            Some(next) => place = next,
            None => break,
        }
    }
    made.push_str(rest);
    Cow::Owned(made)
}
