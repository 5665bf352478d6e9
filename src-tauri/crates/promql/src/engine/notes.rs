//! Warnings and infos: what a query did not fail for, but its author should know. The texts are those of
//! Prometheus `util/annotations/annotations.go`.

use std::fmt;

use crate::syntax::quoted;
use crate::text::general;
use crate::tree::Span;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    /// A quantile outside 0 to 1.
    InvalidQuantile(f64),
    /// A ratio outside -1 to 1, and what it was taken for.
    InvalidRatio(f64, f64),
    /// A bucket's label without a number: the metric, the label's value.
    BadBucketLabel(String, String),
    /// Floats and histograms in one range of a metric.
    MixedFloatsHistograms(String),
    /// Floats and histograms in one group.
    MixedFloatsHistogramsAggregation,
    /// Classic and native histograms with the same labels.
    MixedClassicNative(String),
    /// A gauge where a counter is wanted.
    NotCounter(String),
    /// A counter where a gauge is wanted.
    NotGauge(String),
    /// Exponential and custom buckets.
    MixedExponentialCustom(String),
    /// Buckets that a binary operator cannot combine.
    IncompatibleBuckets(&'static str),
    /// Sorting where results have their own order.
    SortInRangeQuery,
    /// A counter reset and its denial, combined: in what.
    CounterResetCollision(&'static str),
    /// A sample says that it began before the one before it ended.
    StartTimeOverlap(String),
    /// A name that is no counter's.
    PossibleNonCounter(String),
    /// A type label that is no counter's: the metric, the type.
    PossibleNonCounterLabel(String, String),
    /// Buckets whose counts fall.
    ForcedMonotonicity(String),
    /// Types that an operator cannot combine: left, operator, right.
    IncompatibleTypes(&'static str, &'static str, &'static str),
    /// Histograms that an aggregation passed over.
    HistogramIgnoredInAggregation(&'static str),
    /// Histograms that a function over a mixed range passed over.
    HistogramIgnoredInMixedRange(String),
    /// NaN observations make a quantile NaN.
    QuantileNan(String),
    /// NaN observations make a quantile higher.
    QuantileSkewed(String),
    /// NaN observations are in no fraction.
    FractionNans(String),
    /// Custom buckets with different bounds, combined: in what.
    BoundsReconciled(&'static str),
}

impl Note {
    /// Whether it is an info and not a warning.
    const fn is_info(&self) -> bool {
        matches!(
            self,
            Self::PossibleNonCounter(_)
                | Self::PossibleNonCounterLabel(..)
                | Self::ForcedMonotonicity(_)
                | Self::IncompatibleTypes(..)
                | Self::HistogramIgnoredInAggregation(_)
                | Self::HistogramIgnoredInMixedRange(_)
                | Self::QuantileNan(_)
                | Self::QuantileSkewed(_)
                | Self::FractionNans(_)
                | Self::BoundsReconciled(_)
        )
    }
}

/// A metric's name behind a text, if it is known.
struct Of<'a>(&'a str);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " for metric name {}", quoted(self.0)) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_info() {
            f.write_str("PromQL info: ")?;
            self.info(f)
        } else {
            f.write_str("PromQL warning: ")?;
            self.warning(f)
        }
    }
}

impl Note {
    fn warning(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidQuantile(got) => {
                write!(f, "quantile value should be between 0 and 1, got {}", general(*got))
            }
            Self::InvalidRatio(got, taken) => write!(
                f,
                "ratio value should be between -1 and 1, got {}, capping to {}",
                general(*got),
                general(*taken)
            ),
            Self::BadBucketLabel(metric, value) => write!(
                f,
                "bucket label \"le\" is missing or has a malformed value of {}{}",
                quoted(value),
                Of(metric)
            ),
            Self::MixedFloatsHistograms(metric) => write!(
                f,
                "encountered a mix of histograms and floats for metric name {}",
                quoted(metric)
            ),
            Self::MixedFloatsHistogramsAggregation => {
                f.write_str("encountered a mix of histograms and floats for aggregation")
            }
            Self::MixedClassicNative(metric) => {
                write!(f, "vector contains a mix of classic and native histograms{}", Of(metric))
            }
            Self::NotCounter(metric) => {
                write!(f, "this native histogram metric is not a counter: {}", quoted(metric))
            }
            Self::NotGauge(metric) => {
                write!(f, "this native histogram metric is not a gauge: {}", quoted(metric))
            }
            Self::MixedExponentialCustom(metric) => write!(
                f,
                "vector contains a mix of histograms with exponential and custom buckets schemas for metric name {}",
                quoted(metric)
            ),
            Self::IncompatibleBuckets(operator) => {
                write!(f, "incompatible bucket layout encountered for binary operator {operator}")
            }
            Self::SortInRangeQuery => f.write_str(
                "sort is ineffective for range queries since results are always ordered by labels",
            ),
            Self::CounterResetCollision(operation) => {
                write!(f, "conflicting counter resets during histogram {operation}")
            }
            Self::StartTimeOverlap(metric) => write!(
                f,
                "sample has start time that overlaps with previous sample timestamp for metric {}",
                quoted(metric)
            ),
            _ => Ok(()),
        }
    }

    fn info(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PossibleNonCounter(metric) => write!(
                f,
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {}",
                quoted(metric)
            ),
            Self::PossibleNonCounterLabel(metric, kind) => write!(
                f,
                "metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got {}: {}",
                quoted(kind),
                quoted(metric)
            ),
            Self::ForcedMonotonicity(metric) => write!(
                f,
                "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile){}",
                Of(metric)
            ),
            Self::IncompatibleTypes(left, operator, right) => write!(
                f,
                "incompatible sample types encountered for binary operator {}: {left} {operator} {right}",
                quoted(operator)
            ),
            Self::HistogramIgnoredInAggregation(aggregation) => {
                write!(f, "ignored histogram in {aggregation} aggregation")
            }
            Self::HistogramIgnoredInMixedRange(metric) => write!(
                f,
                "ignored histograms in a range containing both floats and histograms for metric name {}",
                quoted(metric)
            ),
            Self::QuantileNan(metric) => write!(
                f,
                "input to histogram_quantile has NaN observations, result is NaN{}",
                Of(metric)
            ),
            Self::QuantileSkewed(metric) => write!(
                f,
                "input to histogram_quantile has NaN observations, result is skewed higher{}",
                Of(metric)
            ),
            Self::FractionNans(metric) => write!(
                f,
                "input to histogram_fraction has NaN observations, which are excluded from all fractions{}",
                Of(metric)
            ),
            Self::BoundsReconciled(operation) => {
                write!(f, "mismatched custom buckets were reconciled during {operation}")
            }
            _ => Ok(()),
        }
    }
}

/// The notes of a query, each once.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<(Note, Span)>);

impl Notes {
    /// Adds a note about the part of the query at `span`.
    pub(crate) fn add(&mut self, note: Note, span: Span) {
        // NaN differs from itself, so notes are compared as they will be read.
        let text = note.to_string();
        if !self.0.iter().any(|(own, place)| *place == span && own.to_string() == text) {
            self.0.push((note, span));
        }
    }

    /// Adds the notes of another.
    pub(crate) fn absorb(&mut self, other: Self) {
        other.0.into_iter().for_each(|(note, span)| self.add(note, span));
    }

    /// Warnings and infos as they are shown, with line and column in `query`.
    pub(crate) fn texts(&self, query: &str) -> (Vec<String>, Vec<String>) {
        let (infos, warnings): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(note, _)| note.is_info());
        let texts = |notes: Vec<&(Note, Span)>| {
            let mut texts: Vec<_> = notes
                .into_iter()
                .map(|(note, span)| {
                    format!("{note} ({})", crate::text::position(query, span.start))
                })
                .collect();
            texts.sort();
            texts.dedup();
            texts
        };
        (texts(warnings), texts(infos))
    }
}
